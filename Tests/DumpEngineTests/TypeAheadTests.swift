import DeviceSimulator
import SerialLink
import Synchronization
import TestSupport
import Testing

@testable import DumpEngine

/// A loader that prints 256 bytes with each command, and polls its port no more than that.
@Suite("The next command is typed while the last one's bytes come", .timeLimit(.minutes(2)))
struct TypeAheadTests {
  private static let size = 0x1000
  private static let prompt = "bootloader > "
  /// So slow that what one command prints takes a fifth of a second: this machine may be late.
  private static let speed = 57_600

  private static func camera(portDepth: Int = 16) -> SimulatedUnit {
    var options = W90Options()
    (options.startupDelay, options.portDepth) = (20, portDepth)
    var unit = Units.camera()
    (unit.loader, unit.speed) = (.w90(options), speed)
    return unit
  }

  private static func manifest() -> SlotManifest {
    var manifest = SlotManifest.w90(size: size)
    manifest.speed = speed
    return manifest
  }

  /// The reads that were typed while the unit printed, those that were typed at its prompt, and those that were entered
  /// before their echo had been seen.
  private func typing(_ run: SessionRun) throws -> (ahead: Int, atPrompt: Int, unseen: Int) {
    var counts = (ahead: 0, atPrompt: 0, unseen: 0)
    var (printed, typed) = ("", "")
    for record in try TranscriptText.records(String(decoding: run.files["console.log"] ?? [], as: UTF8.self)) {
      let text = String(decoding: record.bytes, as: UTF8.self)
      if !record.isSent {
        printed = String((printed + text).suffix(64))
        continue
      }
      defer { typed = text }
      if text.hasPrefix("d -s 0x") {
        if printed.hasSuffix(Self.prompt) { counts.atPrompt += 1 } else { counts.ahead += 1 }
      } else if text == "\r", typed.hasPrefix("d -s 0x"), !printed.hasSuffix(typed) {
        counts.unseen += 1
      }
    }
    return counts
  }

  @Test("and is entered when its echo was right")
  func ahead() async throws {
    try await withUnit(Self.camera()) { unit in
      let run = try await runSession(Self.manifest(), at: .tty(path: unit.path))
      try run.expectImage(unit.contents(address: Units.cameraKernel, size: Self.size), evidence: [.reread])
      // Where this machine is late, one comes when the unit is at its prompt again.
      let typing = try typing(run)
      #expect(typing.ahead >= 8 && typing.unseen == 0, "\(typing)")
      #expect(await unit.counters().bytesOverrun == 0)
      #expect(run.unit.wire.recoveries == 0)
    }
  }

  @Test("a port that does not keep them is given up, and the rest is read in lockstep")
  func unkept() async throws {
    try await withUnit(Self.camera(portDepth: 4)) { unit in
      let run = try await runSession(Self.manifest(), at: .tty(path: unit.path))
      try run.expectImage(unit.contents(address: Units.cameraKernel, size: Self.size), evidence: [.reread])
      let typing = try typing(run)
      // Where this machine is late, one comes when the unit is at its prompt again, and is kept.
      #expect(typing.ahead >= 3 && typing.ahead < typing.atPrompt && typing.unseen == 0, "\(typing)")
      #expect(await unit.counters().bytesOverrun > 0)
      #expect(run.unit.wire.recoveries == 0)
    }
  }

  @Test("a user's stop leaves a clean prompt behind")
  func stopped() async throws {
    try await withUnit(Self.camera()) { unit in
      let manifest = Self.manifest()
      let session = Mutex<Task<SessionRun, any Error>?>(nil)
      let half = OnceHeld {
        // Enter comes alone; so many characters at once are the next line, typed while the unit prints.
        var before = await unit.counters().bytesIn
        await until {
          let now = await unit.counters().bytesIn
          defer { before = now }
          return now - before > 4
        }
        session.withLock { $0?.cancel() }
      }
      let (start, go) = AsyncStream<Void>.makeStream()
      let running = Task {
        for await _ in start { break }
        return try await runSession(manifest, at: .tty(path: unit.path), onEvent: half.see)
      }
      session.withLock { $0 = running }
      go.yield()
      let run = try await running.value
      #expect(run.unit.interrupted && run.unit.regions[0].held < Self.size)
      let typing = try typing(run)
      let records = try TranscriptText.records(String(decoding: run.files["console.log"] ?? [], as: UTF8.self))
      func text(sent: Bool) -> String {
        records.filter { $0.isSent == sent }.map { String(decoding: $0.bytes, as: UTF8.self) }.joined()
      }
      let sent = text(sent: true)
      let command = try #require(sent.ranges(of: /d -s 0x[0-9A-F]{8}/).last)
      #expect(!sent[command.upperBound...].hasPrefix("\r"), "the stop came when nothing was typed ahead")
      let printed = text(sent: false)
      #expect(typing.ahead > 0 && printed.hasSuffix(Self.prompt), "\(printed.suffix(200))")
    }
  }
}
