import BatchScheduler
import DumpEngine
import DumpManifest
import Foundation
import Synchronization

/// A batch that went well, with the times of what happened in it.
struct TimedBatch {
  private let folder: String
  private let units: [UnitResult]
  private let moments: [Moment]
  /// From the first link's opening to the last one's closing.
  let seconds: Double

  /// Runs a batch into a folder that does not exist yet, with the scheduler that the program has.
  ///
  /// - Throws: `BenchmarkFailure` unless every region of every slot is complete and verified.
  static func run(_ manifest: BatchManifest, into folder: String) async throws -> TimedBatch {
    try await run(manifest.plan(), into: folder)
  }

  /// The same with a plan that was loaded.
  static func run(_ plan: BatchPlan, into folder: String) async throws -> TimedBatch {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let log = MomentLog()
    let start = ContinuousClock.now
    let units = await Batch(plan: plan, folder: folder) { log.note($0) }.run()
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    for unit in units where !unit.isVerified {
      throw BenchmarkFailure("\(unit.slot): \(unit.failure?.message ?? "not all of it is verified")")
    }
    return TimedBatch(folder: folder, units: units, moments: log.moments, seconds: seconds)
  }

  /// How long the one session of a slot took, and its one region.
  func sessionTimes(of slot: String) throws -> SessionTimes {
    let at = { (event: Moment.Event) in moments.first { $0.slot == slot && $0.event == event }?.time }
    guard let opened = at(.connecting), let begun = at(.regionStarted), let done = at(.regionEnded),
      let closed = at(.ended)
    else { throw BenchmarkFailure("the session of \(slot) did not tell when its region began and ended") }
    return SessionTimes(session: (closed - opened) / .seconds(1), region: (done - begun) / .seconds(1))
  }

  /// An image of a slot.
  func image(_ file: String, of slot: String) throws -> [UInt8] {
    guard let unit = units.first(where: { $0.slot == slot }) else { throw BenchmarkFailure("no slot \(slot)") }
    return try Array(Data(contentsOf: URL(filePath: "\(folder)/\(unit.folder)/\(file)")))
  }
}

/// How long things took, in seconds.
struct SessionTimes: Sendable {
  /// From opening the link to closing it: boot, waking, learning, reading, proving, completing.
  var session: Double
  /// From the region's start to its end: learning how to read it, reading, proving, completing.
  var region: Double
}

/// When something happened at a slot.
private struct Moment {
  enum Event { case connecting, regionStarted, regionEnded, ended }

  var slot: String
  var event: Event
  var time: ContinuousClock.Instant
}

/// Notes the moments that matter; all sessions of a batch share it.
private final class MomentLog: Sendable {
  private let noted = Mutex<[Moment]>([])

  var moments: [Moment] { noted.withLock { $0 } }

  func note(_ event: SessionEvent) {
    let kind: Moment.Event? =
      switch event.kind {
      case .connecting: .connecting
      case .regionStarted: .regionStarted
      case .regionEnded: .regionEnded
      case .ended: .ended
      default: nil
      }
    guard let kind else { return }
    // The wall clock of the event itself may be set meanwhile.
    let moment = Moment(slot: event.slot, event: kind, time: .now)
    noted.withLock { $0.append(moment) }
  }
}
