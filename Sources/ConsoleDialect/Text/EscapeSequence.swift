/// Terminal escape sequences (ECMA-48), which consoles send for colours, cursor movements and window titles.
enum EscapeSequence {
  /// No sequence is longer; what seems to be is text behind a stray escape character.
  private static let longest = 256

  /// Where a sequence that begins at an escape character ends: the index of the first byte behind it, or the end of the
  /// input where the rest is still to come.
  static func end(in bytes: [UInt8], from start: Int) -> Int {
    guard start + 1 < bytes.count else { return bytes.count }
    let limit = min(bytes.count, start + longest)
    let body = start + 2
    switch bytes[start + 1] {
    case UInt8(ascii: "["):
      // Parameters and intermediates, then one byte from 0x40: a control sequence.
      return pass(in: bytes, from: body, to: limit) { (0x20...0x3F).contains($0) } ?? bytes.count
    case UInt8(ascii: "]"):
      return endOfString(in: bytes, from: body, to: limit)
    case 0x20...0x2F:
      return pass(in: bytes, from: body, to: limit) { (0x20...0x2F).contains($0) } ?? bytes.count
    case 0x30...0x7E:
      return body
    default:
      return start + 1
    }
  }

  /// Passes what belongs to a sequence and its final byte. A byte that can neither belong to it nor end it is left.
  private static func pass(in bytes: [UInt8], from: Int, to limit: Int, while belongs: (UInt8) -> Bool) -> Int? {
    guard let final = bytes[from..<max(from, limit)].firstIndex(where: { !belongs($0) }) else {
      return limit < bytes.count ? from : nil
    }
    return (0x30...0x7E).contains(bytes[final]) ? final + 1 : final
  }

  /// A window title or the like: up to BEL or ESC backslash.
  private static func endOfString(in bytes: [UInt8], from: Int, to limit: Int) -> Int {
    guard let end = bytes[from..<max(from, limit)].firstIndex(where: { $0 == ASCII.bell || $0 == ASCII.escape }) else {
      return limit < bytes.count ? from : bytes.count
    }
    guard bytes[end] == ASCII.escape else { return end + 1 }
    return end + 1 < bytes.count && bytes[end + 1] == UInt8(ascii: "\\") ? end + 2 : end
  }
}
