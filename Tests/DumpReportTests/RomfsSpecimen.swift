/// A romfs made piece by piece, its checksums set last, so that each can be made wrong on purpose.
struct RomfsSpecimen {
  private(set) var bytes: [UInt8]
  /// Ranges that a file header's checksum covers.
  private(set) var headers: [Range<Int>] = []

  /// An empty file system.
  init(volume: String = "test") {
    bytes = Array("-rom1fs-".utf8) + [UInt8](repeating: 0, count: 8) + Self.padded(volume)
  }

  /// Where the next header will stand.
  var end: Int { bytes.count }

  /// Adds a header and what follows it; returns its place.
  @discardableResult
  mutating func add(
    _ name: String, type: UInt32, next: Int = 0, info: Int = 0, data: [UInt8] = [], size: Int? = nil
  ) -> Int {
    let start = end
    let words = [UInt32(next) | type, UInt32(info), UInt32(size ?? data.count), 0]
    bytes += words.flatMap(Self.big) + Self.padded(name)
    headers.append(start..<end)
    bytes += data + [UInt8](repeating: 0, count: (16 - data.count % 16) % 16)
    return start
  }

  /// Writes a word, such as a pointer that was not known yet.
  mutating func set(_ word: UInt32, at offset: Int) {
    bytes.replaceSubrange(offset..<offset + 4, with: Self.big(word))
  }

  /// The image with its size and all checksums set.
  func sealed(size: Int? = nil) -> [UInt8] {
    var sealed = self
    sealed.set(UInt32(size ?? end), at: 8)
    for header in headers { sealed.seal(header, at: header.lowerBound + 12) }
    sealed.seal(0..<min(512, size ?? end) & ~3, at: 12)
    return sealed.bytes
  }

  private mutating func seal(_ range: Range<Int>, at place: Int) {
    set(0, at: place)
    let sum = stride(from: range.lowerBound, to: range.upperBound, by: 4).reduce(UInt32(0)) { sum, offset in
      sum &+ bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
    set(0 &- sum, at: place)
  }

  private static func big(_ word: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) }
  }

  private static func padded(_ name: String) -> [UInt8] {
    let text = Array(name.utf8) + [0]
    return text + [UInt8](repeating: 0, count: (16 - text.count % 16) % 16)
  }

  /// Two files in the root, as genromfs lays them out, and a directory with one more.
  static func tree() -> RomfsSpecimen {
    var image = RomfsSpecimen()
    image.add(".", type: 9, next: 0x40, info: 0x20)
    image.add("..", type: 0, next: 0x60, info: 0x20)
    image.add("linux.conf", type: 2, next: 0x2A0, data: (0..<544).map { UInt8(truncatingIfNeeded: $0) })
    image.add("etc", type: 9, next: 0x300, info: 0x2C0)
    image.add("motd", type: 2, next: 0, data: Array("hello, this is a camera".utf8))
    image.add("bin", type: 3, data: Array("usr/bin".utf8))
    return image
  }
}
