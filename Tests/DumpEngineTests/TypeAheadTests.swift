import DeviceSimulator
import SerialLink
import TestSupport
import Testing

@testable import DumpEngine

/// A loader that prints 256 bytes with each command, and polls its port no more than that.
@Suite("The next command is typed while the last one's bytes come", .timeLimit(.minutes(2)))
struct TypeAheadTests {
  private static let size = 0x3000
  private static let prompt = "bootloader > "

  /// The commands that were typed while the unit printed, those that were typed at its prompt, and the Enters that came
  /// before the echo had been seen.
  private func typing(_ run: SessionRun) throws -> (ahead: Int, atPrompt: Int, unseen: Int) {
    var counts = (ahead: 0, atPrompt: 0, unseen: 0)
    var printed = ""
    for record in try TranscriptText.records(String(decoding: run.files["console.log"] ?? [], as: UTF8.self)) {
      let text = String(decoding: record.bytes, as: UTF8.self)
      if !record.isSent {
        printed = String((printed + text).suffix(64))
      } else if text.hasPrefix("d -s 0x") {
        if printed.hasSuffix(Self.prompt) { counts.atPrompt += 1 } else { counts.ahead += 1 }
      } else if text == "\r", printed.suffix(15).wholeMatch(of: /d -s 0x[0-9A-F]{8}/) == nil {
        counts.unseen += 1
      }
    }
    return counts
  }

  @Test("all but the first of a chunk, and none is entered before its echo was right")
  func ahead() async throws {
    try await withUnit(Units.camera()) { unit in
      let run = try await runSession(.w90(size: Self.size), at: .tty(path: unit.path))
      try run.expectImage(unit.contents(address: Units.cameraKernel, size: Self.size), evidence: [.imageFooter])
      let typing = try typing(run)
      #expect(typing.ahead >= Self.size / 256 * 15 / 16 - 1, "\(typing)")
      #expect(await unit.counters().bytesOverrun == 0)
      #expect(run.unit.wire.recoveries == 0)
    }
  }

  @Test("a port that does not keep them is given up, and the rest is read in lockstep")
  func unkept() async throws {
    var simulated = Units.camera()
    var options = W90Options()
    (options.startupDelay, options.portDepth) = (20, 4)
    (simulated.loader, simulated.speed) = (.w90(options), 57_600)
    try await withUnit(simulated) { unit in
      var manifest = SlotManifest.w90(size: 0x1000)
      manifest.speed = 57_600
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      try run.expectImage(unit.contents(address: Units.cameraKernel, size: 0x1000), evidence: [.reread])
      let typing = try typing(run)
      // Where this machine is late, one comes when the unit is at its prompt again, and is kept.
      #expect(typing.ahead >= 2 && typing.ahead < typing.atPrompt, "\(typing)")
      #expect(await unit.counters().bytesOverrun > 0)
      #expect(run.unit.wire.recoveries == 0)
    }
  }
}
