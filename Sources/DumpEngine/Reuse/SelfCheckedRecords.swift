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
  /// Of longer ones, which are there by chance the more often the longer they may be, only those that end at a whole
  /// word of the block: so do images and tables of that size.
  private static let longestAnywhere = 4 << 10
  private static let crcBytes = 4

  /// What was found, by the end of each, in order. Offsets are bytes from the block's start.
  let ranges: [Range<Int>]

  /// Looks through a block.
  ///
  /// - Parameter algorithm: the digest that would not tell.
  init(in bytes: [UInt8], of algorithm: DigestAlgorithm) {
    // The same polynomial, the other end of each byte first.
    let bytes = algorithm == .cksum ? bytes.map(\.bitsReversed) : bytes
    let found = Self.pairs(bytes, CRCSums(bytes))
    ranges = found.sorted { ($0.upperBound, $0.lowerBound) < ($1.upperBound, $1.lowerBound) }
  }

  /// Where the CRCs are of those records for which a condition holds, each once.
  func crcs(touching isWanted: (Range<Int>) -> Bool) -> [Range<Int>] {
    ranges.filter(isWanted).map { $0.upperBound - Self.crcBytes..<$0.upperBound }
      .reduce(into: []) { if $0.last != $1 { $0.append($1) } }
  }

  /// Places whose sums are equal are the two ends of a record; of those with the same end the shortest.
  ///
  /// Nearly every sum is nowhere else, and a set of bits says so without the memory's latency that a table of the block's
  /// size would cost.
  private static func pairs(_ bytes: [UInt8], _ sums: CRCSums) -> [Range<Int>] {
    guard bytes.count >= shortest else { return [] }
    var seen = SumSet(room: 2 * bytes.count, rotation: 0)
    // Sums that only seem to be seen are told apart by other bits.
    var wanted = SumSet(room: 2 * bytes.count, rotation: 16)
    var candidates: [(sum: UInt32, end: Int, runStart: Int)] = []
    // Where all bytes are the same, every place is one; what could be there instead nobody knows.
    var runStart = (1..<shortest - 1).last { bytes[$0] != bytes[$0 - 1] } ?? 0
    let (fronts, backs, rests) = (sums.invertedFronts.span, sums.invertedBacks.span, sums.rests.span)
    let content = bytes.span
    for end in shortest...bytes.count {
      if content[end - 1] != content[end - 2] { runStart = end - 1 }
      seen.insert(fronts[end - shortest])
      seen.insert(rests[end - shortest])
      if seen.mayHave(backs[end]) { candidates.append((backs[end], end, runStart)) }
      if seen.mayHave(rests[end]) { candidates.append((rests[end], end, runStart)) }
    }
    for candidate in candidates { wanted.insert(candidate.sum) }
    let starts = [sums.invertedFronts, sums.rests].map { SumPlaces(of: $0, in: wanted) }
    var pairs: [Range<Int>] = []
    for (sum, end, runStart) in candidates {
      for places in starts {
        guard let start = places.last(of: sum, upTo: end - shortest), start < runStart else { continue }
        if end - start <= longestAnywhere || end % crcBytes == 0 { pairs.append(start..<end) }
      }
    }
    return pairs
  }
}

extension UInt8 {
  fileprivate var bitsReversed: UInt8 { (0..<8).reduce(0) { $0 << 1 | (self >> UInt8($1)) & 1 } }
}

/// At which places there are which sums, for some of them.
private struct SumPlaces {
  private let entries: [(sum: UInt32, place: Int)]

  init(of sums: [UInt32], in wanted: SumSet) {
    var entries: [(sum: UInt32, place: Int)] = []
    let span = sums.span
    for place in span.indices where wanted.mayHave(span[place]) { entries.append((span[place], place)) }
    self.entries = entries.sorted { ($0.sum, $0.place) < ($1.sum, $1.place) }
  }

  /// The last place, up to a limit, at which a sum is.
  func last(of sum: UInt32, upTo limit: Int) -> Int? {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if (entries[middle].sum, entries[middle].place) <= (sum, limit) { low = middle + 1 } else { high = middle }
    }
    guard low > 0, entries[low - 1].sum == sum else { return nil }
    return entries[low - 1].place
  }
}

/// A set of sums that may say that it has one which it has not, but never the other way round.
private struct SumSet {
  private var words: [UInt64]
  private let mask: UInt32
  private let rotation: UInt32

  /// - Parameters:
  ///   - room: how many sums there may be; each has at least 16 bits.
  ///   - rotation: by how many bits a sum is rotated before its lowest ones are looked at.
  init(room: Int, rotation: UInt32) {
    var count = 1
    while count * 4 < room { count *= 2 }
    words = [UInt64](repeating: 0, count: count)
    mask = UInt32(count - 1)
    self.rotation = rotation
  }

  mutating func insert(_ sum: UInt32) {
    let sum = rotated(sum)
    words[Int(sum >> 6 & mask)] |= 1 << UInt64(sum & 63)
  }

  func mayHave(_ sum: UInt32) -> Bool {
    let sum = rotated(sum)
    return words[Int(sum >> 6 & mask)] >> UInt64(sum & 63) & 1 == 1
  }

  private func rotated(_ sum: UInt32) -> UInt32 { sum &>> rotation | sum &<< (32 &- rotation) }
}
