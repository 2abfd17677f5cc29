/// Keeps the first lines that were no part of a dump, for whoever looks for failures and banners. Bounded: beyond 64
/// lines nothing is kept, and of each line only 512 bytes.
struct ForeignLines: Sendable {
  static let mostLines = 64
  static let mostBytes = 512
  private var lines: [[UInt8]] = []

  mutating func keep(_ line: RawSpan) {
    guard lines.count < Self.mostLines else { return }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(line.byteCount, Self.mostBytes))
    for at in 0..<min(line.byteCount, Self.mostBytes) { bytes.append(line.byte(at)) }
    lines.append(bytes)
  }

  mutating func take() -> [[UInt8]] {
    defer { lines = [] }
    return lines
  }
}
