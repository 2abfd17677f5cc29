/// Takes a line of a transcript apart.
enum RecordDecoder {
  /// `HH:MM:SS.mmm < `
  static let head = 15

  /// What a line turned out to be.
  enum Outcome {
    case whole
    /// No record, or one only up to some byte; what came before that is kept.
    case malformed(String)
  }

  /// Decodes a line without its end into `record`, whose storage is used again.
  static func decode(_ line: UnsafeBufferPointer<UInt8>, into record: inout TranscriptRecord) -> Outcome {
    record.bytes.removeAll(keepingCapacity: true)
    guard line.count >= head, let time = time(line), line[12] == 0x20, line[14] == 0x20 else {
      return .malformed("expected a time, `<`, `>` or `!`, and bytes")
    }
    record.time = time
    switch line[13] {
    case UInt8(ascii: "<"): record.kind = .received
    case UInt8(ascii: ">"): record.kind = .sent
    case UInt8(ascii: "!"):
      record.kind = .ended
      record.bytes.append(contentsOf: UnsafeBufferPointer(rebasing: line[head...]))
      return .whole
    default: return .malformed("expected `<`, `>` or `!` behind the time")
    }
    return unescape(line, into: &record.bytes)
  }

  private static func unescape(_ line: UnsafeBufferPointer<UInt8>, into bytes: inout [UInt8]) -> Outcome {
    var at = head
    while at < line.count {
      let start = at
      while at < line.count, line[at] != 0x5C, (0x20...0x7E).contains(line[at]) { at += 1 }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: line[start..<at]))
      guard at < line.count else { break }
      guard line[at] == 0x5C else { return .malformed("a byte that should be written as `\\xNN` stands bare") }
      guard at + 1 < line.count else { return .malformed("the line ends within an escape") }
      switch line[at + 1] {
      case UInt8(ascii: "r"): bytes.append(0x0D)
      case UInt8(ascii: "n"): bytes.append(0x0A)
      case UInt8(ascii: "t"): bytes.append(0x09)
      case 0x5C: bytes.append(0x5C)
      case UInt8(ascii: "x"):
        guard at + 3 < line.count, let high = nibble(line[at + 2]), let low = nibble(line[at + 3]) else {
          return .malformed("expected two hex digits behind `\\x`")
        }
        bytes.append(high << 4 | low)
        at += 2
      default: return .malformed("an escape that no transcript has; known: \\r, \\n, \\t, \\\\, \\xNN")
      }
      at += 2
    }
    return .whole
  }

  private static func nibble(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    default: nil
    }
  }

  private static func time(_ line: UnsafeBufferPointer<UInt8>) -> Int? {
    guard line[2] == 0x3A, line[5] == 0x3A, line[8] == 0x2E, let hour = two(line, 0), let minute = two(line, 3),
      let second = two(line, 6), let milli = two(line, 9), let last = digit(line[11])
    else { return nil }
    return ((hour * 60 + minute) * 60 + second) * 1000 + milli * 10 + last
  }

  private static func two(_ line: UnsafeBufferPointer<UInt8>, _ at: Int) -> Int? {
    guard let tens = digit(line[at]), let ones = digit(line[at + 1]) else { return nil }
    return 10 * tens + ones
  }

  private static func digit(_ byte: UInt8) -> Int? { (0x30...0x39).contains(byte) ? Int(byte - 0x30) : nil }
}
