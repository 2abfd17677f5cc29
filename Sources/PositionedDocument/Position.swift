/// A place in a document's text.
public struct Position: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Counted from 1.
  public var line: Int
  /// Counted from 1, in Unicode scalars; a tab is one.
  public var column: Int

  /// The place at `line` and `column`, both counted from 1.
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// Whether `one` comes before `other` in the text.
  public static func < (one: Position, other: Position) -> Bool {
    (one.line, one.column) < (other.line, other.column)
  }

  /// `LINE:COLUMN`, as compilers and editors write it.
  public var description: String { "\(line):\(column)" }
}

/// Turns byte offsets into positions and back. Nodes keep offsets only, since most of them never need a position.
struct LineIndex: Sendable {
  private let bytes: [UInt8]
  private let lineStarts: [Int]

  init(_ bytes: [UInt8]) {
    var starts = [0]
    for offset in bytes.indices where bytes[offset] == UInt8(ascii: "\n") { starts.append(offset + 1) }
    self.bytes = bytes
    lineStarts = starts
  }

  func position(at offset: Int) -> Position {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    let start = lineStarts[low] + (low == 0 ? byteOrderMarkLength(bytes) : 0)
    let end = min(offset, bytes.count)
    let column = end > start ? bytes[start..<end].count { $0 & 0xC0 != 0x80 } : 0
    return Position(line: low + 1, column: column + 1)
  }
}

/// Turns positions into byte offsets for a reader that only goes forward, so that a text without line breaks does not
/// cost its length for each of them.
struct PlaceCursor {
  private let bytes: [UInt8]
  private var position = Position(line: 1, column: 1)
  private var offset: Int

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    offset = byteOrderMarkLength(bytes)
  }

  /// The offset of `target`, or of the end of its line or of the text where it lies behind that.
  mutating func offset(of target: Position) -> Int {
    while position < target, offset < bytes.count {
      if bytes[offset] == UInt8(ascii: "\n") {
        if position.line == target.line { break }
        position = Position(line: position.line + 1, column: 1)
        offset += 1
      } else {
        position.column += 1
        offset += 1
        while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
      }
    }
    return offset
  }
}

/// 3 where the text starts with the byte order mark of UTF-8, else 0.
func byteOrderMarkLength(_ bytes: [UInt8]) -> Int {
  bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
}
