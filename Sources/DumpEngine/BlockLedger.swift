/// What is held of a region, why it is believed, and what was given up.
struct BlockLedger {
  /// Size of the region in bytes.
  let size: Int
  /// Held ranges in order, neighbours alike joined.
  private(set) var blocks: [BlockRange] = []
  /// Given up after all retries.
  private(set) var bad = RangeSet<Int>()
  /// What is wrong where something is given up or disputed, in order.
  private(set) var faults: [BlockFault] = []

  /// A region of which these ranges are held from a session before, without any evidence now.
  init(size: Int, earlier blocks: [BlockRange] = []) {
    self.size = size
    for block in blocks { record(block.range, .none, block.provenance.later) }
  }

  /// What is missing of a range.
  func gaps(in range: Range<Int>) -> RangeSet<Int> { RangeSet(range).subtracting(held) }

  /// Ranges that are held.
  var held: RangeSet<Int> { RangeSet(ascending: blocks.lazy.map(\.range)) }

  /// Bytes held.
  var heldBytes: Int { blocks.reduce(0) { $0 + $1.range.count } }

  /// Ranges held without evidence.
  var unproven: RangeSet<Int> {
    RangeSet(ascending: blocks.lazy.filter { $0.evidence == .none }.map(\.range))
  }

  /// Ranges held with evidence.
  var proven: RangeSet<Int> {
    RangeSet(ascending: blocks.lazy.filter { $0.evidence != .none }.map(\.range))
  }

  /// Notes that `range` is held, in place of what was noted of it before.
  mutating func record(_ range: Range<Int>, _ evidence: Evidence, _ provenance: Provenance = .wire) {
    guard !range.isEmpty else { return }
    drop(range)
    let place = blocks.firstIndex { $0.range.lowerBound >= range.upperBound } ?? blocks.endIndex
    blocks.insert(BlockRange(range: range, evidence: evidence, provenance: provenance), at: place)
    bad.remove(contentsOf: range)
    join(around: place)
  }

  /// Notes why what is held of `range` is believed now, wherever it came from.
  mutating func prove(_ range: Range<Int>, _ evidence: Evidence) {
    for block in blocks where block.range.overlaps(range) {
      record(block.range.clamped(to: range), evidence, block.provenance)
    }
  }

  /// Notes that nothing is known of `range` any more.
  mutating func drop(_ range: Range<Int>) {
    blocks = blocks.flatMap { block -> [BlockRange] in
      guard block.range.overlaps(range) else { return [block] }
      return block.range.without(range).map {
        BlockRange(range: $0, evidence: block.evidence, provenance: block.provenance)
      }
    }
    faults = faults.flatMap { fault -> [BlockFault] in
      fault.range.without(range).map { BlockFault(range: $0, cause: fault.cause) }
    }
  }

  /// Notes that `range` cannot be had, and why.
  mutating func giveUp(_ range: Range<Int>, _ cause: FaultCause) {
    drop(range)
    bad.insert(contentsOf: range)
    dispute(range, cause)
  }

  /// Notes that what is held of `range` is not to be believed, and why.
  mutating func dispute(_ range: Range<Int>, _ cause: FaultCause) {
    faults.append(BlockFault(range: range, cause: cause))
    faults.sort { $0.range.lowerBound < $1.range.lowerBound }
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

extension Range<Int> {
  /// What is left of the range without another, none to two pieces.
  fileprivate func without(_ other: Range<Int>) -> [Range<Int>] {
    guard overlaps(other) else { return [self] }
    let left = lowerBound..<Swift.max(lowerBound, other.lowerBound)
    let right = Swift.min(upperBound, other.upperBound)..<upperBound
    return [left, right].filter { !$0.isEmpty }
  }
}

extension RangeSet where Bound == Int {
  /// How many integers the ranges hold.
  var count: Int { ranges.reduce(0) { $0 + $1.count } }
}
