/// The table of blocks that the units of a batch share: what is equal in several of them is read from one.
///
/// The protocol. A session arrives when it begins and departs when it ends: as long as somebody who has arrived may turn
/// out to lack the same, parts are kept small. It joins with the blocks of a region that it lacks, each known by its
/// unit's own digest. Then it asks what to do next, again and again, and does it: reads a part that nobody has, or takes
/// blocks that others have read, when these are many or there is nothing to read for others. What it has read and proved
/// it publishes; what it cannot have or will not share it withdraws; where an image is gone that it was to take from, it
/// says so. When it leaves, what it was reading is anybody's again; what it has published stays.
///
/// Nothing here is taken on trust: the table tells only where on this machine's disk bytes are, and who takes them
/// compares them with its own unit's digests. Nobody has a claim while waiting, so nobody waits for ever; and who has
/// waited for somebody else's claim longer than its own line would need reads that part too, so that no bad cable holds
/// up a whole bench.
public actor Exchange {
  /// The number of a session that may join.
  typealias Visitor = Int
  /// A member's number.
  typealias Member = Int

  /// A block that a member lacks.
  struct Wish: Sendable, Equatable {
    /// The place in the member's region.
    var place: Range<Int>
    /// What its unit's digest says of it.
    var key: BlockKey
  }

  /// Who joins.
  struct Party: Sendable {
    /// The unit's folder, which names it.
    var name: String
    /// The region's name: blocks of other units at the same place in it may be similar.
    var region: String
    /// Path of the region's image when it is complete.
    var image: String
    /// The session, where it has arrived before.
    var visitor: Visitor?
    /// Seconds in which its line carries a byte.
    var pace: Double
  }

  /// What a member should do.
  enum Step: Sendable, Equatable {
    /// Take whole blocks from where they are.
    case take([Taking])
    /// Read a part of a block.
    case read(Reading)
    /// Nothing for some time: see whether the console is still there.
    case idle
    /// Nothing is left to do here.
    case done
  }

  /// A block that others have read.
  struct Taking: Sendable, Equatable {
    /// Which one.
    var wish: Wish
    /// Where its bytes are, all of them.
    var parts: [OfferedPart]
  }

  /// A part of a block that is to be read.
  struct Reading: Sendable, Equatable {
    /// What to read.
    var part: Range<Int>
    /// The block that it belongs to.
    var wish: Wish
    /// Where another unit's block of the same place is; empty where there is none.
    var similar: [OfferedPart]
  }

  /// How long a member waits at most without a look at its console: some leave their prompt when nothing is typed.
  private let longestRest: Duration
  /// Changes whenever somebody who waits may have something to do.
  private let changes = Watched(0)
  private var table = BlockTable()

  /// An empty table.
  public init() { self.init(longestRest: .seconds(5)) }

  init(longestRest: Duration) { self.longestRest = longestRest }

  /// Notes that a session has begun, which may join later.
  func arrive() -> Visitor { table.arrive() }

  /// Notes that a session has ended.
  func depart(_ visitor: Visitor) { table.depart(visitor) }

  /// Enters a member with what it lacks.
  func join(_ party: Party, lacking wishes: [Wish]) -> Member { table.join(party, wishes) }

  /// What the member should do next; waits where others are reading all that it lacks. Ends with `done` when the task
  /// is cancelled.
  func next(for member: Member) async -> Step {
    let rest = ContinuousClock.now + longestRest
    while !Task.isCancelled {
      let revision = changes.current.revision
      switch table.choose(for: member, at: .now) {
      case .step(let step): return step
      case .wait where .now >= rest: return .idle
      case .wait(let deadline): await changes.changed(since: revision, until: min(deadline, rest))
      }
    }
    return .done
  }

  /// Notes that a member has read a part, and that its unit's digest proves it.
  func publish(_ part: Range<Int>, by member: Member) { tell(table.publish(part, by: member)) }

  /// Notes that a member does not lack blocks any more, or goes on alone with them.
  func withdraw(_ wishes: [Wish], of member: Member) { tell(table.withdraw(wishes, of: member)) }

  /// Notes that an image from which a member was to take a block is not there any more, or holds something else.
  func lose(imageAt path: String, of wish: Wish) {
    table.lose(imageAt: path, of: wish)
    tell(true)
  }

  /// Notes that a member is gone.
  func leave(_ member: Member) { tell(table.leave(member)) }

  /// Wakes those who wait, where there may be something for them to do: each looks through all that it lacks.
  private func tell(_ isNew: Bool) { if isNew { changes.update { $0 += 1 } } }
}
