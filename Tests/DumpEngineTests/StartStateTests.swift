import ConsoleDialect
import DeviceSimulator
import SerialLink
import TestSupport
import Testing

@testable import DumpEngine

@Suite("A session gets to the prompt from whatever the unit is doing", .serialized, .timeLimit(.minutes(2)))
struct StartStateTests {
  /// Start states, with the milliseconds by which the echo is late: each command costs those, so not for all of them.
  static let states: [(SimulatedUnit.StartState, Int)] = [
    (.booting, 0), (.running, 0), (.prompt, 0), (.halfLine, 0), (.flooding, 0), (.booting, 300), (.halfLine, 300),
  ]

  @Test("U-Boot", arguments: states)
  func uBoot(state: SimulatedUnit.StartState, echoDelay: Int) async throws {
    var simulated = Units.uBoot { $0.bootDelay = 60 }
    simulated.start = state
    simulated.echoDelay = echoDelay
    try await withUnit(simulated) { unit in
      let size = 8192
      let run = try await runSession(SlotManifest(address: Units.flash, size: size), at: .tty(path: unit.path))
      try run.expectImage(unit.contents(address: Units.flash, size: size), evidence: [.deviceDigest(.crc32)])
      #expect(run.unit.console?.prompt == "=> ")
      #expect(run.unit.console?.method == "md.l")
      #expect(run.unit.console?.byteOrder == .little)
      run.expectTranscript()
    }
  }

  // A W90 waits for ESC for a few seconds only: one that boots unheard cannot be met in time with certainty.
  @Test("Winbond W90", arguments: states.filter { $0.0 != .running })
  func w90(state: SimulatedUnit.StartState, echoDelay: Int) async throws {
    var simulated = Units.camera()
    simulated.start = state
    simulated.echoDelay = echoDelay
    // With an echo that is a third of a second late every command costs that much: fewer of them.
    let size = echoDelay == 0 ? 8192 : 512
    try await withUnit(simulated) { unit in
      var manifest = SlotManifest.w90(size: size)
      manifest.policy = #""verify": "reread""#
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      try run.expectImage(unit.contents(address: Units.cameraKernel, size: size), evidence: [.reread])
      #expect(run.unit.console?.prompt == "bootloader > ")
    }
  }

  @Test("no part of a line that somebody left typed is ever run on a W90", arguments: ["del 3", "d", "  del 3 "])
  func halfLine(typed: String) async throws {
    let manifest = SlotManifest.w90(size: 512)
    let clean = try await withUnit(Units.camera()) { unit in
      _ = try await runSession(manifest, at: .tty(path: unit.path))
      return await unit.counters().commandsRun
    }
    try await withUnit(Units.camera()) { unit in
      let link = try await Link.open(
        .tty(path: unit.path), settings: LineSettings(speed: 921_600), on: .singletonMultiThreadedEventLoopGroup)
      try await link.send(Array(typed.utf8))
      await until { await unit.counters().bytesIn >= typed.utf8.count }
      await link.close()
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      try run.expectImage(unit.contents(address: Units.cameraKernel, size: 512), evidence: [.reread])
      #expect(await unit.counters().commandsRun == clean)
    }
  }
}
