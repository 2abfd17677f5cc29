import DeviceSimulator
import SerialLink
import TestSupport
import Testing

@testable import DumpEngine

@Suite("The line rate is raised step by step, and left as it was found", .serialized, .timeLimit(.minutes(3)))
struct SpeedUpTests {
  @Test("up to the rate that the manifest names", arguments: FastLine.allCases)
  func climb(line: FastLine) async throws {
    try await withUnit(line.unit()) { unit in
      let run = try await runSession(line.manifest(), at: .tty(path: unit.path))
      try run.expectImage(unit.contents(address: line.address, size: line.size), evidence: line.evidence)
      #expect(run.speeds == line.rungs + [FastLine.base], run.failureText)
      #expect(run.unit.console?.speed == line.top)
      #expect(await unit.portSpeed() == line.portBase)
      #expect(run.unit.wire.lineFaults == 0 && run.unit.wire.recoveries == 0, "\(run.unit.wire)")
    }
  }

  @Test("by itself where the slot has a reset, and never where it has none or the manifest forbids it")
  func byItself() async throws {
    let line = FastLine.uBoot
    let slots: [(reset: String?, policy: String, speeds: [Int])] = [
      (FastLine.reset, "", line.rungs + [FastLine.base]), (nil, "", []), (FastLine.reset, #", "speedUp": "never""#, []),
    ]
    for slot in slots {
      try await withUnit(line.unit()) { unit in
        var manifest = line.manifest(slot.policy)
        manifest.reset = slot.reset
        // Enough for a climb, and few lines where there is none.
        if slot.speeds.isEmpty { manifest.regions = SlotManifest.region("flash", address: line.address, size: 4096) }
        let run = try await runSession(manifest, at: .tty(path: unit.path))
        #expect(run.unit.isVerified, run.failureText)
        #expect(run.speeds == slot.speeds && run.unit.resetsByForce == 0)
        #expect(await unit.portSpeed() == FastLine.base)
      }
    }
  }

  @Test("a rate that the unit does not have is passed over")
  func refused() async throws {
    let line = FastLine.uBoot
    try await withUnit(line.unit { $0.baudRates = [115_200, 460_800] }) { unit in
      let run = try await runSession(line.manifest(), at: .tty(path: unit.path))
      try run.expectImage(unit.contents(address: line.address, size: line.size), evidence: line.evidence)
      #expect(run.speeds == [460_800, FastLine.base])
      #expect(await unit.portSpeed() == FastLine.base)
    }
  }

  @Test("a unit that has no other rate is told as that")
  func none() async throws {
    let line = FastLine.uBoot
    try await withUnit(line.unit { $0.baudRates = [115_200] }) { unit in
      var manifest = line.manifest()
      manifest.regions = SlotManifest.region("flash", address: line.address, size: 4096)
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      #expect(run.unit.isVerified && run.speeds == [])
      #expect(
        run.troubles.contains { $0.contains("unit and adapter have none in common up to 921600") }, "\(run.troubles)")
    }
  }

  @Test("a unit that resets is met at its own rate, and its rate raised again")
  func reset() async throws {
    let line = FastLine.uBoot
    try await withUnit(line.unit { $0.bootDelay = 5 }) { unit in
      let once = OnceHeld { await unit.reset() }
      let run = try await runSession(line.manifest(), at: .tty(path: unit.path)) { await once.see($0) }
      try run.expectImage(unit.contents(address: line.address, size: line.size), evidence: line.evidence)
      #expect(run.speeds == line.rungs + [FastLine.base, line.top, FastLine.base], run.failureText)
      #expect(run.unit.wire.resets == 1)
      #expect(run.events.contains { if case .unitReset = $0 { true } else { false } })
      #expect(await unit.portSpeed() == FastLine.base)
    }
  }

  @Test("a unit that resets in the middle of a step is met at once", arguments: ["change", "proof"])
  func resetInStep(moment: String) async throws {
    let line = FastLine.uBoot
    let simulated = line.unit { options in
      (options.bootDelay, options.stopKey) = (5, "xyzzy")
      options.countdownText = "Autoboot in %d seconds, say the word"
    }
    try await withUnit(simulated) { unit in
      var manifest = line.manifest()
      manifest.console = #", "autoboot": [{ "when": "say the word", "send": "xyzzy" }]"#
      let run = try await runSession(manifest, at: .tty(path: unit.path)) { event in
        guard case .speed(230_400) = event else { return }
        await unit.rates { port, host in port == 460_800 && (host == port) == (moment == "proof") }
        await unit.reset()
      }
      try run.expectImage(unit.contents(address: line.address, size: line.size), evidence: line.evidence)
      #expect(run.speeds == [230_400, FastLine.base, 460_800, 921_600, FastLine.base], run.failureText)
      #expect(run.unit.wire.resets == 1)
      #expect(await unit.portSpeed() == FastLine.base)
    }
  }
}

extension UnitResult {
  /// Whether anything but the unit itself has reset it.
  fileprivate var resetsByForce: Int { wire.resets }
}
