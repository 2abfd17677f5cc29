import DeviceSimulator
import SerialLink
import Testing

@testable import DumpEngine

@Suite("A session knows its unit", .serialized, .timeLimit(.minutes(2)))
struct IdentityTests {
  static let mac = #"{ "name": "mac", "command": "printenv ethaddr", "pattern": "^ethaddr=([0-9A-Fa-f:]{17})$" }"#

  @Test("by a fact that a command prints")
  func command() async throws {
    try await withUnit(Units.uBoot()) { unit in
      var manifest = SlotManifest(address: Units.flash, size: 512)
      manifest.identity = Self.mac
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      #expect(run.unit.identity == [IdentityFact(name: "mac", value: "02:00:5e:00:00:01")])
      #expect(run.unit.isVerified, run.failureText)
    }
  }

  @Test("by a fact in its boot text, which is not asked for again at the end")
  func bootText() async throws {
    var simulated = Units.uBoot()
    simulated.start = .booting
    try await withUnit(simulated) { unit in
      var manifest = SlotManifest(address: Units.flash, size: 512)
      manifest.identity = #"{ "name": "version", "pattern": "^U-Boot ([0-9.]+)" }"#
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      #expect(run.unit.identity == [IdentityFact(name: "version", value: "2023.01")])
      #expect(run.unit.isVerified, run.failureText)
    }
  }

  @Test("and refuses one without the fact, with what it printed instead")
  func missing() async throws {
    try await withUnit(Units.uBoot { $0.environment["ethaddr"] = nil }) { unit in
      var manifest = SlotManifest(address: Units.flash, size: 512)
      manifest.identity = Self.mac
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      #expect(run.unit.failure?.kind == "identity")
      #expect(run.unit.failure?.message.contains("no mac of the unit") == true, run.failureText)
      #expect(run.unit.failure?.message.contains("ethaddr\" not defined") == true, run.failureText)
      #expect(await unit.counters().bytesDumped == 0)
    }
  }

  @Test("and does without a fact that may be absent")
  func optional() async throws {
    try await withUnit(Units.uBoot { $0.environment["ethaddr"] = nil }) { unit in
      var manifest = SlotManifest(address: Units.flash, size: 512)
      manifest.identity = String(Self.mac.dropLast()) + #", "required": false }"#
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      #expect(run.unit.identity == [])
      #expect(run.unit.isVerified, run.failureText)
    }
  }

  @Test("another unit after a reset is refused, and the image keeps what the first one sent")
  func otherUnit() async throws {
    try await withUnit(Units.uBoot()) { unit in
      // Lasts until the reset, as a unit in the jig lasts until it is taken out.
      try await type("setenv ethaddr 02:00:5e:00:00:99", at: unit)
      let once = OnceHeld { await unit.reset() }
      var manifest = SlotManifest(address: Units.flash, size: 100_000)
      manifest.identity = Self.mac
      let run = try await runSession(manifest, at: .tty(path: unit.path)) { await once.see($0) }
      #expect(run.unit.failure?.kind == "other-unit", run.failureText)
      let message = run.unit.failure?.message ?? ""
      #expect(message.contains("its mac is 02:00:5e:00:00:01, expected 02:00:5e:00:00:99"), "\(message)")
      #expect(run.unit.identity == [IdentityFact(name: "mac", value: "02:00:5e:00:00:99")])
      let held = try run.expectTruePartial(unit.contents(address: Units.flash, size: 100_000))
      #expect((1..<100_000).contains(held))
    }
  }

  @Test("a unit that differs only at the end, when all was read, is refused too")
  func otherUnitAtTheEnd() async throws {
    try await withUnit(Units.uBoot()) { unit in
      var manifest = SlotManifest(address: Units.flash, size: 512)
      manifest.identity = Self.mac
      manifest.setup = #""setenv ethaddr 02:00:5e:00:00:99""#
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      #expect(run.unit.failure?.kind == "other-unit", run.failureText)
      #expect(!run.unit.isVerified)
    }
  }

  @Test("of two units that nothing is known by, no images stand side by side", arguments: [true, false])
  func exchanged(hasDigest: Bool) async throws {
    let make = { @Sendable (seed: UInt64) in
      Units.uBoot(seed: seed) { if !hasDigest { $0.commands.remove(.crc32) } }
    }
    try await withUnit(make(11)) { unit in
      let once = OnceHeld(of: "more") { try? await unit.exchange(for: make(12)) }
      let more = Units.flash + 0x1_0000
      let manifest = SlotManifest(regions: [
        SlotManifest.region("flash", address: Units.flash, size: 8192),
        SlotManifest.region("more", address: more, size: 100_000),
      ])
      let run = try await runSession(manifest, at: .tty(path: unit.path)) { await once.see($0) }
      let evidence: Set<Evidence> = [hasDigest ? .deviceDigest(.crc32) : .reread]
      try run.expectImage(unit.contents(address: Units.flash, size: 8192), evidence: evidence)
      try run.expectImage(unit.contents(address: more, size: 100_000), file: "more.bin", evidence: evidence)
      #expect(run.unit.wire.resets == 1)
    }
  }

  /// Nothing tells of the exchange but the silence, so that has to be as long as it takes to plug a cable over: this sleep
  /// is what is tested, not waited for.
  @Test("nor where the only fact was in the boot text, and the other unit is at its prompt already")
  func exchangedAtPrompt() async throws {
    let make = { @Sendable (seed: UInt64) in Units.uBoot(seed: seed) { $0.commands.remove(.crc32) } }
    var simulated = make(11)
    simulated.start = .off
    try await withUnit(simulated) { unit in
      let once = OnceHeld(of: "more") {
        // A fleet's images differ in few places, which samples miss.
        try? unit.flipBit(1, address: Units.flash + 5000)
        await unit.freeze()
        try? await Task.sleep(for: .seconds(4))
        await unit.thaw()
      }
      var manifest = SlotManifest(regions: [
        SlotManifest.region("flash", address: Units.flash, size: 8192),
        SlotManifest.region("more", address: Units.flash + 0x1_0000, size: 100_000),
      ])
      manifest.reply = 1
      manifest.identity = #"{ "name": "version", "pattern": "^(U-Boot 20\\S+)" }"#
      let run = try await runSession(manifest, at: .tty(path: unit.path)) { event in
        if case .waking = event { await unit.powerCycle() }
        await once.see(event)
      }
      #expect(!run.unit.identity.isEmpty, run.failureText)
      try run.expectImage(unit.contents(address: Units.flash, size: 8192), evidence: [.reread])
    }
  }

  @Test("noise on the line makes no other unit of it", arguments: [1, 2] as [UInt64])
  func noise(seed: UInt64) async throws {
    var simulated = Units.uBoot()
    simulated.noise = LineNoise(seed: seed, flips: 0.003)
    try await withUnit(simulated) { unit in
      var manifest = SlotManifest(address: Units.flash, size: 512)
      (manifest.reply, manifest.policy) = (0.3, #""retries": 100"#)
      manifest.identity = Self.mac
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      #expect(run.unit.failure == nil, run.failureText)
      #expect(run.unit.identity == [IdentityFact(name: "mac", value: "02:00:5e:00:00:01")])
    }
  }

  private func type(_ command: String, at unit: RunningUnit) async throws {
    let link = try await Link.open(
      .tty(path: unit.path), settings: LineSettings(speed: 3_000_000), on: .singletonMultiThreadedEventLoopGroup)
    try await link.send(Array((command + "\r").utf8))
    var printed: [UInt8] = []
    while !printed.ends(with: "\n=> ".utf8), let bytes = try await link.receive(within: .seconds(20)) {
      printed += bytes
    }
    await link.close()
  }
}

extension [UInt8] {
  fileprivate func ends(with end: String.UTF8View) -> Bool { suffix(end.count).elementsEqual(end) }
}
