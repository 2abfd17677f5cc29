import DeviceSimulator
import SerialLink
import TestSupport
import Testing

@testable import DumpEngine

@Suite("A console that was left at another rate is looked for", .serialized, .timeLimit(.minutes(3)))
struct SpeedSearchTests {
  @Test("and found, however a killed run left it", arguments: FastLine.allCases, FastLine.Leaving.allCases)
  func found(line: FastLine, leaving: FastLine.Leaving) async throws {
    try await withUnit(line.unit()) { unit in
      try await line.leave(unit, leaving)
      #expect(await unit.portSpeed() == (leaving == .home ? line.portBase : line.portTop))
      let run = try await runSession(Self.manifest(line), at: .tty(path: unit.path))
      try run.expectImage(unit.contents(address: line.address, size: 4096), evidence: line.evidence)
      #expect(run.speeds == (leaving == .home ? [] : [FastLine.base]), run.failureText)
      let isTold = run.troubles.contains { $0.contains("the console is at \(line.top) baud") }
      #expect(isTold == (leaving != .home), "\(run.troubles)")
      #expect(await unit.portSpeed() == line.portBase)
      #expect(await unit.counters().starts == 1)
    }
  }

  private static func manifest(_ line: FastLine) -> SlotManifest {
    var manifest = line.manifest("")
    manifest.regions = SlotManifest.region("flash", address: line.address, size: 4096)
    return manifest
  }

  @Test(
    "a watch notices a unit that waits for a confirmation", arguments: FastLine.allCases,
    [FastLine.Leaving.unconfirmed, .home])
  func noticed(line: FastLine, leaving: FastLine.Leaving) async throws {
    try await withUnit(line.unit()) { unit in
      try await line.leave(unit, leaving)
      let link = try await Link.open(
        .tty(path: unit.path), settings: LineSettings(speed: FastLine.base), on: .singletonMultiThreadedEventLoopGroup)
      let presence = UnitPresence(plan: try line.manifest("").plan().console, link: link)
      #expect(try await presence.awaitSign(within: .seconds(60), isLost: true) != nil)
      #expect(link.speed == FastLine.base)
      await link.close()
    }
  }

  @Test("what a killed run left running at another rate is stopped there")
  func running() async throws {
    let line = FastLine.uBoot
    try await withUnit(line.unit()) { unit in
      try await line.leave(unit, .raised, at: 230_400)
      await unit.startFlood()
      let run = try await runSession(Self.manifest(line), at: .tty(path: unit.path))
      try run.expectImage(unit.contents(address: line.address, size: 4096), evidence: line.evidence)
      #expect(run.speeds == [FastLine.base], run.failureText)
      #expect(await unit.portSpeed() == FastLine.base)
    }
  }

  @Test("again and again, for as long as a prompt is waited for")
  func busy() async throws {
    let line = FastLine.w90
    try await withUnit(line.unit()) { unit in
      try await line.leave(unit, .raised)
      await unit.freeze()
      var manifest = Self.manifest(line)
      manifest.wake = 60
      let run = try await runSession(manifest, at: .tty(path: unit.path)) { event in
        guard case .waking = event else { return }
        for _ in 1...3 {
          await unit.rates { _, host in host != line.top }
          await unit.rates { _, host in host == line.top }
        }
        await unit.thaw()
      }
      try run.expectImage(unit.contents(address: line.address, size: 4096), evidence: line.evidence)
      #expect(await unit.portSpeed() == line.portBase)
    }
  }

  @Test("a stray character does not hide one that waits for a confirmation")
  func stray() async throws {
    let waiting = try WaitingConsole()
    defer { waiting.stop() }
    let link = try await Link.open(
      .tty(path: waiting.path), settings: LineSettings(speed: FastLine.base), on: .singletonMultiThreadedEventLoopGroup)
    let console = Console(link: link, plan: try FastLine.uBoot.manifest("").plan().console, transcript: nil)
    let found = try await console.search(at: [921_600])
    #expect(found?.kind == .prompt && found?.rate == 921_600)
    #expect(console.prompt.learned == "=> ")
    await link.close()
  }

  @Test("a unit that is switched on late is not missed over the search", arguments: [nil, "xyzzy"])
  func switchedOn(stopKey: String?) async throws {
    var simulated = FastLine.uBoot.unit { options in
      options.bootDelay = 60
      if let stopKey {
        options.countdownText = "Autoboot in %d seconds, say the word"
        options.stopKey = stopKey
      }
    }
    simulated.start = .off
    try await withUnit(simulated) { unit in
      var manifest = FastLine.uBoot.manifest("")
      if let stopKey {
        manifest.console = #", "autoboot": [{ "when": "say the word", "send": "\#(stopKey)" }]"#
      }
      manifest.regions = SlotManifest.region("flash", address: Units.flash, size: 4096)
      let run = try await runSession(manifest, at: .tty(path: unit.path)) { event in
        if case .waking = event {
          // In the middle of it.
          await unit.rates { _, host in host != FastLine.base }
          await unit.powerCycle()
        }
      }
      try run.expectImage(unit.contents(address: Units.flash, size: 4096), evidence: [.deviceDigest(.crc32)])
    }
  }

}
