/// One path component made from any text: letters, digits, `.`, `_` and `-` of ASCII, never hidden, never too long.
///
/// Names come from manifests and, worse, from consoles; none of them may lead out of the batch folder or surprise a
/// shell that lists it.
public struct FileName: Sendable, Hashable, CustomStringConvertible {
  /// The most characters that a name has.
  public static let limit = 64

  /// The name.
  public let description: String

  /// What stands for a unit or a batch whose own name has nothing left in it.
  static let unnamed = FileName(trusted: "unnamed")

  /// Makes `text` a name: every run of other characters becomes one `-`, and `.` and `-` at both ends are dropped, so
  /// that no name is hidden, is `.` or `..`, or looks like an option. Absent where nothing is left.
  public init?(_ text: some StringProtocol, limit: Int = Self.limit) {
    var name: [UInt8] = []
    // A text from the wire may be endless: twice the limit decides.
    for byte in text.utf8.prefix(limit * 2) {
      if Self.isAllowed(byte) {
        name.append(byte)
      } else if name.last != UInt8(ascii: "-") {
        name.append(UInt8(ascii: "-"))
      }
    }
    let edges = Set("-.".utf8)
    let core = name.drop(while: edges.contains).prefix(limit)
    guard let last = core.lastIndex(where: { !edges.contains($0) }) else { return nil }
    description = String(decoding: core[...last], as: UTF8.self)
  }

  /// This name with a number that tells it from its namesakes, still within the limit.
  func numbered(_ number: Int) -> FileName {
    let suffix = "-\(number)"
    let room = Self.limit - suffix.utf8.count
    guard let stem = FileName(description, limit: room) else { return self }
    return FileName(trusted: stem.description + suffix)
  }

  private init(trusted: String) {
    description = trusted
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
    default: false
    }
  }
}
