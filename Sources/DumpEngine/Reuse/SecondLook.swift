import ConsoleDialect

/// What is to be asked of a unit besides the digest of a block, before bytes are taken for its own that it has not sent.
///
/// A CRC of 32 bits alone is too little. By chance it is equal once in four thousand million comparisons, and a fleet makes
/// more. So the unit is asked for the CRC from somewhere within each piece to the piece's end as well. A longer span than
/// the block would prove nothing, for a CRC is linear: where the blocks' are equal, those of all that contains them are. And
/// not by chance it is equal where two units differ in a record that ends with its own CRC, as a serial number may: what
/// such records of ours have as their CRCs is asked too.
///
/// Nor does any CRC tell such a record from a fill. So where we have a fill, the unit compares its memory with itself, one
/// byte further on.
struct SecondLook {
  /// Shorter fills are left to the digests, in bytes: four bytes and their CRC do not fit in.
  static let shortestFill = 8
  /// Longer blocks are not looked through for records, in bytes: that takes seven times as much memory.
  static let longest = 1 << 20
  /// A question costs about as much as reading so many bytes; with more of them a block is better read.
  private static let questionBytes = 32

  let match: BlockMatch
  /// Ranges whose digests are asked for.
  let questions: [Range<Int>]
  /// Ranges that are to be of one byte all over.
  let fills: [Range<Int>]

  /// The questions about a block: ranges whose CRCs do not follow from the block's, which are from somewhere within each
  /// piece to its end, and the CRC of each record that has one of its own; and the fills.
  ///
  /// - Parameter algorithm: of the digest that is right, a linear one.
  init(at match: BlockMatch, by algorithm: DigestAlgorithm) {
    self.match = match
    let (block, start) = (match.range, match.range.lowerBound)
    var runs: [Provenance: RangeSet<Int>] = [:]
    for origin in match.origins where origin.provenance != .constant {
      runs[origin.provenance, default: RangeSet()].insert(contentsOf: origin.range)
    }
    let foreign = RangeSet(match.origins.map(\.range))
    let fills = foreign.ranges.flatMap { Self.fills(in: match.bytes, within: $0.moved(by: -start)) }
      .map { $0.moved(by: start) }
    let records =
      runs.isEmpty || block.count > Self.longest
      ? [] : Self.alike(match).flatMap { Self.records(of: match, within: $0, touching: foreign, by: algorithm) }
    // In a fill there is none, and one that ends in a fill is asked with that.
    let filled = RangeSet(fills)
    questions =
      runs.values.flatMap(\.ranges).map { Self.cut(of: block, within: $0) }
      + records.filter { !RangeSet($0).isSubset(of: filled) }
    self.fills = fills
  }

  /// Whether asking costs less than reading.
  var isWorthAsking: Bool {
    let asked = (questions.count + fills.count) * Self.questionBytes
    let isTooLong = match.range.count > Self.longest && match.origins.contains { $0.provenance != .constant }
    return !isTooLong && asked <= max(match.range.count, 4 * Self.questionBytes)
  }

  /// What we have of a range of the block.
  func bytes(of part: Range<Int>) -> [UInt8] { Array(match.bytes[part.moved(by: -match.range.lowerBound)]) }

  /// Of what the unit's digest is equal. A record that reaches beyond a part whose own digest is right would show in that.
  private static func alike(_ match: BlockMatch) -> [Range<Int>] {
    let foreign = RangeSet(match.origins.map(\.range))
    return foreign.isSubset(of: RangeSet(match.digested)) ? match.digested : [match.range]
  }

  /// Where the CRCs are of records that lie within a part of a block.
  private static func records(
    of match: BlockMatch, within part: Range<Int>, touching foreign: RangeSet<Int>, by algorithm: DigestAlgorithm
  ) -> [Range<Int>] {
    let bytes = Array(match.bytes[part.moved(by: -match.range.lowerBound)])
    return KnownRecords.shared.records(in: bytes, of: algorithm)
      .crcs(touching: { !foreign.intersection(RangeSet($0.moved(by: part.lowerBound))).isEmpty })
      .map { $0.moved(by: part.lowerBound) }
  }

  /// The stretches of one byte within a range of some bytes.
  static func fills(in bytes: [UInt8], within range: Range<Int>) -> [Range<Int>] {
    var fills: [Range<Int>] = []
    var start = range.lowerBound
    // One that is long enough has a place in it of any that lie so far apart, and more of the same beside that.
    var place = start + shortestFill - 1
    while place < range.upperBound {
      let byte = bytes[place]
      guard bytes[place - 1] == byte || place + 1 < range.upperBound && bytes[place + 1] == byte else {
        place += shortestFill
        continue
      }
      start = (bytes[start..<place].lastIndex { $0 != byte } ?? start - 1) + 1
      let end = bytes[place..<range.upperBound].firstIndex { $0 != byte } ?? range.upperBound
      if end - start >= shortestFill { fills.append(start..<end) }
      (start, place) = (end, end + shortestFill - 1)
    }
    return fills
  }

  /// From somewhere within a piece of a block, but not the block's first byte, to the piece's end; the block where there
  /// is no such place.
  static func cut(of block: Range<Int>, within piece: Range<Int>) -> Range<Int> {
    let inner = piece.clamped(to: block.lowerBound + 1..<max(block.lowerBound + 1, block.upperBound))
    return inner.isEmpty ? block : Int.random(in: inner)..<piece.upperBound
  }
}

extension DigestAlgorithm {
  /// Whether the digest of a whole follows from those of its parts, so that a longer one is no better.
  var isLinear: Bool {
    switch self {
    case .crc32, .cksum: true
    case .md5, .sha1, .sha256: false
    }
  }
}
