import Foundation

/// A regular expression as dialects and manifests write it (ICU syntax), applied to one line of text at a time.
///
/// Equal when written alike. Made only from text that compiles, without the commonest mistakes that take exponential
/// time; see ``PatternError``. Against all others the steps of a match are counted, and one that takes too many is none,
/// so that a console's output can never make matching hang.
public struct Pattern: Sendable, Hashable, Decodable, CustomStringConvertible {
  /// The most characters of a line that are looked at; the rest is cut before matching.
  public static let lineLimit = 4096
  /// The most characters that a pattern may have.
  public static let textLimit = 1000

  /// As it was written.
  public let text: String
  private let anywhere: NSRegularExpression
  private let whole: NSRegularExpression

  /// Compiles a pattern.
  ///
  /// - Throws: ``PatternError`` where it does not compile, is longer than ``textLimit``, or nests unbounded
  ///   repetitions in a way that can take exponential time.
  public init(_ text: String) throws(PatternError) {
    try PatternSyntax.check(text)
    self.text = text
    do {
      anywhere = try NSRegularExpression(pattern: text)
      whole = try NSRegularExpression(pattern: #"\A(?:\#(text))\z"#)
    } catch {
      throw PatternError(text: text, offset: nil, reason: "is not a regular expression that ICU knows")
    }
  }

  /// Decodes from a string.
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    do {
      try self.init(text)
    } catch {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: error.description))
    }
  }

  /// As it was written.
  public var description: String { text }

  /// How many groups it captures.
  var groupCount: Int { anywhere.numberOfCaptureGroups }

  /// Whether it matches anywhere in a line.
  public func matches(_ line: String) -> Bool { firstMatch(anywhere, Self.bounded(line)) != nil }

  /// Whether it matches a line from its first to its last character.
  public func matchesWhole(_ line: String) -> Bool {
    // A cut line would end where the real one does not.
    line.unicodeScalars.count <= Self.lineLimit && firstMatch(whole, line) != nil
  }

  /// What its first group matched, or else the whole match; absent where it does not match.
  public func capture(_ line: String) -> String? {
    let line = Self.bounded(line)
    guard let match = firstMatch(anywhere, line) else { return nil }
    if match.numberOfRanges > 1, let group = Range(match.range(at: 1), in: line) { return String(line[group]) }
    return Range(match.range, in: line).map { String(line[$0]) }
  }

  /// Where it first matches in a line, within the first ``lineLimit`` characters.
  public func range(in line: String) -> Range<String.Index>? {
    let head = line.unicodeScalars.prefix(Self.lineLimit).endIndex
    guard let match = firstMatch(anywhere, line, NSRange(line.startIndex..<head, in: line)) else { return nil }
    return Range(match.range, in: line)
  }

  /// Equal when written alike.
  public static func == (one: Pattern, other: Pattern) -> Bool { one.text == other.text }

  /// Hashes what was written.
  public func hash(into hasher: inout Hasher) { hasher.combine(text) }

  private func firstMatch(_ regex: NSRegularExpression, _ line: String) -> NSTextCheckingResult? {
    firstMatch(regex, line, NSRange(line.startIndex..., in: line))
  }

  /// ICU tells of its progress at each character that a match could begin at, and after every 10,000 steps of trying.
  private func firstMatch(_ regex: NSRegularExpression, _ line: String, _ range: NSRange) -> NSTextCheckingResult? {
    var found: NSTextCheckingResult?
    var reports = 0
    unsafe regex.enumerateMatches(in: line, options: .reportProgress, range: range) { match, _, stop in
      reports += 1
      found = match
      unsafe stop.pointee = ObjCBool(match != nil || reports > range.length + Self.mostReports)
    }
    return found
  }

  /// More than two million steps; a good pattern takes a tenth of that for a line as long as ``lineLimit``.
  private static let mostReports = 250

  private static func bounded(_ line: String) -> String {
    line.utf8.count <= lineLimit ? line : String(line.unicodeScalars.prefix(lineLimit))
  }
}

/// Why a text is no pattern.
public struct PatternError: Error, Hashable, CustomStringConvertible {
  /// The pattern as it was written.
  public var text: String
  /// Where in it the mistake is, in characters from 0; absent where that cannot be told.
  public var offset: Int?
  /// What is wrong, as the end of a sentence that begins with the pattern.
  public var reason: String

  /// The pattern, what is wrong, and where.
  public var description: String {
    let shown = text.count > 80 ? text.prefix(80) + "…" : text[...]
    return "pattern \"\(shown)\" \(reason)" + (offset.map { " (character \($0 + 1))" } ?? "")
  }
}
