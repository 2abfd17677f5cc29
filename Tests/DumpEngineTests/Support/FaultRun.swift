import DeviceSimulator
import DumpManifest
import Foundation
import NIOPosix
import SerialLink
import TestSupport
import Testing

@testable import DumpEngine

/// A unit with a fault, dumped until it is complete: in one session, or in some that go on with it.
struct FaultRun: Sendable {
  /// The most sessions before the unit is mended.
  private static let sessions = 3

  let kind: FaultKind
  let console: FaultyConsole
  let seed: UInt64

  /// What came of it.
  struct Outcome: Sendable {
    var injected = 0
    var noticed = 0
    var rereadBytes = 0
    /// Whether the first session did it alone.
    var isWholeAtOnce = false
    /// Whether the image is complete in the end.
    var isWhole = false
    /// Bytes that a map or a complete image claims and the unit does not hold.
    var wrongBytes = 0
    var seconds = 0.0
    var failures: [String] = []
  }

  /// How a session begins.
  private struct Start: Sendable {
    /// Whether the unit has no faults any more.
    var isMended = false
    /// Whether it is reset.
    var isReset = false
  }

  func run() async throws -> Outcome {
    try await withUnit(console.unit(kind, seed: seed)) { unit in
      try await withTemporaryFolder { folder in try await run(unit, folder) }
    }
  }

  private func run(_ unit: RunningUnit, _ folder: TemporaryFolder) async throws -> Outcome {
    var outcome = Outcome()
    let began = ContinuousClock.now
    let unstable = Set(await unit.unstableCells())
    let truth = try #require(unit.contents(address: console.address, size: console.size))
    var earlier: UnitResult?
    var start = Start()
    for session in 1...Self.sessions + 1 {
      let result = try await dump(unit, folder, earlier, start)
      // A session adds its counters to those before it.
      outcome.injected = kind.injected(await unit.counters())
      outcome.noticed = max(outcome.noticed, kind.noticed(result))
      outcome.rereadBytes = result.regions[0].rereadBytes
      outcome.wrongBytes += try wrongBytes(in: folder, truth) { unstable.contains(console.address + UInt64($0)) }
      outcome.isWhole = result.regions[0].isComplete
      outcome.failures += result.failure.map { ["\($0.kind): \($0.message)"] } ?? []
      if session == 1 { outcome.isWholeAtOnce = outcome.isWhole }
      if outcome.isWhole { break }
      earlier = result
      if await !unit.isPluggedIn() { try await unit.plugIn() }
      if kind.isPermanent || session == Self.sessions {
        await unit.setFaults(nil)
        await unit.setNoise(nil)
        start.isMended = true
      } else if result.failure?.kind != "no-prompt" {
        start.isReset = false
        continue
      }
      start.isReset = true
    }
    outcome.seconds = (ContinuousClock.now - began) / .seconds(1)
    return outcome
  }

  private func dump(
    _ unit: RunningUnit, _ folder: TemporaryFolder, _ earlier: UnitResult?, _ start: Start
  ) async throws -> UnitResult {
    var manifest = console.manifest
    // Only where nobody may be there is it a matter of time to find that out.
    if start.isMended { manifest.wake = 60 }
    let services = SessionServices(
      batchFolder: folder.path,
      emit: { event in
        // As its message says: a unit that has booted meanwhile is to be reset. Once somebody listens: some ask once.
        guard start.isReset, case .waking = event.kind else { return }
        Task { await unit.powerCycle() }
      },
      claim: { slot, _ in
        try FileManager.default.createDirectory(atPath: folder.file(slot), withIntermediateDirectories: true)
        return UnitClaim(folder: slot, purpose: earlier.map { .resume($0) } ?? .dump)
      }, check: { _, _ in [] })
    return await Session(plan: try manifest.plan(), services: services)
      .run(at: .tty(path: unit.path), on: MultiThreadedEventLoopGroup.singleton)
  }

  /// What is claimed and not so: all of an image that bears its name, and what the map of a partial one calls finished.
  private func wrongBytes(in folder: TemporaryFolder, _ truth: [UInt8], except: (Int) -> Bool) throws -> Int {
    let own = folder.file("A1")
    if let image = FileManager.default.contents(atPath: "\(own)/flash.bin").map(Array.init) {
      guard image.count == truth.count else { return truth.count }
      return truth.indices.count { image[$0] != truth[$0] && !except($0) }
    }
    guard let map = FileManager.default.contents(atPath: "\(own)/flash.map") else { return 0 }
    let image = FileManager.default.contents(atPath: "\(own)/flash.bin.partial").map(Array.init) ?? []
    return try Mapfile(reading: Array(map)).ranges(.finished).ranges.reduce(0) { count, range in
      count + range.count { $0 >= image.count || image[$0] != truth[$0] && !except($0) }
    }
  }
}
