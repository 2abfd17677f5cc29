/// A block that is the same in all units that have it: who lacks it, who reads what, what is where.
///
/// All ranges are places in the block, from its start.
struct SharedBlock {
  typealias Member = Exchange.Member

  /// A part that somebody reads.
  private struct Claim {
    var member: Member
    var range: Range<Int>
    var since: ContinuousClock.Instant
  }

  /// A part that is on this machine's disk.
  private struct Part {
    var range: Range<Int>
    var image: ImagePart
    var owner: String
  }

  /// Bytes of the block.
  let size: Int
  /// Who lacks it.
  var wishers: Set<Member> = []
  /// Grows with each use of any block.
  var lastUse = 0
  /// What nobody has and nobody reads.
  private(set) var free: RangeSet<Int>
  /// How many bytes that is.
  private(set) var freeBytes: Int
  /// Whether all of it is somewhere.
  private(set) var isWhole = false
  private var parts: [Part] = []
  private var claims: [Claim] = []

  init(size: Int) {
    self.size = size
    free = RangeSet(0..<size)
    freeBytes = size
  }

  /// Notes that a member reads a part from now on.
  mutating func claim(_ range: Range<Int>, _ member: Member, at now: ContinuousClock.Instant) {
    claims.append(Claim(member: member, range: range, since: now))
    count()
  }

  /// Notes that a member reads no part any more. Returns whether it did.
  mutating func release(_ member: Member) -> Bool {
    let before = claims.count
    claims.removeAll { $0.member == member }
    guard claims.count < before else { return false }
    count()
    return true
  }

  /// Notes where a part is.
  mutating func add(_ range: Range<Int>, _ image: ImagePart, owner: String) {
    parts.append(Part(range: range, image: image, owner: owner))
    count()
  }

  /// Forgets the parts that are in an image, which is not there any more.
  mutating func forget(imageAt path: String) {
    parts.removeAll { $0.image.path == path }
    count()
  }

  private mutating func count() {
    let there = RangeSet(parts.map(\.range))
    isWhole = there.count == size
    free = RangeSet(0..<size).subtracting(there).subtracting(RangeSet(claims.map(\.range)))
    freeBytes = free.count
  }

  /// When a part that others read should have been had by now for somebody who would need so many seconds for a byte;
  /// the first such part, nil where there is none. What is read by two is due when the one who began last should have it.
  ///
  /// - Parameter patience: how many times as long as the own line is waited, and seconds besides.
  func firstDue(
    besides member: Member, pace: Double, patience: (factor: Double, seconds: Double)
  ) -> (due: ContinuousClock.Instant, range: Range<Int>)? {
    var latest: [Range<Int>: ContinuousClock.Instant] = [:]
    for claim in claims where claim.member != member {
      let due = claim.since + .seconds(patience.factor * pace * Double(claim.range.count) + patience.seconds)
      latest[claim.range] = max(due, latest[claim.range] ?? due)
    }
    return latest.min { ($0.value, $0.key.lowerBound) < ($1.value, $1.key.lowerBound) }.map { ($0.value, $0.key) }
  }

  /// Where its bytes are, for somebody who lacks it at a place; each byte once.
  func offers(at place: Range<Int>) -> [OfferedPart] {
    var left = RangeSet(0..<size)
    return parts.flatMap { part in
      let ranges = left.intersection(RangeSet(part.range)).ranges
      left.remove(contentsOf: part.range)
      return ranges.map { range in
        OfferedPart(
          range: range.moved(by: place.lowerBound),
          image: ImagePart(
            path: part.image.path, range: range.moved(by: part.image.range.lowerBound - part.range.lowerBound)),
          provenance: .sibling(part.owner))
      }
    }.sorted { $0.range.lowerBound < $1.range.lowerBound }
  }
}

extension Range<Int> {
  /// The range so many bytes further on.
  func moved(by distance: Int) -> Range<Int> { lowerBound + distance..<upperBound + distance }
}
