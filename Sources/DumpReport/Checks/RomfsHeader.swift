/// One file header of a romfs, its checksum right. See ``RomfsListing`` for the source of these facts.
struct RomfsHeader {
  /// Offset of the next header of the same directory, 0 at its end.
  var next: Int
  /// What the header stands for.
  var kind: RomfsEntry.Kind
  /// Directory: offset of its first header. Hard link: offset of its destination.
  var info: Int
  /// Size in bytes of what follows the header.
  var size: Int
  /// The name, as the image holds it.
  var name: String
  /// Offset of what follows the header.
  var end: Int

  /// The most bytes of a name, `ROMFS_MAXFN`.
  static let longestName = 128

  /// Reads the header at `offset`.
  init(_ image: Span<UInt8>, at offset: Int) throws(RomfsDamage) {
    func damage(_ text: String) -> RomfsDamage {
      RomfsDamage(description: "file header at \(offset.hex): \(text)")
    }
    guard offset % 16 == 0 && offset <= image.count - 32 else {
      throw damage("expected a multiple of 16 before \(image.count.hex), the end of the file system")
    }
    guard let name = Self.name(in: image, at: offset + 16), name.text.count <= Self.longestName else {
      throw damage("the name does not end within \(Self.longestName) bytes")
    }
    let sum = Self.sum(image, from: offset, to: name.end)
    guard sum == 0 else { throw damage("its checksum is wrong: expected the sum 0, found \(sum.hex)") }
    guard !name.text.isEmpty && !name.text.contains(UInt8(ascii: "/")) else { throw damage("the name is not one") }
    let first = Self.word(image, at: offset)
    next = Int(first & ~15)
    // Three bits have eight values, all of them kinds.
    kind = RomfsEntry.Kind(rawValue: first & 7) ?? .hardLink
    info = Int(Self.word(image, at: offset + 4))
    if kind == .directory || kind == .hardLink { info &= ~15 }
    size = Int(Self.word(image, at: offset + 8))
    self.name = String(decoding: name.text, as: UTF8.self)
    end = name.end
  }

  /// A big-endian word.
  static func word(_ bytes: Span<UInt8>, at offset: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 << 8 | UInt32(bytes[offset + $1]) }
  }

  /// The sum of the big-endian words of a range, of whole words only.
  static func sum(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> UInt32 {
    var sum: UInt32 = 0
    for offset in stride(from: start, to: end - 3, by: 4) { sum &+= word(bytes, at: offset) }
    return sum
  }

  /// A name that ends in a zero byte, and the next multiple of 16 behind it; absent where no zero byte comes.
  static func name(in image: Span<UInt8>, at offset: Int) -> (text: [UInt8], end: Int)? {
    var text: [UInt8] = []
    var position = offset
    while position < image.count && image[position] != 0 {
      text.append(image[position])
      position += 1
    }
    let end = (position + 16) & ~15
    return position < image.count && end <= image.count ? (text, end) : nil
  }
}
