import DeviceSimulator
import SerialLink
import TestSupport
import Testing

@testable import DumpEngine

@Suite("A rate that the line does not carry is left again", .serialized, .timeLimit(.minutes(5)))
struct SpeedTroubleTests {
  /// Above this speed of the port no character arrives as it was sent.
  private static func limit(_ line: FastLine) -> Int { line == .uBoot ? 500_000 : 300_000 }

  /// A unit whose highest rate garbles whatever is said, both ways.
  private static func garbling(_ line: FastLine) -> SimulatedUnit {
    var unit = line.unit()
    unit.noise = LineNoise(seed: 1, flips: 1, direction: .both, above: limit(line))
    return unit
  }

  @Test("a step into garbage ends in a reset where the slot has one", arguments: FastLine.allCases)
  func garbage(line: FastLine) async throws {
    try await withUnit(Self.garbling(line)) { unit in
      var manifest = line.manifest()
      manifest.reset = FastLine.reset
      let run = try await runSession(
        manifest, at: .tty(path: unit.path), onEvent: { _ in }, onProgram: { await unit.powerCycle() })
      try run.expectImage(unit.contents(address: line.address, size: line.size), evidence: line.evidence)
      let good = line.rungs.dropLast()
      #expect(run.speeds == good + [good.last ?? 0, FastLine.base], run.failureText)
      #expect(run.unit.console?.speed == good.last)
      #expect(await unit.portSpeed() == line.portBase)
    }
  }

  @Test("without one a person is told what to do, and what is done counts")
  func switchedOff() async throws {
    let line = FastLine.uBoot
    try await withUnit(Self.garbling(line)) { unit in
      let run = try await runSession(line.manifest(), at: .tty(path: unit.path)) { event in
        if case .trouble(let text) = event, text.contains("switch it off and on") { await unit.powerCycle() }
      }
      try run.expectImage(unit.contents(address: line.address, size: line.size), evidence: line.evidence)
      #expect(run.unit.console?.speed == 460_800, run.failureText)
      #expect(await unit.portSpeed() == FastLine.base)
    }
  }

  @Test("a person who does nothing finds the reason and the way out in the report")
  func stranded() async throws {
    let line = FastLine.uBoot
    try await withUnit(Self.garbling(line)) { unit in
      var manifest = line.manifest()
      manifest.wake = 4
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      #expect(run.unit.failure?.kind == "stranded", run.failureText)
      #expect(run.unit.failure?.message.contains("switch the unit off and on, then resume") == true, run.failureText)
      #expect(run.unit.failure?.message.contains("neither at 460800 nor at 921600 baud") == true, run.failureText)
      #expect(await unit.portSpeed() == 921_600)
    }
  }

  @Test("characters that are hit while the first rate is proved are not taken for a reset: the console is found again")
  func burst() async throws {
    let line = FastLine.uBoot
    try await withUnit(line.unit()) { unit in
      var manifest = line.manifest(#", "speedUp": { "to": 230400 }"#)
      (manifest.wake, manifest.reply) = (30, 1)
      let run = try await runSession(manifest, at: .tty(path: unit.path)) { event in
        guard case .learned = event else { return }
        await unit.rates { port, host in port == 230_400 && host == port }
        let before = await unit.counters().bytesDumped
        await until { await unit.counters().bytesDumped != before }
        await unit.setNoise(LineNoise(seed: 5, flips: 1, insertions: 1, above: 200_000))
        await unit.rates { _, host in host == FastLine.base }
        await unit.setNoise(nil)
      }
      try run.expectImage(unit.contents(address: line.address, size: line.size), evidence: line.evidence)
      #expect(run.speeds.last == FastLine.base, run.failureText)
      #expect(await unit.portSpeed() == FastLine.base)
      #expect(await unit.counters().starts == 1)
    }
  }

  @Test("a unit that hangs at the first rate and resets while it is looked for gets its setup again")
  func resetInSearch() async throws {
    let line = FastLine.uBoot
    try await withUnit(line.unit()) { unit in
      var manifest = line.manifest(#", "speedUp": { "to": 230400 }"#)
      manifest.setup = #""echo ready""#
      let run = try await runSession(manifest, at: .tty(path: unit.path)) { event in
        guard case .learned = event else { return }
        await unit.rates { port, _ in port == 230_400 }
        await unit.freeze()
        await unit.rates { _, host in host == 230_400 }
        await unit.rates { _, host in host == FastLine.base }
        await unit.thaw()
        await unit.powerCycle()
      }
      try run.expectImage(unit.contents(address: line.address, size: line.size), evidence: line.evidence)
      #expect(await unit.counters().starts == 2)
      let log = String(decoding: run.files["console.log"] ?? [], as: UTF8.self)
      #expect(log.ranges(of: "> echo ready\n").count >= 2, run.failureText)
      #expect(await unit.portSpeed() == FastLine.base)
    }
  }

  @Test("a rate at which characters are hit now and then is not settled for")
  func probe() async throws {
    let line = FastLine.uBoot
    var simulated = line.unit()
    simulated.noise = LineNoise(seed: 2, flips: 0.002, above: 500_000)
    try await withUnit(simulated) { unit in
      let run = try await runSession(line.manifest(), at: .tty(path: unit.path))
      try run.expectImage(unit.contents(address: line.address, size: line.size), evidence: line.evidence)
      #expect(run.speeds == [230_400, 460_800, 460_800, FastLine.base], run.failureText)
      // Trying out is no fault of the line that the image came over.
      #expect(run.unit.regions[0].lineFaults == 0)
    }
  }

  @Test("noise that comes later, at the highest rate alone, brings it down by a step", arguments: FastLine.allCases)
  func noise(line: FastLine) async throws {
    try await withUnit(line.unit()) { unit in
      let noise = LineNoise(seed: 3, flips: 0.006, above: Self.limit(line))
      let once = OnceHeld { await unit.setNoise(noise) }
      var manifest = line.manifest()
      let size = line == .uBoot ? 160_000 : line.size
      manifest.regions = SlotManifest.region("flash", address: line.address, size: size)
      (manifest.console, manifest.reply) = (#", "readLength": 16384"#, slowness)
      let run = try await runSession(manifest, at: .tty(path: unit.path)) { await once.see($0) }
      try run.expectImage(unit.contents(address: line.address, size: size), evidence: line.evidence)
      let lower = line.rungs.dropLast().last ?? 0
      // How it gets there is the noise's matter: it hits commands and prompts as well.
      #expect(run.speeds.starts(with: line.rungs), run.failureText)
      #expect(run.unit.console?.speed == lower, run.failureText)
      #expect(run.speeds.last == FastLine.base)
      #expect(await unit.portSpeed() == line.portBase)
    }
  }

  /// With the second seed the command that lowers the rate is hit time and again.
  @Test("what cannot be had at the manifest's rate is had at a lower one, before it is given up", arguments: [4, 6])
  func below(seed: UInt64) async throws {
    let line = FastLine.uBoot
    try await withUnit(line.unit()) { unit in
      let noise = LineNoise(seed: seed, flips: 0.04, above: 60_000)
      let once = OnceHeld { await unit.setNoise(noise) }
      var manifest = line.manifest()
      (manifest.reset, manifest.reply, manifest.identity) = (FastLine.reset, 0.5, "")
      manifest.regions = SlotManifest.region("flash", address: line.address, size: 1024)
      manifest.console = #", "readLength": 256"#
      manifest.policy = #""retries": 3, "speedUp": { "to": 230400 }"#
      // A reset is the way back, should a change of the rate be hit.
      let run = try await runSession(
        manifest, at: .tty(path: unit.path), onEvent: { await once.see($0) }, onProgram: { await unit.powerCycle() })
      try run.expectImage(unit.contents(address: line.address, size: 1024), evidence: line.evidence)
      #expect(run.unit.console?.speed == 57_600, run.failureText)
      #expect(await unit.portSpeed() == FastLine.base)
      // A change whose command is hit was not begun: nothing has to be reset for that.
      #expect(await unit.counters().starts <= 3, run.failureText)
    }
  }
}
