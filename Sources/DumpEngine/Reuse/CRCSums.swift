/// CRC registers that show where records begin and end.
///
/// A register of what is behind a place differs from that of the place before it by what one byte adds, so many bytes
/// before the end. What a byte adds is looked up within a chunk, and taken from there to the end by what that does to
/// each of the register's nibbles: a table for each distance in the block would not fit into a cache.
struct CRCSums {
  private static let chunk = 64

  /// The CRC of what is behind a place, without any inversion.
  private(set) var rests: [UInt32]
  /// The same with the four bytes behind the place inverted, as before a record.
  private(set) var invertedFronts: [UInt32]
  /// The same with the four bytes before the place inverted, as behind a record.
  private(set) var invertedBacks: [UInt32]

  init(_ bytes: [UInt8]) {
    let count = bytes.count
    rests = [UInt32](repeating: 0, count: count + 1)
    (invertedFronts, invertedBacks) = (rests, rests)
    findRests(bytes)
    /// What four inverted bytes add that end as far before the end as the place lies.
    var inversion = (0..<4).reduce(UInt32(0)) { crc, _ in Self.table[Int((crc ^ 0xFF) & 0xFF)] ^ (crc >> 8) }
    let table = Self.table
    for place in stride(from: count, through: 4, by: -1) {
      invertedBacks[place] = rests[place] ^ inversion
      // The four bytes behind the place that lies four before it.
      invertedFronts[place - 4] = rests[place - 4] ^ inversion
      inversion = table[Int(inversion & 0xFF)] ^ (inversion >> 8)
    }
  }

  private mutating func findRests(_ bytes: [UInt8]) {
    let (added, advanced) = (Self.added, Self.advanced)
    /// What becomes of each of the register's bits on the way from the chunk's end to the block's.
    var bits = (0..<32).map { UInt32(1) << $0 }
    var nibbles = [UInt32](repeating: 0, count: 8 * 16)
    var end = bytes.count
    while end > 0 {
      for index in nibbles.indices where index & 15 != 0 {
        let value = index & 15
        let bit = index / 16 * 4 + value.trailingZeroBitCount
        nibbles[index] = nibbles[index - value + (value & (value - 1))] ^ bits[bit]
      }
      let start = max(0, end - Self.chunk)
      let behind = rests[end]
      var own: UInt32 = 0
      for place in stride(from: end - 1, through: start, by: -1) {
        own ^= added[(end - 1 - place) << 8 | Int(bytes[place])]
        var sum = behind ^ nibbles[Int(own & 15)]
        for nibble in 1..<8 { sum ^= nibbles[nibble << 4 | Int(own >> UInt32(4 * nibble) & 15)] }
        rests[place] = sum
      }
      for index in bits.indices {
        let bit = bits[index]
        bits[index] =
          advanced[Int(bit & 0xFF)] ^ advanced[0x100 | Int(bit >> 8 & 0xFF)] ^ advanced[0x200 | Int(bit >> 16 & 0xFF)]
          ^ advanced[0x300 | Int(bit >> 24)]
      }
      end = start
    }
  }

  /// What a register is one zero byte later.
  private static func later(_ register: UInt32) -> UInt32 { table[Int(register & 0xFF)] ^ (register >> 8) }

  /// What a register of one byte is after that byte; reflected, polynomial EDB88320.
  private static let table = (0..<256 as Range<UInt32>).map { index in
    (0..<8).reduce(index) { crc, _ in crc & 1 == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB8_8320 }
  }

  /// What each byte adds that lies so many bytes before a chunk's end.
  private static let added = (1..<chunk).reduce(into: table) { tables, _ in tables += tables.suffix(256).map(later) }

  /// What each byte of a register becomes over a whole chunk of zeros.
  private static let advanced = (0..<4).flatMap { place in
    (0..<256 as Range<UInt32>).map { byte in (0..<chunk).reduce(byte << UInt32(8 * place)) { crc, _ in later(crc) } }
  }
}
