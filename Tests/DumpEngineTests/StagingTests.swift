import DeviceSimulator
import SerialLink
import Testing

@testable import DumpEngine

@Suite("Flash that is not in the address space is copied into RAM", .serialized, .timeLimit(.minutes(2)))
struct StagingTests {
  static func unit(_ text: UBootOptions.DigestText = .new) -> SimulatedUnit {
    Units.uBoot {
      $0.commands.insert(.sf)
      $0.spiFlash = UBootOptions.SPIFlash(name: "w25q128", size: 0x4_0000, content: .random(seed: 21), text: text)
    }
  }

  static func manifest(size: Int, piece: Int, offset: Int = 0, expect: Bool = true) -> SlotManifest {
    let pattern = expect ? "" : #", "expect": "^$""#
    var manifest = SlotManifest(regions: [
      #"""
      { "name": "flash", "file": "flash.bin", "size": \#(size), "staging": {
        "command": "sf read {ram} {offset} {size}", "ram": "0x40010000", "offset": \#(offset), "piece": \#(piece)
        \#(pattern) } }
      """#
    ])
    manifest.setup = #""sf probe 0""#
    return manifest
  }

  @Test(
    "in pieces of any size",
    arguments: [
      (size: 4096, piece: 4096, offset: 0), (size: 20_000, piece: 4096, offset: 0),
      (size: 20_001, piece: 7000, offset: 0x1234), (size: 5000, piece: 65536, offset: 0x3_0000),
    ])
  func pieces(size: Int, piece: Int, offset: Int) async throws {
    try await withUnit(Self.unit()) { unit in
      let manifest = Self.manifest(size: size, piece: piece, offset: offset)
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      let expected = unit.spiFlashContents(offset: UInt64(offset), size: size)
      try run.expectImage(expected, evidence: [.deviceDigest(.crc32)])
    }
  }

  @Test("of a U-Boot that says nothing when it has read")
  func silent() async throws {
    try await withUnit(Self.unit(.old)) { unit in
      let manifest = Self.manifest(size: 9000, piece: 4096, expect: false)
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      try run.expectImage(unit.spiFlashContents(offset: 0, size: 9000), evidence: [.deviceDigest(.crc32)])
    }
  }

  @Test("a command that says nothing of a copy has copied nothing")
  func nothingCopied() async throws {
    try await withUnit(Self.unit()) { unit in
      var manifest = Self.manifest(size: 8192, piece: 4096)
      manifest.regions = manifest.regions.replacing("sf read", with: "echo")
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      #expect(run.unit.failure?.kind == "staging")
      #expect(run.unit.failure?.message.contains("expected a line that says so") == true, run.failureText)
      #expect(run.unit.regions[0].held == 0)
    }
  }

  @Test("and proved by a second copy where the unit has no digest")
  func reread() async throws {
    try await withUnit(Self.unit()) { unit in
      var manifest = Self.manifest(size: 20_000, piece: 4096)
      manifest.policy = #""verify": "reread""#
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      try run.expectImage(unit.spiFlashContents(offset: 0, size: 20_000), evidence: [.reread])
    }
  }

  @Test("again after a reset, with the setup commands before it")
  func resetInBetween() async throws {
    try await withUnit(Self.unit()) { unit in
      let once = OnceHeld { await unit.reset() }
      let manifest = Self.manifest(size: 100_000, piece: 16384)
      let run = try await runSession(manifest, at: .tty(path: unit.path)) { await once.see($0) }
      try run.expectImage(unit.spiFlashContents(offset: 0, size: 100_000), evidence: [.deviceDigest(.crc32)])
      #expect(run.unit.wire.resets == 1)
    }
  }

  @Test("a copy that fails ends the session with what the unit said", arguments: ["no setup", "past the end"])
  func refused(cause: String) async throws {
    try await withUnit(Self.unit()) { unit in
      var manifest = Self.manifest(size: 8192, piece: 8192, offset: cause == "no setup" ? 0 : 0x3_F000)
      if cause == "no setup" { manifest.setup = "" }
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      #expect(run.unit.failure?.kind == "staging")
      let said = cause == "no setup" ? "No SPI flash selected" : "attempting read past flash size"
      #expect(run.unit.failure?.message.contains(said) == true, run.failureText)
      #expect(try run.expectTruePartial([UInt8](repeating: 0, count: 8192)) == 0)
    }
  }

  @Test("a setup command that fails ends the session before anything is read")
  func setupRefused() async throws {
    try await withUnit(Units.uBoot()) { unit in
      var manifest = SlotManifest(address: Units.flash, size: 4096)
      manifest.setup = #""sf probe 0""#
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      #expect(run.unit.failure?.kind == "refused")
      #expect(run.unit.failure?.message.contains("setup command `sf probe 0` failed") == true, run.failureText)
      #expect(await unit.counters().bytesDumped == 0)
    }
  }
}
