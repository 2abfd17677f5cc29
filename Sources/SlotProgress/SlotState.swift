import DumpEngine
import DumpReport
import Foundation

/// What is known of one slot, from its events.
struct SlotState: Sendable {
  /// What a slot is doing.
  enum Activity: Sendable {
    /// No event has come.
    case waiting
    /// There is no adapter, for a reason.
    case absent(String)
    /// The link is being opened.
    case connecting
    /// The link is open, and nobody answers.
    case empty
    /// On the way to a prompt.
    case waking
    /// The unit is starting, on the way to a prompt.
    case booting
    /// At the prompt, between regions.
    case ready
    /// A region's bytes are coming in, or are being proved.
    case dumping(Transfer)
    /// The session has ended.
    case ended(UnitResult)
    /// The unit was done before, and nothing was read.
    case known(String)
  }

  /// How far a region is.
  struct Transfer: Sendable {
    /// The region's name.
    var region: String
    /// Whether it is read a second time.
    var isProving: Bool
    /// Bytes done, and in all.
    var done: Int
    var size: Int
    /// Bytes a second.
    var rate: RateMeter

    /// Whole percent; 100 only when all is done.
    var percent: Int { size > 0 ? Int(Double(done) / Double(size) * 100) : 0 }

    /// Seconds until all is done at the present rate; absent where nothing can be said.
    var remaining: Double? { rate.perSecond.map { Double(size - done) / $0 } }
  }

  /// The slot's name.
  let slot: String
  /// What the unit is called, empty while unknown.
  private(set) var unit = ""
  /// What the slot is doing.
  private(set) var activity = Activity.waiting
  /// How often something went wrong.
  private(set) var troubles = 0

  /// A slot without events.
  init(slot: String) {
    self.slot = slot
  }

  /// What a person looks for, the first first.
  enum Rank: String, CaseIterable {
    case open = "not done"
    case lacking = "not verified"
    case done
  }

  /// What is to be looked for at the slot.
  var rank: Rank {
    switch activity {
    case .ended(let result): result.standing == .verified ? .done : .lacking
    case .known: .done
    default: .open
    }
  }

  /// Takes what has happened at the slot.
  mutating func apply(_ event: SessionEvent) {
    switch event.kind {
    case .connecting: activity = .connecting
    case .waking: activity = .waking
    case .booting: if case .waking = activity { activity = .booting }
    case .noAdapter(let reason): clear(.absent(reason))
    case .noUnit: clear(.empty)
    case .unitLeft: clear(.connecting)
    case .skipped(let known):
      let time = "\(DisplayText.stamp(known.started).suffix(6))"
      activity = .known("skipped: known from \(time), not compared (again: verify compares)")
    case .verifiedAgain: activity = .known("dumped before, still the same")
    case .prompt, .learned, .regionEnded: activity = .ready
    case .identified(let facts): unit = facts.first?.value ?? ""
    case .regionStarted(let name, let size):
      activity = .dumping(Self.transfer(name, size: size, done: 0, at: event.time))
    case .progress(let region, let held, let size, _):
      advance(Self.transfer(region, size: size, done: held, at: event.time))
    case .proving(let region, let done, let size, _):
      advance(Self.transfer(region, size: size, done: done, at: event.time, isProving: true))
    case .trouble, .unitReset: troubles += 1
    case .ended(let result):
      if case .known = activity, result.failure == nil { return }
      activity = .ended(result)
    case .speed, .awaitingDeparture: break
    }
  }

  /// Begins anew, for another unit.
  private mutating func clear(_ now: Activity) {
    activity = now
    unit = ""
    troubles = 0
  }

  private static func transfer(
    _ region: String, size: Int, done: Int, at time: Date, isProving: Bool = false
  ) -> Transfer {
    Transfer(
      region: region, isProving: isProving, done: done, size: size, rate: RateMeter(time: time, count: done))
  }

  /// Goes on with the same transfer, or begins the next.
  private mutating func advance(_ now: Transfer) {
    var next = now
    if case .dumping(let before) = activity, before.region == now.region, before.isProving == now.isProving {
      next.rate = before.rate
      next.rate.note(now.rate)
    }
    activity = .dumping(next)
  }
}
