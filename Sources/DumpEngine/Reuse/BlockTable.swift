/// What the exchange knows: who lacks which blocks, who reads what, what is where. Pure: time comes from outside.
///
/// What changes it says whether anybody who waits may have something to do for it.
struct BlockTable {
  typealias Member = Exchange.Member
  typealias Visitor = Exchange.Visitor
  typealias Wish = Exchange.Wish

  /// Blocks that nobody lacks are forgotten beyond so many, those first that were used least lately: a line runs for
  /// weeks.
  private static let mostBlocks = 1 << 16
  /// Parts are multiples of this, in bytes.
  private static let grain = 4096
  /// Nor are they shorter than what a line carries in so many seconds: each costs a digest and a save.
  private static let shortestPart = 0.1
  /// How much is taken in one step: that many blocks, and no more bytes unless one alone has more. All units may do so at
  /// once.
  private static let mostTakings = (blocks: 16, bytes: 512 << 10)
  /// What part of all that is lacked is taken together: one in so many.
  private static let worthTaking = 4
  /// How many times as long as the own line would need somebody else's claim is waited for, and seconds besides, for a
  /// digest and a retry.
  private static let patience = (factor: 2.0, seconds: 5.0)

  /// A place in a region, the same in all units that have the region.
  private struct Place: Hashable {
    var region: String
    var range: Range<Int>
  }

  /// A member and what it lacks, in order.
  private struct Seat {
    var party: Exchange.Party
    var wishes: [Wish]
    /// What it has read itself.
    var own = RangeSet<Int>()
    /// Where it read last.
    var cursor = 0
    /// Whether it has begun to take what others have.
    var isTaking = false

    func place(_ wish: Wish) -> Place { Place(region: party.region, range: wish.place) }
  }

  /// Whose regions are still to come.
  private var visitors: [Visitor: Set<String>] = [:]
  private var seats: [Member: Seat] = [:]
  private var blocks: [BlockKey: SharedBlock] = [:]
  /// The block that was completed first at a place, of those that are still there.
  private var versions: [Place: BlockKey] = [:]
  /// How many read at a place.
  private var readers: [Place: Int] = [:]
  private var lastNumber = 0
  private var uses = 0

  // MARK: Coming and going

  /// Enters a session that may join with regions later.
  mutating func arrive() -> Visitor {
    lastNumber += 1
    visitors[lastNumber] = []
    return lastNumber
  }

  mutating func depart(_ visitor: Visitor) { visitors[visitor] = nil }

  mutating func join(_ party: Exchange.Party, _ wishes: [Wish]) -> Member {
    lastNumber += 1
    if let visitor = party.visitor { visitors[visitor]?.insert(party.region) }
    seats[lastNumber] = Seat(party: party, wishes: wishes.sorted { $0.place.lowerBound < $1.place.lowerBound })
    for wish in wishes {
      blocks[wish.key, default: SharedBlock(size: wish.place.count)].wishers.insert(lastNumber)
      use(wish.key)
    }
    forgetUnused()
    return lastNumber
  }

  mutating func leave(_ member: Member) -> Bool {
    defer { seats[member] = nil }
    return withdraw(seats[member]?.wishes ?? [], of: member)
  }

  mutating func withdraw(_ wishes: [Wish], of member: Member) -> Bool {
    var hasFreed = false
    let gone = Set(wishes.map(\.place))
    seats[member]?.wishes.removeAll { gone.contains($0.place) }
    let left = Set(seats[member]?.wishes.map(\.key) ?? [])
    for wish in wishes {
      if release(wish, member) { hasFreed = true }
      // The same block may be lacking at another place.
      if !left.contains(wish.key) { blocks[wish.key]?.wishers.remove(member) }
    }
    return hasFreed
  }

  private mutating func release(_ wish: Wish, _ member: Member) -> Bool {
    guard let seat = seats[member], blocks[wish.key]?.release(member) == true else { return false }
    readers[seat.place(wish), default: 1] -= 1
    if readers[seat.place(wish)] == 0 { readers[seat.place(wish)] = nil }
    return true
  }

  private mutating func use(_ key: BlockKey) {
    uses += 1
    blocks[key]?.lastUse = uses
  }

  private mutating func forgetUnused() {
    guard blocks.count > Self.mostBlocks else { return }
    let unused = blocks.filter { $0.value.wishers.isEmpty }.sorted { $0.value.lastUse < $1.value.lastUse }
    for block in unused.prefix(blocks.count - Self.mostBlocks / 2) { blocks[block.key] = nil }
    versions = versions.filter { blocks[$0.value] != nil }
  }

  mutating func publish(_ part: Range<Int>, by member: Member) -> Bool {
    let wish = seats[member]?.wishes.first {
      $0.place.contains(part.lowerBound) && part.upperBound <= $0.place.upperBound
    }
    guard let wish, let party = seats[member]?.party else { return false }
    seats[member]?.own.insert(contentsOf: part)
    _ = release(wish, member)
    blocks[wish.key]?.add(
      part.moved(by: -wish.place.lowerBound), ImagePart(path: party.image, range: part), owner: party.name)
    let isWhole = blocks[wish.key]?.isWhole == true
    // What most have is read first: what comes later is the more likely to be one unit's own.
    let place = Place(region: party.region, range: wish.place)
    if isWhole, versions[place].map({ blocks[$0]?.isWhole != true }) ?? true { versions[place] = wish.key }
    if let own = seats[member]?.own, RangeSet(wish.place).isSubset(of: own) { _ = withdraw([wish], of: member) }
    return isWhole
  }

  /// Notes that an image from which a block was to be taken is not there any more, or holds something else: what it had
  /// is to be read again.
  mutating func lose(imageAt path: String, of wish: Wish) { blocks[wish.key]?.forget(imageAt: path) }

  // MARK: Choosing

  /// What is to be done, or how long to wait for it at most.
  enum Choice {
    case step(Exchange.Step)
    case wait(until: ContinuousClock.Instant)
  }

  mutating func choose(for member: Member, at now: ContinuousClock.Instant) -> Choice {
    guard let seat = seats[member], !seat.wishes.isEmpty else { return .step(.done) }
    let takings = takings(of: seat)
    let wish = mostWanted(by: seat)
    let takes = !takings.isEmpty && (seat.isTaking || isTimeToTake(seat, besides: wish))
    seats[member]?.isTaking = takes
    if takes {
      for taking in takings { use(taking.wish.key) }
      return .step(.take(takings))
    }
    if let wish { return .step(.read(claim(wish, member, at: now))) }
    return overdue(seat, member, at: now)
  }

  /// Whether to take what others have: when it is much, or there is nothing to read for others as well. What nobody has
  /// comes first, for each taking leaves the line idle for some turns of a dialogue.
  private func isTimeToTake(_ seat: Seat, besides wish: Wish?) -> Bool {
    guard let wish, let block = blocks[wish.key], block.wishers.count > 1 else { return true }
    let known = seat.wishes.reduce(0) { blocks[$1.key]?.isWhole == true ? $0 + $1.place.count : $0 }
    return known * Self.worthTaking >= seat.wishes.reduce(0) { $0 + $1.place.count }
  }

  /// What others have of all that the member lacks; the first few.
  private func takings(of seat: Seat) -> [Exchange.Taking] {
    var takings: [Exchange.Taking] = []
    var bytes = 0
    for wish in seat.wishes {
      guard let block = blocks[wish.key], block.isWhole else { continue }
      bytes += wish.place.count
      guard takings.isEmpty || bytes <= Self.mostTakings.bytes else { break }
      takings.append(Exchange.Taking(wish: wish, parts: block.offers(at: wish.place)))
      if takings.count == Self.mostTakings.blocks { break }
    }
    return takings
  }

  /// The block that is best read now: one that others lack too, then one of which another unit has a similar one, then
  /// one at whose place nobody reads. The first at or behind the place where the member has read last.
  private func mostWanted(by seat: Seat) -> Wish? {
    let start = seat.wishes.firstIndex { $0.place.lowerBound >= seat.cursor } ?? 0
    var (similar, quiet, any): (Wish?, Wish?, Wish?) = (nil, nil, nil)
    for index in seat.wishes.indices {
      let wish = seat.wishes[(start + index) % seat.wishes.count]
      guard let block = blocks[wish.key], block.freeBytes > 0 else { continue }
      if block.wishers.count > 1 { return wish }
      if similar == nil, versions[seat.place(wish)] != nil { similar = wish }
      if quiet == nil, readers[seat.place(wish)] == nil { quiet = wish }
      if any == nil { any = wish }
    }
    return similar ?? quiet ?? any
  }

  private mutating func claim(_ wish: Wish, _ member: Member, at now: ContinuousClock.Instant) -> Exchange.Reading {
    guard let seat = seats[member], let block = blocks[wish.key], let free = block.free.ranges.first else {
      preconditionFailure("only a block with something to read is claimed")
    }
    let range = free.lowerBound..<free.lowerBound + size(of: free, block, seat)
    return claim(range, of: wish, member, at: now)
  }

  private mutating func claim(
    _ range: Range<Int>, of wish: Wish, _ member: Member, at now: ContinuousClock.Instant
  ) -> Exchange.Reading {
    guard let seat = seats[member] else { preconditionFailure("only a member claims") }
    blocks[wish.key]?.claim(range, member, at: now)
    readers[seat.place(wish), default: 0] += 1
    seats[member]?.cursor = wish.place.lowerBound
    let version = versions[seat.place(wish)].flatMap { blocks[$0] }
    return Exchange.Reading(
      part: range.moved(by: wish.place.lowerBound), wish: wish, similar: version?.offers(at: wish.place) ?? [])
  }

  /// The more units lack the same or may still turn out to, and the less of it is left, the smaller the parts: so all end
  /// together.
  private func size(of free: Range<Int>, _ block: SharedBlock, _ seat: Seat) -> Int {
    let others = visitors.values.reduce(0) { $1.contains(seat.party.region) ? $0 : $0 + 1 }
    let readers = block.wishers.count + others
    guard readers > 1 else { return free.count }
    let left = seat.wishes.reduce(0) { sum, wish in
      guard let block = blocks[wish.key], block.wishers.count + others > 1 else { return sum }
      return sum + block.freeBytes
    }
    let shortest = max(Self.grain, Int(Self.shortestPart / seat.party.pace))
    let fair = max(shortest, left / (2 * readers))
    return min(free.count, (fair + Self.grain - 1) / Self.grain * Self.grain)
  }

  /// Reads what somebody else should have had by now, or waits until that is so.
  private mutating func overdue(_ seat: Seat, _ member: Member, at now: ContinuousClock.Instant) -> Choice {
    var first: (due: ContinuousClock.Instant, range: Range<Int>, wish: Wish)?
    for wish in seat.wishes {
      let block = blocks[wish.key]
      guard let next = block?.firstDue(besides: member, pace: seat.party.pace, patience: Self.patience) else {
        continue
      }
      if first.map({ next.due < $0.due }) ?? true { first = (next.due, next.range, wish) }
    }
    guard let first else { return .step(.done) }
    guard first.due <= now else { return .wait(until: first.due) }
    return .step(.read(claim(first.range, of: first.wish, member, at: now)))
  }
}
