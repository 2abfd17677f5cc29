/// The 52 bytes by which an image in the flash of a Winbond W90N745 or W90P710 certifies itself.
///
/// Thirteen little-endian words: number, base, length, load and exec addresses, 16 characters of name, image checksum,
/// signature, type, checksum. They end the image's last flash block, or the block behind it where fewer than 52 bytes
/// would be left. Both checksums are ~(high + low) of a 64-bit sum of words, kept to 32 bits: the image's over
/// `length / 4` words from its base, so exactly the length in the footer, which the loader rounds up to a word when it
/// writes, and not what is left of the block; the footer's own over its first twelve words.
///
/// Facts: `WriteImage`, `ImageCheck` and `FindFooter` in `bootloader/WBLv1_1/Src/image.c` and `tfooter` in
/// `Inc/flash.h` of the public repository openipcam/openipcam-n745-2.4. A sum is blind to the order of words: it
/// corroborates an image, it does not prove one.
public enum W90ImageFooter {
  /// Bytes in a footer.
  public static let length = 52
  /// What marks a footer.
  public static let signature: UInt32 = 0xA0FF_FF9F

  /// What a footer says.
  public struct Fields: Sendable, Hashable {
    /// The image's number, from 0.
    public var number: UInt32
    /// The image's address in flash.
    public var base: UInt32
    /// Bytes in the image, a multiple of 4.
    public var length: UInt32
    /// Address that it is copied or unzipped to.
    public var loadAddress: UInt32
    /// Address that is jumped to.
    public var execAddress: UInt32
    /// Its name, up to the first NUL, control characters removed.
    public var name: String
    /// Checksum of the image.
    public var imageChecksum: UInt32
    /// 1 active, 2 copied to RAM, 4 executable, 8 file system, 16 compressed.
    public var type: UInt32
  }

  /// Where the footer of an image stands.
  ///
  /// - Parameters:
  ///   - imageAddress: where the image begins, the first byte of a flash block.
  ///   - size: bytes in the image, at least 1.
  ///   - flashBlock: bytes in a flash block; 0x10000, but smaller in the boot sectors of some chips.
  /// - Returns: the address of its first byte, and its length, always ``length``.
  public static func place(imageAddress: UInt64, size: Int, flashBlock: Int) -> (address: UInt64, length: Int) {
    precondition(size > 0 && flashBlock > length, "an image of \(size) bytes in blocks of \(flashBlock)")
    let whole = (size + 3) & ~3
    let blocks = (whole + flashBlock - 1) / flashBlock
    let left = blocks * flashBlock - whole
    let end = (left < length ? blocks + 1 : blocks) * flashBlock
    return (imageAddress &+ UInt64(end - length), length)
  }

  /// Reads a footer; absent where it is none: not 52 bytes, another signature, or its own checksum wrong.
  public static func parse(_ bytes: [UInt8]) -> Fields? {
    guard bytes.count == length, word(bytes, 40) == signature else { return nil }
    guard checksum(Array(bytes.prefix(length - 4))) == word(bytes, 48) else { return nil }
    return Fields(
      number: word(bytes, 0), base: word(bytes, 4), length: word(bytes, 8), loadAddress: word(bytes, 12),
      execAddress: word(bytes, 16), name: ConsoleText.plain(Array(bytes[20..<36].prefix { $0 != 0 })),
      imageChecksum: word(bytes, 36), type: word(bytes, 44))
  }

  /// The checksum of an image, over its whole words; up to three bytes behind the last one do not count.
  ///
  /// Give it exactly the bytes that the footer's length tells.
  public static func checksum(_ image: [UInt8]) -> UInt32 {
    var sum: UInt64 = 0
    for start in stride(from: 0, to: image.count & ~3, by: 4) { sum &+= UInt64(word(image, start)) }
    return ~(UInt32(truncatingIfNeeded: sum >> 32) &+ UInt32(truncatingIfNeeded: sum))
  }

  private static func word(_ bytes: [UInt8], _ at: Int) -> UInt32 {
    UInt32(bytes[at]) | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2]) << 16 | UInt32(bytes[at + 3]) << 24
  }
}
