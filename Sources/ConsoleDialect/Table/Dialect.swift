/// How one kind of console is woken, prompts, prints memory, computes digests, compares memory and changes speed.
///
/// A dialect is data: each built-in one is a JSON file in `Dialects/`, of the same form that users write in their
/// manifests, and both are loaded by the same code. Where a console needs code, this language lacks a word.
///
/// What has been decoded has been checked; see ``validate()``.
public struct Dialect: Sendable, Equatable {
  /// What a manifest calls it: lower case, digits and dashes, such as `u-boot`.
  public var name: String
  /// What a person calls it.
  public var title: String
  /// Where the facts in this table come from: documents, or source file names.
  public var sources: [String]
  /// Usual line rate in baud, used when the manifest names none.
  public var speed: Int
  /// What ends a command line on its way to the console. CR alone is safe on every console seen so far.
  public var enter: String
  /// Whether the console echoes what is typed.
  public var echo: Bool
  /// The longest command line, in characters, that is safe without asking the console.
  public var lineLimit: Int
  /// What the console answers to each character that its line has no room for, such as `\u0007`; absent where that is
  /// not known, and ``lineLimit`` is all there is.
  public var overflowSign: String?
  /// What joins two commands on one line (`;`), absent where the console takes one command a line.
  public var separator: String?
  /// Characters of typed-ahead input that survive while a command prints. 0: type-ahead is lost.
  public var typeAhead: Int
  /// How a prompt looks.
  public var prompt: PromptRule
  /// How to get to one.
  public var wake: WakeRule
  /// Lines that only a starting unit prints. One of these inside a reply means that the unit has reset.
  public var banners: [Pattern]
  /// The commands that print memory, cheapest in characters a byte first.
  public var reads: [ReadMethod]
  /// The commands that compute a digest on the unit, strongest first.
  public var digests: [DigestMethod]
  /// The command that compares two ranges of the unit's memory, absent where there is none.
  public var comparison: ComparisonMethod?
  /// Lines that a command prints when it has copied flash into RAM. Where there are any, a copy without one of them has
  /// failed: each build words its failures in its own way, and RAM still holds what was copied before.
  public var copied: [Pattern]
  /// Replies that mean a command has failed.
  public var failures: [FailureRule]
  /// Questions that the console may ask in the middle of a reply (pager, confirmation), and their answers.
  public var answers: [Answer]
  /// How to raise the line rate, absent where the console cannot.
  public var speedChange: SpeedChange?
  /// How an image certifies itself, absent where images carry no checksum.
  public var footer: ImageFooter?
}

extension Dialect: Decodable {
  enum CodingKeys: String, CodingKey {
    case name, title, sources, speed, enter, echo, lineLimit, overflowSign, separator, typeAhead, prompt, wake, banners,
      reads
    case digests, comparison, copied, failures, answers, speedChange, footer
  }

  /// Decodes and checks a table.
  public init(from decoder: any Decoder) throws {
    let table = try decoder.container(keyedBy: CodingKeys.self)
    name = try table.decode(String.self, forKey: .name)
    title = try table.decode(String.self, forKey: .title)
    sources = try table.decode(forKey: .sources, default: [])
    speed = try table.decode(forKey: .speed, default: 115_200)
    enter = try table.decode(forKey: .enter, default: "\r")
    echo = try table.decode(forKey: .echo, default: true)
    lineLimit = try table.decode(forKey: .lineLimit, default: 78)
    overflowSign = try table.decodeIfPresent(String.self, forKey: .overflowSign)
    separator = try table.decodeIfPresent(String.self, forKey: .separator)
    typeAhead = try table.decode(forKey: .typeAhead, default: 0)
    prompt = try table.decode(PromptRule.self, forKey: .prompt)
    wake = try table.decode(WakeRule.self, forKey: .wake)
    banners = try table.decode(forKey: .banners, default: [])
    reads = try table.decode([ReadMethod].self, forKey: .reads)
    digests = try table.decode(forKey: .digests, default: [])
    comparison = try table.decodeIfPresent(ComparisonMethod.self, forKey: .comparison)
    copied = try table.decode(forKey: .copied, default: [])
    failures = try table.decode(forKey: .failures, default: [])
    answers = try table.decode(forKey: .answers, default: [])
    speedChange = try table.decodeIfPresent(SpeedChange.self, forKey: .speedChange)
    footer = try table.decodeIfPresent(ImageFooter.self, forKey: .footer)
    do {
      try validate()
    } catch {
      throw error.asDecodingError(below: decoder.codingPath)
    }
  }
}

extension KeyedDecodingContainer {
  /// The value of a key that may be left out.
  func decode<T: Decodable>(forKey key: Key, default value: T) throws -> T {
    try decodeIfPresent(T.self, forKey: key) ?? value
  }
}
