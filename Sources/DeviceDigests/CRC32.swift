import CZlib

/// Arithmetic with CRC-32s as in zlib.
public enum CRC32 {
  /// The CRC of the rest of some bytes, from that of all and that of those before the rest; nil where one is no CRC.
  ///
  /// The CRC of two pieces is the first one's, moved by the second one's length, xor the second one's (zlib:
  /// `crc32_combine`); so each of the three follows from the others.
  ///
  /// - Parameter length: bytes of the rest.
  public static func tail(of whole: String, behind head: String, length: Int) -> String? {
    guard let whole = UInt(whole, radix: 16), let head = UInt(head, radix: 16), whole >> 32 == 0, head >> 32 == 0 else {
      return nil
    }
    return hex(whole ^ crc32_combine(head, 0, length))
  }

  /// The CRC of two pieces behind one another; nil where one is no CRC.
  ///
  /// - Parameter length: bytes of the second.
  public static func joined(_ head: String, _ rest: String, length: Int) -> String? {
    guard let head = UInt(head, radix: 16), let rest = UInt(rest, radix: 16), head >> 32 == 0, rest >> 32 == 0 else {
      return nil
    }
    return hex(crc32_combine(head, rest, length))
  }

  /// The CRC of `count` bytes that are all the same, without having them: that of twice as many follows from that of
  /// half (zlib: `crc32_combine`).
  public static func ofFill(_ byte: UInt8, count: Int) -> String {
    var all: UInt = 0
    var (piece, length) = (crc32_z(0, [byte], 1), 1)
    var left = count
    while left > 0 {
      if left & 1 == 1 { all = crc32_combine(all, piece, length) }
      left >>= 1
      guard left > 0 else { break }
      piece = crc32_combine(piece, piece, length)
      length *= 2
    }
    return hex(all)
  }

  private static func hex(_ crc: UInt) -> String {
    let digits = String(crc & 0xFFFF_FFFF, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
