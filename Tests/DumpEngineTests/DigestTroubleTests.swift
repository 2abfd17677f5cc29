import ConsoleDialect
import DeviceSimulator
import SerialLink
import Testing

@testable import DumpEngine

/// A unit whose digests are right over the few bytes by which they are learned, and no use over many.
@Suite("A digest that is no use costs little, and nothing of the image", .serialized, .timeLimit(.minutes(4)))
struct DigestTroubleTests {
  private static let size = 96 << 10
  private static let mac = #"{ "name": "mac", "command": "printenv ethaddr", "pattern": "^ethaddr=([0-9a-f:]{17})$" }"#

  private static func unit(_ faults: DigestFaults, _ commands: Set<UBootCommand> = [.crc32]) -> SimulatedUnit {
    var unit = Units.uBoot { $0.commands = $0.commands.subtracting([.crc32]).union(commands) }
    unit.faults = FaultPlan(seed: 5)
    unit.faults?.digests = faults
    return unit
  }

  private static func manifest(size: Int = Self.size, _ policy: String = #""retries": 5"#) -> SlotManifest {
    var manifest = SlotManifest(address: Units.flash, size: size)
    (manifest.identity, manifest.policy) = (mac, policy)
    return manifest
  }

  private func isGivenUp(_ run: SessionRun, _ name: String) -> Bool {
    run.troubles.count { $0.contains("the unit's \(name) is not used any more") } == 1
  }

  // MARK: One that resets the unit

  @Test("where it resets the unit, all is read twice", arguments: [64, 4096, 8192], ["batch", "never"])
  func resets(above length: Int, reuse: String) async throws {
    try await withUnit(Self.unit(DigestFaults(resetAbove: length))) { unit in
      let manifest = Self.manifest(#""retries": 5, "reuse": "\#(reuse)""#)
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      try run.expectImage(unit.contents(address: Units.flash, size: Self.size), evidence: [.reread])
      #expect(isGivenUp(run, "crc32"), run.failureText)
      #expect(run.unit.console?.digests == [])
      let resets = await unit.counters().faults.digestResets
      #expect(resets == 2, "\(resets) resets")
      #expect(run.unit.wire.resets == resets)
    }
  }

  @Test("the next digest is asked instead, where there is one")
  func next() async throws {
    let faults = DigestFaults(resetAbove: 4096, algorithms: ["md5"])
    try await withUnit(Self.unit(faults, [.crc32, .md5sum])) { unit in
      let run = try await runSession(Self.manifest(), at: .tty(path: unit.path))
      try run.expectImage(unit.contents(address: Units.flash, size: Self.size), evidence: [.deviceDigest(.crc32)])
      #expect(isGivenUp(run, "md5"), run.failureText)
      #expect(run.unit.console?.digests == [.crc32])
      #expect(await unit.counters().faults.digestResets == 2)
      let dumped = await unit.counters().bytesDumped
      #expect(dumped < Self.size + 4096, "\(dumped)")
    }
  }

  @Test("`verify: digest` says that none is left, and leaves a true partial image")
  func demanded() async throws {
    try await withUnit(Self.unit(DigestFaults(resetAbove: 4096))) { unit in
      let run = try await runSession(
        Self.manifest(#""retries": 5, "verify": "digest""#), at: .tty(path: unit.path))
      #expect(run.unit.failure?.kind == "no-digest", run.failureText)
      let message = run.unit.failure?.message ?? ""
      #expect(message.contains("no digest of the unit's is left") && message.contains("choose `auto` or `reread`"))
      try run.expectTruePartial(unit.contents(address: Units.flash, size: Self.size))
    }
  }

  /// It fails at the second look, or when some blocks have been taken already.
  @Test("what was known by such a digest alone is read after all", arguments: [50, 120])
  func matched(spared: Int) async throws {
    var faults = DigestFaults(resetAbove: 64)
    faults.spared = spared
    var simulated = Self.unit(faults)
    simulated.memory[0].content = .fill(0xFF)
    try await withUnit(simulated) { unit in
      var manifest = Self.manifest(size: Units.flashSize)
      manifest.console = #", "readLength": 2048"#
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      try run.expectImage(unit.contents(address: Units.flash, size: Units.flashSize), evidence: [.reread])
      #expect(isGivenUp(run, "crc32"), run.failureText)
      #expect(run.unit.regions[0].reused == 0)
    }
  }

  @Test("a unit that is not known by anything is believed no more than before")
  func unknownUnit() async throws {
    try await withUnit(Self.unit(DigestFaults(resetAbove: 4096))) { unit in
      var manifest = Self.manifest()
      manifest.identity = ""
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      try run.expectImage(unit.contents(address: Units.flash, size: Self.size), evidence: [.reread])
    }
  }

  @Test("a hole in the memory is no fault of the digest's, however many blocks it takes")
  func hole() async throws {
    let hole = 0x3000..<0x5000
    var simulated = Units.uBoot()
    simulated.memory[0] = MemoryArea(address: Quantity(Units.flash), size: 0x3000, content: .random(seed: 1))
    simulated.memory.append(
      MemoryArea(address: Quantity(Units.flash + 0x5000), size: 0x3000, content: .random(seed: 2)))
    try await withUnit(simulated) { unit in
      var manifest = Self.manifest(size: 0x8000, #""retries": 1"#)
      manifest.console = #", "readLength": 4096"#
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      #expect(run.unit.failure?.kind == "incomplete", run.failureText)
      #expect(run.unit.regions[0].bad == [hole])
      #expect(Set(run.unit.regions[0].blocks.map(\.evidence)) == [.deviceDigest(.crc32)])
      #expect(!isGivenUp(run, "crc32") && run.unit.console?.digests == [.crc32], run.failureText)
    }
  }

  // MARK: One that lies

  @Test("where it is always another than that of the bytes, all is read twice", arguments: [64, 200])
  func lies(above length: Int) async throws {
    try await withUnit(Self.unit(DigestFaults(lieAbove: length))) { unit in
      let run = try await runSession(Self.manifest(), at: .tty(path: unit.path))
      try run.expectImage(unit.contents(address: Units.flash, size: Self.size), evidence: [.reread])
      #expect(isGivenUp(run, "crc32"), run.failureText)
      #expect(run.unit.regions[0].faults.isEmpty)
      let dumped = await unit.counters().bytesDumped
      #expect(dumped < Self.size * 5 / 2, "\(dumped) bytes were read")
    }
  }

  @Test("one that is right over each block and wrong over all of them proves the blocks")
  func lyingOfAll() async throws {
    try await withUnit(Self.unit(DigestFaults(lieAbove: 64 << 10))) { unit in
      let run = try await runSession(Self.manifest(), at: .tty(path: unit.path))
      try run.expectImage(unit.contents(address: Units.flash, size: Self.size), evidence: [.deviceDigest(.crc32)])
      #expect(run.troubles.count { $0.contains("that of so many bytes is not believed") } == 1, run.failureText)
      #expect(run.unit.regions[0].deviceDigest == nil)
    }
  }

  // MARK: One that is slow

  @Test("a slow digest is waited for, over shorter ranges, one in a line")
  func slow() async throws {
    try await withUnit(Self.unit(DigestFaults(microsecondsPerByte: 300))) { unit in
      var manifest = Self.manifest(size: 64 << 10)
      // Less than a digest of all takes: nobody gets the unit back to its prompt meanwhile.
      (manifest.reply, manifest.wake) = (2, 5)
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      try run.expectImage(unit.contents(address: Units.flash, size: 64 << 10), evidence: [.deviceDigest(.crc32)])
      #expect(run.unit.wire.recoveries == 0, run.failureText)
      let log = String(decoding: run.files["console.log"] ?? [], as: UTF8.self)
      let most = log.split(separator: "\n").map { $0.ranges(of: "crc32 4").count }.max() ?? 0
      #expect(most == 1, "\(most) digests in a line")
      // Each block once, and a page to begin with.
      let counters = await unit.counters()
      #expect(counters.bytesDigested < (64 + 8) << 10, "\(counters.bytesDigested) bytes were digested")
    }
  }

  @Test("one that takes much longer than reading is given up")
  func tooSlow() async throws {
    try await withUnit(Self.unit(DigestFaults(microsecondsPerByte: 1000))) { unit in
      var manifest = Self.manifest()
      (manifest.reply, manifest.wake) = (2, 5)
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      try run.expectImage(unit.contents(address: Units.flash, size: Self.size), evidence: [.reread])
      #expect(isGivenUp(run, "crc32"), run.failureText)
      #expect(run.unit.wire.recoveries == 0)
    }
  }

  // MARK: Answers that are hit

  @Test("a character that is hit costs one digest of a line, and no reading of what all of them are of")
  func hitAnswers() async throws {
    var simulated = Units.uBoot(content: .fill(0xFF))
    simulated.noise = LineNoise(seed: 8, flips: 0.002)
    try await withUnit(simulated) { unit in
      var manifest = Self.manifest(size: Units.flashSize, #""retries": 20"#)
      (manifest.console, manifest.reply) = (#", "readLength": 4096"#, 1)
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      let expected = unit.contents(address: Units.flash, size: Units.flashSize)
      try run.expectImage(expected, evidence: [.deviceDigest(.crc32)])
      let dumped = await unit.counters().bytesDumped
      #expect(dumped < Units.flashSize / 8, "\(dumped) bytes were read")
    }
  }
}
