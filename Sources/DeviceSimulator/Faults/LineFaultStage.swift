/// What is to be done about the character that was just printed.
enum LineFault: Sendable, Equatable {
  /// Somebody else's line comes before all that waits to be sent.
  case interject([UInt8])
  case stall(Nanoseconds)
  case reset
  case hangUp
  /// The console says nothing more.
  case die
}

/// The faults of a line and its unit at work on what the unit prints.
struct LineFaultStage: Sendable {
  private let plan: FaultPlan
  private var bursts: FaultSchedule
  private var lines: FaultSchedule
  private var stalls: FaultSchedule
  private var resets: FaultSchedule
  private var hangUps: FaultSchedule
  private var death: FaultSchedule
  private var drift: DriftStage?
  private var messages: KernelMessages
  private var garbage: SeededGenerator
  private var places: SeededGenerator
  private var burstLeft = 0
  /// Characters of somebody else's line that are still to be sent.
  private var foreignLeft = 0
  /// Somebody else's line waits for such a place.
  private var pending: FaultPlan.ForeignLines.Placement?

  init(_ plan: FaultPlan) {
    self.plan = plan
    // A seed of its own for each kind: a kind that is added or limited does not move the others.
    let seeds = SeededWords(seed: plan.seed)
    bursts = FaultSchedule(plan.bursts?.occurrence, seed: seeds[0])
    lines = FaultSchedule(plan.foreignLines?.occurrence, seed: seeds[1])
    stalls = FaultSchedule(plan.stalls?.occurrence, seed: seeds[2])
    resets = FaultSchedule(plan.resets, seed: seeds[3])
    hangUps = FaultSchedule(plan.hangUps, seed: seeds[4])
    death = FaultSchedule(plan.deadAfter.map { FaultOccurrence(after: $0) }, seed: 0)
    drift = DriftStage(plan.drift, seed: seeds[5])
    messages = KernelMessages(plan.foreignLines?.texts ?? [], seed: seeds[6])
    garbage = SeededGenerator(seed: seeds[7])
    places = SeededGenerator(seed: seeds[8])
  }

  /// Characters that may be printed without a look at each.
  var quiet: Int {
    guard burstLeft == 0, pending == nil else { return 0 }
    let own = foreignLeft > 0 ? foreignLeft : lines.quiet
    let events = min(stalls.quiet, resets.quiet, hangUps.quiet, death.quiet)
    return min(own, events, bursts.quiet, drift?.quiet ?? Int.max)
  }

  /// Lets `count` characters pass, which are no more than `quiet`.
  mutating func skip(_ count: Int) {
    if foreignLeft > 0 { foreignLeft -= count } else { lines.skip(count) }
    bursts.skip(count)
    stalls.skip(count)
    resets.skip(count)
    hangUps.skip(count)
    death.skip(count)
    drift?.skip(count)
  }

  /// Passes a printed character on; `faults` are to be done about it in their order.
  mutating func print(_ byte: UInt8, _ counters: inout FaultCounters) -> (byte: UInt8, faults: [LineFault]) {
    var faults: [LineFault] = []
    if let line = foreignLine(behind: byte) {
      counters.foreignLines += 1
      faults.append(.interject(line))
    }
    if stalls.isDue(), let stall = plan.stalls {
      counters.stalls += 1
      faults.append(.stall(Nanoseconds(stall.milliseconds) * 1_000_000))
    }
    if resets.isDue() {
      counters.resets += 1
      faults.append(.reset)
    }
    if hangUps.isDue() {
      counters.hangUps += 1
      faults.append(.hangUp)
    }
    if death.isDue() {
      counters.deaths += 1
      faults.append(.die)
    }
    return (disturbed(byte, &counters), faults)
  }

  /// A character for the unit, as it arrives.
  mutating func receive(_ byte: UInt8, _ counters: inout FaultCounters) -> UInt8 {
    drift?.receive(byte, &counters) ?? byte
  }

  /// What waited to be sent was lost.
  mutating func forgetUnsent() {
    foreignLeft = 0
    pending = nil
  }

  private mutating func disturbed(_ byte: UInt8, _ counters: inout FaultCounters) -> UInt8 {
    let drifted = drift?.print(byte, &counters) ?? byte
    if burstLeft == 0, bursts.isDue() {
      counters.bursts += 1
      burstLeft = plan.bursts?.length ?? 0
    }
    guard burstLeft > 0 else { return drifted }
    burstLeft -= 1
    counters.burstCharacters += 1
    return garbage.garbled(byte)
  }

  /// A line that comes behind `byte`. Lines are not broken by further ones.
  private mutating func foreignLine(behind byte: UInt8) -> [UInt8]? {
    guard foreignLeft == 0 else {
      foreignLeft -= 1
      return nil
    }
    if pending == nil, lines.isDue() { pending = nextPlacement() }
    let isLineEnd = byte == Control.lineFeed || byte == Control.carriageReturn
    switch pending {
    case .betweenLines where byte == Control.lineFeed, .withinLine where !isLineEnd, .anywhere: break
    default: return nil
    }
    pending = nil
    let line = messages.next()
    foreignLeft = line.count
    return line
  }

  private mutating func nextPlacement() -> FaultPlan.ForeignLines.Placement? {
    guard let wanted = plan.foreignLines?.placement, wanted == .anywhere else { return plan.foreignLines?.placement }
    return places.next() & 1 == 0 ? .betweenLines : .withinLine
  }
}
