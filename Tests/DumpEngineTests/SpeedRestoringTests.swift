import DeviceSimulator
import SerialLink
import Synchronization
import TestSupport
import Testing

@testable import DumpEngine

@Suite("A console is left at the rate at which it was found, or found again", .serialized, .timeLimit(.minutes(3)))
struct SpeedRestoringTests {
  /// A moment may be over before this machine has seen it.
  @Test("cancelling puts the rate back at any instant", arguments: Moment.allCases)
  func cancelled(moment: Moment) async throws {
    for _ in 0..<5 where try await isMet(moment) { return }
    Issue.record("the moment was never seen in time")
  }

  /// Cancels a session at a moment, and looks at what it leaves; returns whether the moment was met.
  private func isMet(_ moment: Moment) async throws -> Bool {
    let line = FastLine.uBoot
    return try await withUnit(line.unit()) { unit in
      let (moments, reached) = AsyncStream<Void>.makeStream()
      let isMet = Mutex(false)
      let meet = { @Sendable () in
        isMet.withLock { $0 = true }
        reached.finish()
      }
      let once = OnceHeld { if moment == .dump { meet() } }
      let task = Task {
        // A session that never comes to the moment ends all the same.
        defer { reached.finish() }
        return try await runSession(line.manifest(), at: .tty(path: unit.path)) { event in
          await once.see(event)
          if await moment.isReached(event, unit) { meet() }
        }
      }
      for await _ in moments {}
      task.cancel()
      let start = ContinuousClock.now
      let run = try await task.value
      #expect(ContinuousClock.now - start < .seconds(60))
      #expect(run.unit.failure == nil, run.failureText)
      #expect(run.speeds.last == FastLine.base, run.failureText)
      #expect(await unit.portSpeed() == FastLine.base)
      #expect(await unit.counters().starts == 1)
      return isMet.withLock { $0 } && (run.unit.interrupted || moment == .restoring)
    }
  }

  /// When a session is cancelled.
  enum Moment: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case step, change, confirmation, lastStep, dump, restoring

    var testDescription: String { rawValue }

    /// Whether it has come; waits for it where the event is the last before it.
    func isReached(_ event: SessionEvent.Kind, _ unit: RunningUnit) async -> Bool {
      let base = FastLine.base
      switch (self, event) {
      case (.step, .speed(230_400)), (.lastStep, .speed(921_600)): break
      case (.change, .learned): await unit.rates { port, host in port != base && host == base }
      case (.confirmation, .learned): await unit.rates { port, host in port != base && host == port }
      // The unit has gone home, and nobody has followed it yet.
      case (.restoring, .speed(921_600)): await unit.rates { port, host in port == base && host != base }
      default: return false
      }
      return true
    }
  }

  @Test("a console that was only busy when the link was set back is put back all the same")
  func busy() async throws {
    let line = FastLine.uBoot
    try await withUnit(line.unit()) { unit in
      let (moments, reached) = AsyncStream<Void>.makeStream()
      let once = OnceHeld {
        await unit.freeze()
        await unit.rates { _, host in host == FastLine.base }
        reached.finish()
      }
      var manifest = line.manifest()
      manifest.reply = 1
      let task = Task { [manifest] in
        try await runSession(manifest, at: .tty(path: unit.path)) { await once.see($0) }
      }
      for await _ in moments {}
      task.cancel()
      await unit.thaw()
      let run = try await task.value
      #expect(run.unit.interrupted && run.speeds.last == FastLine.base, run.failureText)
      #expect(await unit.portSpeed() == FastLine.base)
      #expect(await unit.counters().starts == 1)
    }
  }

  @Test("who cancels while nobody is there is not told of a console that is not put back")
  func nobody() async throws {
    let line = FastLine.uBoot
    var simulated = line.unit()
    simulated.start = .off
    try await withUnit(simulated) { unit in
      let (moments, reached) = AsyncStream<Void>.makeStream()
      let task = Task {
        try await runSession(line.manifest(), at: .tty(path: unit.path)) { event in
          guard case .waking = event else { return }
          await unit.rates { _, host in host == 921_600 }
          reached.finish()
        }
      }
      for await _ in moments {}
      task.cancel()
      let run = try await task.value
      #expect(run.unit.interrupted && run.troubles.isEmpty && run.speeds.isEmpty, run.failureText)
    }
  }

  @Test("a unit that says nothing more does not hold up who cancels")
  func frozen() async throws {
    let line = FastLine.uBoot
    try await withUnit(line.unit()) { unit in
      let (moments, reached) = AsyncStream<Void>.makeStream()
      let once = OnceHeld {
        await unit.freeze()
        reached.finish()
      }
      let task = Task {
        try await runSession(line.manifest(), at: .tty(path: unit.path)) { await once.see($0) }
      }
      for await _ in moments {}
      task.cancel()
      let start = ContinuousClock.now
      let run = try await task.value
      #expect(ContinuousClock.now - start < .seconds(60))
      #expect(run.unit.interrupted)
      #expect(run.troubles.contains { $0.contains("could not be put back to 115200 baud") }, "\(run.troubles)")
    }
  }

  @Test("a session that fails puts the rate back")
  func failed() async throws {
    let line = FastLine.uBoot
    try await withUnit(line.unit()) { unit in
      var manifest = line.manifest()
      manifest.reply = 1
      manifest.policy = #""verify": "auto", "retries": 0, "speedUp": { "to": 921600 }"#
      // The second one lies where no memory is: each read resets the unit.
      manifest.regions =
        [
          SlotManifest.region("flash", address: line.address, size: 40_000),
          SlotManifest.region("hole", address: 0x1000, size: 16),
        ].joined(separator: ", ")
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      #expect(run.unit.failure != nil && run.unit.regions[0].isComplete, run.failureText)
      #expect(await unit.portSpeed() == FastLine.base)
    }
  }
}
