import ConsoleDialect

/// How fast a console is spoken to, and what was found out about that.
struct Pace {
  /// How often a rate is taken again that a reset has ended.
  static let mostRejoins = 3
  /// How often a rate is left in vain for a lower one: each time may take a minute, and a reset.
  static let mostDescents = 3

  let ladder: SpeedLadder
  /// The rate to go back to after a reset: the highest that is known to work, or where noise has begun to cost more than
  /// it gains the next; the manifest's where no other was tried.
  var best: Int
  /// The rates at which the console may be, the likeliest last; empty where it is known to be at the link's.
  ///
  /// A change that was cut off leaves two of them, a console that was only busy when the link was set back one. They
  /// are forgotten when a prompt is seen, and by nothing else: whoever forgets them leaves the console where nobody
  /// looks.
  private(set) var suspects: [Int] = []
  /// Whether it was looked for at each of them in vain.
  var isGivenUp = false
  /// Whether the climb was made, or there is none to make.
  var hasClimbed = false
  /// How often a rate may still be taken again that a reset has ended.
  var rejoinsLeft = Pace.mostRejoins
  /// How often a lower rate may still be tried in vain.
  var descentsLeft = Pace.mostDescents
  /// Whether a console at another rate was last met at the manifest's: nothing but a reset does that.
  var hasFallen = false
  /// What went over the wire before the present rate.
  private(set) var before = WireCounters()
  /// Echoes that were hit before it.
  private(set) var hitEchoesBefore = 0
  /// Whether bytes that came at another rate are not yet proved: what proves to be wrong of them is not this one's doing.
  var hasOldBytes = false
  /// Whether the console has been at its prompt in this session.
  var hasArrived = false

  init(_ dialect: Dialect, base: Int) {
    ladder = SpeedLadder(base: base, rates: dialect.speedChange?.rates ?? [])
    best = base
  }

  /// Whether a console that does not answer at the manifest's rate may be at another: who was never there in a session is
  /// not to be found there in the middle of it.
  func isElsewhere(base: Int) -> Bool { !hasArrived || best != base || !suspects.isEmpty }

  /// Notes that the console may be at these rates from now on, at the last of them most likely.
  mutating func suspect(_ rates: [Int]) {
    for rate in rates {
      suspects.removeAll { $0 == rate }
      suspects.append(rate)
    }
  }

  /// Notes that the console was met at the link's rate.
  mutating func meet() {
    suspects = []
    isGivenUp = false
  }

  /// Counts from now on what noise costs.
  mutating func countAnew(_ console: Console) {
    (before, hitEchoesBefore) = (console.counters, console.hitEchoes)
  }

  /// Whether a reset has ended the rate, since this was asked last.
  mutating func takeFall() -> Bool {
    defer { hasFallen = false }
    return hasFallen
  }
}

/// What shows at a rate that the line carries it.
struct SpeedProbe {
  /// Memory that is read.
  let range: Range<UInt64>
  /// What it was read as at a rate that is known to work; absent where the unit's own digest tells.
  let bytes: [UInt8]?
}
