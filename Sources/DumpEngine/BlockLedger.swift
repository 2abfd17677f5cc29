/// What is held of a region, why it is believed, and what was given up.
struct BlockLedger {
  /// Size of the region in bytes.
  let size: Int
  /// Held ranges in order, neighbours alike joined.
  private(set) var blocks: [BlockRange] = []
  /// Given up after all retries.
  private(set) var bad = RangeSet<Int>()

  /// A region of which these ranges are held from before, without any evidence now.
  init(size: Int, unproven ranges: [Range<Int>] = []) {
    self.size = size
    for range in ranges { record(range, .none) }
  }

  /// What is missing of a range.
  func gaps(in range: Range<Int>) -> RangeSet<Int> { RangeSet(range).subtracting(held) }

  /// Ranges that are held.
  var held: RangeSet<Int> { RangeSet(blocks.map(\.range)) }

  /// Bytes held.
  var heldBytes: Int { blocks.reduce(0) { $0 + $1.range.count } }

  /// Ranges held without evidence.
  var unproven: RangeSet<Int> { RangeSet(blocks.filter { $0.evidence == .none }.map(\.range)) }

  /// Notes that `range` is held, in place of what was noted of it before.
  mutating func record(_ range: Range<Int>, _ evidence: Evidence, _ provenance: Provenance = .wire) {
    guard !range.isEmpty else { return }
    drop(range)
    let place = blocks.firstIndex { $0.range.lowerBound >= range.upperBound } ?? blocks.endIndex
    blocks.insert(BlockRange(range: range, evidence: evidence, provenance: provenance), at: place)
    bad.remove(contentsOf: range)
    join(around: place)
  }

  /// Notes that nothing is known of `range` any more.
  mutating func drop(_ range: Range<Int>) {
    blocks = blocks.flatMap { block -> [BlockRange] in
      guard block.range.overlaps(range) else { return [block] }
      let left = block.range.lowerBound..<max(block.range.lowerBound, range.lowerBound)
      let right = min(block.range.upperBound, range.upperBound)..<block.range.upperBound
      return [left, right].filter { !$0.isEmpty }.map {
        BlockRange(range: $0, evidence: block.evidence, provenance: block.provenance)
      }
    }
  }

  /// Notes that `range` cannot be had.
  mutating func giveUp(_ range: Range<Int>) {
    drop(range)
    bad.insert(contentsOf: range)
  }

  private mutating func join(around place: Int) {
    for index in [place, place - 1] where index >= 0 && index + 1 < blocks.count {
      let (left, right) = (blocks[index], blocks[index + 1])
      let alike = left.evidence == right.evidence && left.provenance == right.provenance
      guard alike, left.range.upperBound == right.range.lowerBound else { continue }
      blocks[index].range = left.range.lowerBound..<right.range.upperBound
      blocks.remove(at: index + 1)
    }
  }
}

extension RangeSet where Bound == Int {
  /// How many integers the ranges hold.
  var count: Int { ranges.reduce(0) { $0 + $1.count } }
}
