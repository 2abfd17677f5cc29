import ConsoleDialect

/// Finds records within a block that end with their own CRC-32, as serial numbers and calibrations are often stored.
///
/// Such a record is a multiple of the CRC's polynomial. So are two of the same length together, and a CRC over anything
/// that holds the one whole is the same when it holds the other instead: not by chance, but always. Only a CRC that
/// begins behind a record's content, at its own CRC, tells one from the other; that CRC alone is enough.
///
/// Found are records of CRC-32 (IEEE 802.3: reflected, polynomial EDB88320) that is stored with its least byte first,
/// with all bits inverted before and after, as in zlib, or before alone (JAMCRC), or after alone, or neither, as in
/// Linux's `crc32_le(0, …)` that JFFS2 uses.
/// With the greatest byte first, or before what it covers, there is no such trap. For `cksum`, whose most significant bit
/// comes first, it is the other way round: found are those of polynomial 04C11DB7 that is stored with its greatest byte
/// first.
struct SelfCheckedRecords {
  /// Shorter ones are mostly there by chance.
  private static let shortest = 5
  /// Longer ones too; and the longer, the rarer are those that differ in nothing else.
  private static let longest = 1 << 16
  private static let crcBytes = 4

  /// What was found, by the end of each, in order. Offsets are bytes from the block's start.
  let ranges: [Range<Int>]

  /// Looks through a block.
  ///
  /// - Parameter algorithm: the digest that would not tell.
  init(in bytes: [UInt8], of algorithm: DigestAlgorithm) {
    // The same polynomial, the other end of each byte first.
    let bytes = algorithm == .cksum ? bytes.map(\.bitsReversed) : bytes
    let sums = CRCSums(bytes)
    let found = [sums.invertedFronts, sums.rests].flatMap { starts in
      [sums.invertedBacks, sums.rests].flatMap { Self.pairs(bytes, starts: starts, ends: $0) }
    }
    ranges = found.sorted { ($0.upperBound, $0.lowerBound) < ($1.upperBound, $1.lowerBound) }
  }

  /// Where the CRCs are of those records for which a condition holds, each once.
  func crcs(touching isWanted: (Range<Int>) -> Bool) -> [Range<Int>] {
    ranges.filter(isWanted).map { $0.upperBound - Self.crcBytes..<$0.upperBound }
      .reduce(into: []) { if $0.last != $1 { $0.append($1) } }
  }

  /// Places whose sums are equal are the two ends of a record; of those with the same end the shortest.
  private static func pairs(_ bytes: [UInt8], starts: [UInt32], ends: [UInt32]) -> [Range<Int>] {
    guard bytes.count >= shortest else { return [] }
    var latest = LatestPlaces(capacity: bytes.count)
    var found: [Range<Int>] = []
    // Where all bytes are the same, every place is one; what could be there instead nobody knows.
    var runStart = (1..<shortest - 1).last { bytes[$0] != bytes[$0 - 1] } ?? 0
    for end in shortest...bytes.count {
      if bytes[end - 1] != bytes[end - 2] { runStart = end - 1 }
      latest.note(starts[end - shortest], at: end - shortest)
      guard let start = latest.place(of: ends[end]), end - start <= longest, start < runStart else { continue }
      found.append(start..<end)
    }
    return found
  }
}

extension UInt8 {
  fileprivate var bitsReversed: UInt8 { (0..<8).reduce(0) { $0 << 1 | (self >> UInt8($1)) & 1 } }
}

/// CRC registers that show where records begin and end.
private struct CRCSums {
  /// The CRC of what is behind a place, without any inversion.
  let rests: [UInt32]
  /// The same with the four bytes behind the place inverted, as before a record.
  let invertedFronts: [UInt32]
  /// The same with the four bytes before the place inverted, as behind a record.
  let invertedBacks: [UInt32]

  init(_ bytes: [UInt8]) {
    let count = bytes.count
    var rests = [UInt32](repeating: 0, count: count + 1)
    var fronts = rests
    var backs = rests
    /// What each bit of a byte adds, that far before the end.
    var bits = (0..<8).map { Self.table[1 << $0] }
    /// What four inverted bytes add that end as far before the end as the place lies.
    var inversion = (0..<4).reduce(UInt32(0)) { crc, _ in Self.table[Int((crc ^ 0xFF) & 0xFF)] ^ (crc >> 8) }
    if count >= 4 { backs[count] = inversion }
    for place in stride(from: count - 1, through: 0, by: -1) {
      var sum = rests[place + 1]
      let byte = bytes[place]
      for bit in 0..<8 {
        if byte >> UInt8(bit) & 1 == 1 { sum ^= bits[bit] }
        bits[bit] = Self.behind(bits[bit])
      }
      rests[place] = sum
      // The inversion of the four bytes that end here.
      inversion = Self.behind(inversion)
      backs[place] = sum ^ inversion
    }
    for place in 0..<max(0, count - 3) { fronts[place] = rests[place] ^ backs[place + 4] ^ rests[place + 4] }
    (self.rests, invertedFronts, invertedBacks) = (rests, fronts, backs)
  }

  /// The register one more zero byte later.
  private static func behind(_ register: UInt32) -> UInt32 { table[Int(register & 0xFF)] ^ (register >> 8) }

  private static let table = (0..<256 as Range<UInt32>).map { index in
    (0..<8).reduce(index) { crc, _ in crc & 1 == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB8_8320 }
  }
}

/// The latest place at which each of many values was seen: a table of numbers, for a dictionary would cost more than the
/// digest of the block.
private struct LatestPlaces {
  private var values: [UInt32]
  private var places: [Int32]
  private let mask: Int

  init(capacity: Int) {
    var size = 16
    while size < 2 * capacity { size *= 2 }
    values = [UInt32](repeating: 0, count: size)
    places = [Int32](repeating: -1, count: size)
    mask = size - 1
  }

  mutating func note(_ value: UInt32, at place: Int) {
    let slot = slot(of: value)
    values[slot] = value
    places[slot] = Int32(place)
  }

  func place(of value: UInt32) -> Int? {
    let place = places[slot(of: value)]
    return place < 0 ? nil : Int(place)
  }

  private func slot(of value: UInt32) -> Int {
    var slot = Int(value &* 0x9E37_79B1 >> 7) & mask
    while places[slot] >= 0, values[slot] != value { slot = (slot + 1) & mask }
    return slot
  }
}
