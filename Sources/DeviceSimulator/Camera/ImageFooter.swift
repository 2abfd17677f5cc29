/// The 52 bytes that the W90 boot loader keeps behind an image, at the end of the image's last flash block.
///
/// Layout, sums and place as in the public sources of Winbond's 710bootloader (`WBLv1_1/Src/image.c`, WriteImage and
/// ImageCheck) and of ATEN's `mkimage.c` for the same family: thirteen little-endian words num, base, length, load,
/// exec, name[16], image checksum, signature, type, checksum. Where less than 52 bytes are free in the last block, the
/// footer stands at the end of the block behind it.
struct ImageFooter: Sendable {
  static let size = 52
  static let signature: UInt32 = 0xA0FF_FF9F

  /// Bits of `type`, in the order in which `ls` prints their letters.
  static let typeLetters: [(bit: UInt32, letter: Character)] = [(1, "a"), (2, "c"), (4, "x"), (8, "f"), (16, "z")]

  var number: UInt32
  var base: UInt32
  var length: UInt32
  var load: UInt32
  var exec: UInt32
  var name: String
  var imageChecksum: UInt32
  var type: UInt32

  init(image: CameraFlash.Image, bytes: [UInt8]) {
    number = UInt32(truncatingIfNeeded: image.number)
    base = UInt32(truncatingIfNeeded: image.address.value)
    length = UInt32(truncatingIfNeeded: bytes.count)
    name = image.name
    imageChecksum = Self.checksum(bytes)
    // A kernel is copied to RAM, unpacked and run at 0x8000; a file system is used where it lies.
    load = image.kind == .kernel ? 0x8000 : base
    exec = load
    type = image.kind == .kernel ? 1 | 2 | 4 | 16 : 1 | 8
  }

  /// The footer in `bytes`, if its signature and checksum are right.
  init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.size, word(bytes, 40) == Self.signature,
      Self.checksum(Array(bytes[0..<48])) == word(bytes, 48)
    else { return nil }
    number = word(bytes, 0)
    base = word(bytes, 4)
    length = word(bytes, 8)
    load = word(bytes, 12)
    exec = word(bytes, 16)
    name = String(decoding: bytes[20..<36].prefix { $0 != 0 }, as: UTF8.self)
    imageChecksum = word(bytes, 36)
    type = word(bytes, 44)
  }

  /// The 52 bytes.
  var encoded: [UInt8] {
    var bytes: [UInt8] = []
    for field in [number, base, length, load, exec] { append(field, to: &bytes) }
    let nameBytes = Array(name.utf8.prefix(15))
    bytes += nameBytes + [UInt8](repeating: 0, count: 16 - nameBytes.count)
    for field in [imageChecksum, Self.signature, type] { append(field, to: &bytes) }
    append(Self.checksum(bytes), to: &bytes)
    return bytes
  }

  /// Where the footer of an image stands; offsets from the start of the flash.
  static func offset(imageAt start: Int, length: Int, blockSize: Int) -> Int {
    let lastBlock = start + (max(length, 1) - 1) / blockSize * blockSize
    let free = lastBlock + blockSize - (start + length)
    return lastBlock + (free < size ? 2 : 1) * blockSize - size
  }

  /// The complement of the 64-bit sum of little-endian words, its halves added.
  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var sum: UInt64 = 0
    for offset in stride(from: 0, to: bytes.count & ~3, by: 4) { sum &+= UInt64(word(bytes, offset)) }
    return ~UInt32(truncatingIfNeeded: (sum & 0xFFFF_FFFF) &+ (sum >> 32))
  }
}

private func word(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
  UInt32(bytes[offset]) | UInt32(bytes[offset + 1]) << 8 | UInt32(bytes[offset + 2]) << 16
    | UInt32(bytes[offset + 3]) << 24
}

private func append(_ word: UInt32, to bytes: inout [UInt8]) {
  for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(shift))) }
}
