import DeviceSimulator
import Foundation
import SerialLink
import Testing

@testable import DumpEngine

@Suite("What happens in the middle of a dump", .serialized, .timeLimit(.minutes(2)))
struct DisturbanceTests {
  static let size = 100_000

  @Test("a reset is mended: the dump goes on with what is missing", arguments: ["crc32", "no digest"])
  func reset(digest: String) async throws {
    let simulated = Units.uBoot { if digest != "crc32" { $0.commands.remove(.crc32) } }
    try await withUnit(simulated) { unit in
      let once = OnceHeld { await unit.reset() }
      let manifest = SlotManifest(address: Units.flash, size: Self.size)
      let run = try await runSession(manifest, at: .tty(path: unit.path)) { await once.see($0) }
      let evidence: Evidence = digest == "crc32" ? .deviceDigest(.crc32) : .reread
      try run.expectImage(unit.contents(address: Units.flash, size: Self.size), evidence: [evidence])
      #expect(run.unit.wire.resets == 1)
      #expect(run.events.contains { if case .unitReset = $0 { true } else { false } })
    }
  }

  /// What was being typed when the unit reset may fill its port's 16 places, and then the ESC that would stop it is
  /// lost: the loader looks at six characters only. No byte may be wrong either way.
  @Test("a W90 that resets is stopped at its prompt again, or its partial image is true")
  func resetOfACamera() async throws {
    try await withUnit(Units.camera()) { unit in
      let once = OnceHeld { await unit.reset() }
      var manifest = SlotManifest.w90(size: 40_000)
      manifest.wake = 30
      let run = try await runSession(manifest, at: .tty(path: unit.path)) { await once.see($0) }
      let expected = unit.contents(address: Units.cameraKernel, size: 40_000)
      #expect(run.unit.wire.resets == 1, run.failureText)
      if run.unit.failure == nil {
        // The footer counts only on a line without faults, and the reset may or may not have hit a line.
        let evidence = Set(run.unit.regions[0].blocks.map(\.evidence))
        #expect(evidence == [.reread] || evidence == [.imageFooter, .reread], run.failureText)
        try run.expectImage(expected, evidence: evidence)
      } else {
        #expect(run.unit.failure?.kind == "no-prompt", run.failureText)
        #expect(try run.expectTruePartial(expected) > 0)
      }
    }
  }

  @Test("a program that has switched the power off switches it on again, whoever is in a hurry")
  func cancelledReset() async throws {
    try await withUnit(Units.uBoot()) { unit in
      let (moments, reached) = AsyncStream<Void>.makeStream()
      let (pause, goOn) = AsyncStream<Void>.makeStream()
      var manifest = SlotManifest(address: Units.flash, size: Self.size)
      manifest.reset = #"{ "command": ["relay"], "when": "start" }"#
      let task = Task { [manifest] in
        try await runSession(manifest, at: .tty(path: unit.path), onEvent: { _ in }) {
          await unit.powerOff()
          reached.finish()
          for await _ in pause {}
          if !Task.isCancelled { await unit.powerCycle() }
        }
      }
      for await _ in moments {}
      task.cancel()
      goOn.finish()
      let run = try await task.value
      #expect(run.unit.interrupted, run.failureText)
      #expect(await unit.counters().starts == 2)
    }
  }

  @Test("a unit that stands still for longer than the reply time is waited for")
  func freeze() async throws {
    try await withUnit(Units.uBoot()) { unit in
      let once = OnceHeld { await unit.freeze() }
      var manifest = SlotManifest(address: Units.flash, size: Self.size)
      manifest.reply = 0.5
      let run = try await runSession(manifest, at: .tty(path: unit.path)) { event in
        await once.see(event)
        // The session has noticed the silence: now it may go on.
        if case .trouble(let text) = event, text.contains("silent") { await unit.thaw() }
      }
      try run.expectImage(unit.contents(address: Units.flash, size: Self.size), evidence: [.deviceDigest(.crc32)])
      #expect(run.unit.wire.recoveries >= 1)
      #expect(run.unit.wire.resets == 0)
    }
  }

  @Test("a unit that never comes back leaves a true partial image")
  func power() async throws {
    try await withUnit(Units.uBoot()) { unit in
      let once = OnceHeld { await unit.powerOff() }
      var manifest = SlotManifest(address: Units.flash, size: Self.size)
      (manifest.reply, manifest.wake) = (0.5, 1)
      let run = try await runSession(manifest, at: .tty(path: unit.path)) { await once.see($0) }
      #expect(run.unit.failure?.kind == "no-prompt")
      #expect(try run.expectTruePartial(unit.contents(address: Units.flash, size: Self.size)) > 0)
      run.expectTranscript()
    }
  }

  @Test("an adapter that is pulled ends the session within seconds, with a true partial image")
  func hangUp() async throws {
    try await withUnit(Units.uBoot()) { unit in
      let once = OnceHeld { await unit.hangUp() }
      let manifest = SlotManifest(address: Units.flash, size: Self.size)
      let run = try await runSession(manifest, at: .tty(path: unit.path)) { await once.see($0) }
      #expect(run.unit.failure?.kind == "link-lost", run.failureText)
      #expect(run.unit.ended.timeIntervalSince(run.unit.started) < 20)
      #expect(try run.expectTruePartial(unit.contents(address: Units.flash, size: Self.size)) > 0)
      run.expectTranscript()
    }
  }

  @Test("a hole in the memory is named exactly, and the rest is complete", arguments: [true, false])
  func unmapped(hasDigest: Bool) async throws {
    var simulated = Units.uBoot {
      $0.bootDelay = 20
      if !hasDigest { $0.commands.remove(.crc32) }
    }
    let hole = 0x3000..<0x3800
    simulated.memory[0] = MemoryArea(address: Quantity(Units.flash), size: 0x3000, content: .random(seed: 1))
    simulated.memory.append(
      MemoryArea(address: Quantity(Units.flash + 0x3800), size: 0x4000, content: .random(seed: 2)))
    try await withUnit(simulated) { unit in
      var manifest = SlotManifest(address: Units.flash, size: 0x5000)
      manifest.policy = #""retries": 3"#
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      let first = try #require(unit.contents(address: Units.flash, size: hole.lowerBound))
      let rest = try #require(unit.contents(address: Units.flash + UInt64(hole.upperBound), size: 0x1800))
      let expected = first + [UInt8](repeating: 0, count: hole.count) + rest
      #expect(run.unit.failure?.kind == "incomplete", run.failureText)
      let message = run.unit.failure?.message ?? ""
      #expect(message.contains("flash (0x3000+0x800 silence); see whether there is memory"), "\(message)")
      #expect(try run.expectTruePartial(expected) == 0x5000 - hole.count)
      #expect(run.unit.regions[0].bad == [hole])
      let evidence: Evidence = hasDigest ? .deviceDigest(.crc32) : .reread
      #expect(Set(run.unit.regions[0].blocks.map(\.evidence)) == [evidence])
    }
  }

  @Test("cancelling ends the session at once, with a true partial image and a last ctrl-C", arguments: [false, true])
  func cancelled(isFrozen: Bool) async throws {
    try await withUnit(Units.uBoot()) { unit in
      let (held, reached) = AsyncStream<Void>.makeStream()
      let once = OnceHeld {
        if isFrozen { await unit.freeze() }
        reached.finish()
      }
      var manifest = SlotManifest(address: Units.flash, size: Units.flashSize)
      manifest.reply = 60
      let task = Task { [manifest] in
        try await runSession(manifest, at: .tty(path: unit.path)) { await once.see($0) }
      }
      for await _ in held {}
      let start = ContinuousClock.now
      task.cancel()
      let run = try await task.value
      #expect(ContinuousClock.now - start < .seconds(10))
      #expect(run.unit.interrupted)
      #expect(run.unit.failure == nil, run.failureText)
      #expect(try run.expectTruePartial(unit.contents(address: Units.flash, size: Units.flashSize)) > 0)
      let log = String(decoding: run.files["console.log"] ?? [], as: UTF8.self)
      let lastTyped = log.split(separator: "\n").last { $0.contains(" > ") } ?? ""
      #expect(lastTyped.hasSuffix(#" > \x03"#), "\(lastTyped)")
    }
  }
}
