/// Cuts what a console sends into lines, for all replies that are no memory dumps.
///
/// A line ends at LF; CRs on both sides of it are removed, so that CR LF, LF CR, CR LF CR, CR CR LF and LF all end a
/// line. Memory is bounded: what is longer than the limit is cut there and counted.
public struct LineBuffer: Sendable {
  /// The most bytes of a line that are kept.
  public let limit: Int
  /// How many lines were longer than ``limit`` and have been cut, the unfinished one included.
  public private(set) var cutLines = 0
  private var unfinished: [UInt8] = []
  private var isCut = false

  /// An empty buffer for lines of up to `limit` bytes.
  public init(limit: Int = 4096) {
    precondition(limit > 0, "a line limit of \(limit) bytes")
    self.limit = limit
  }

  /// The unfinished last line, without the CRs that it begins with: a prompt, perhaps.
  public var tail: [UInt8] { unfinished }

  /// Takes what has come and returns the lines that it has made whole, in order.
  public mutating func append(_ bytes: [UInt8]) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    for byte in bytes {
      if byte == ASCII.lineFeed {
        lines.append(takeLine())
      } else if unfinished.count < limit {
        if byte != ASCII.carriageReturn || !unfinished.isEmpty { unfinished.append(byte) }
      } else if !isCut && byte != ASCII.carriageReturn {
        isCut = true
        cutLines += 1
      }
    }
    return lines
  }

  /// Forgets the unfinished line.
  public mutating func clear() {
    unfinished = []
    isCut = false
  }

  private mutating func takeLine() -> [UInt8] {
    while unfinished.last == ASCII.carriageReturn { unfinished.removeLast() }
    defer { clear() }
    return unfinished
  }
}
