import DeviceSimulator
import SerialLink
import Testing

@testable import ConsoleDialect
@testable import DumpEngine

/// A U-Boot build, and what a session has to find out about it.
struct UBootVariant: Sendable, CustomTestStringConvertible {
  let name: String
  var options: @Sendable (inout UBootOptions) -> Void = { _ in }
  var start = SimulatedUnit.StartState.prompt
  var console = ""
  var address = Units.flash
  var prompt = "=> "
  var method = "md.l"
  var byteOrder: ByteOrder? = .little
  var digests: [DigestAlgorithm] = [.crc32]

  var testDescription: String { name }

  static let all: [UBootVariant] = [
    UBootVariant(name: "old gutter", options: { $0.gutter = .old }),
    UBootVariant(name: "big endian", options: { $0.byteOrder = .big }, byteOrder: .big),
    UBootVariant(
      name: "big endian, old gutter",
      options: {
        $0.byteOrder = .big; $0.gutter = .old
      }, byteOrder: .big),
    UBootVariant(
      name: "64 bits", options: { $0.addressWidth = 64 }, address: 0x1_0400_0000, method: "md.q"),
    UBootVariant(name: "prompt with brackets", options: { $0.prompt = "[tb100]:~# " }, prompt: "[tb100]:~# "),
    UBootVariant(name: "prompt of a router", options: { $0.prompt = "MT7621 # " }, prompt: "MT7621 # "),
    UBootVariant(name: "prompt of one character", options: { $0.prompt = ">" }, prompt: ">"),
    UBootVariant(
      name: "prompt with parentheses", options: { $0.prompt = "Tegra124 (Jetson TK1) # " },
      prompt: "Tegra124 (Jetson TK1) # "),
    UBootVariant(name: "old countdown", options: { $0.countdown = .old }, start: .booting),
    UBootVariant(name: "new countdown", options: { $0.countdown = .new }, start: .booting),
    UBootVariant(
      name: "autoboot stopped by a word",
      options: {
        $0.countdownText = "Autoboot in %d seconds, say the word"
        $0.stopKey = "xyzzy"
        $0.bootDelay = 20
      }, start: .booting, console: #", "autoboot": [{ "when": "say the word", "send": "xyzzy" }]"#),
    UBootVariant(name: "old digest text", options: { $0.digestText = .old }),
    UBootVariant(name: "md5sum", options: { $0.commands.insert(.md5sum) }, digests: [.md5, .crc32]),
    UBootVariant(name: "sha1sum", options: { $0.commands.insert(.sha1sum) }, digests: [.sha1, .crc32]),
    UBootVariant(name: "hash", options: { $0.commands.insert(.hash) }, digests: [.sha256, .sha1, .crc32]),
    UBootVariant(name: "no digest", options: { $0.commands.remove(.crc32) }, digests: []),
    UBootVariant(name: "a method of the manifest", console: #", "method": "md.w""#, method: "md.w"),
    UBootVariant(name: "short reads", console: #", "readLength": "1 KiB""#),
  ]
}

@Suite("A session learns how a U-Boot was built", .serialized, .timeLimit(.minutes(2)))
struct UBootVariantTests {
  @Test("and its image is right", arguments: UBootVariant.all)
  func variant(_ variant: UBootVariant) async throws {
    var simulated = Units.uBoot("unit", variant.options)
    simulated.memory[0].address = Quantity(variant.address)
    simulated.start = variant.start
    try await withUnit(simulated) { unit in
      var manifest = SlotManifest(address: variant.address, size: 8192)
      manifest.console = variant.console
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      let evidence = variant.digests.first.map { Evidence.deviceDigest($0) } ?? .reread
      try run.expectImage(unit.contents(address: variant.address, size: 8192), evidence: [evidence])
      let console = try #require(run.unit.console)
      #expect(console.prompt == variant.prompt)
      #expect(console.method == variant.method)
      #expect(console.byteOrder == variant.byteOrder)
      #expect(console.digests == variant.digests)
      #expect(run.unit.regions[0].deviceDigest?.algorithm == variant.digests.first)
      #expect(run.unit.wire.recoveries == 0)
    }
  }

  @Test("where memory is constant the byte order cannot be seen, and single bytes are read", arguments: [0x00, 0xFF])
  func constant(byte: UInt8) async throws {
    try await withUnit(Units.uBoot(content: .fill(byte))) { unit in
      let run = try await runSession(SlotManifest(address: Units.flash, size: 4096), at: .tty(path: unit.path))
      try run.expectImage([UInt8](repeating: byte, count: 4096), evidence: [.deviceDigest(.crc32)])
      #expect(run.unit.console?.method == "md.b")
      #expect(run.unit.console?.byteOrder == nil)
    }
  }

  @Test("where only the middle tells the byte order, it is looked for there")
  func orderInTheMiddle() async throws {
    let parts = [
      MemoryContent.Part(size: 32768, content: .fill(0)), MemoryContent.Part(size: 8192, content: .random(seed: 3)),
    ]
    try await withUnit(Units.uBoot(content: .pattern(parts))) { unit in
      let run = try await runSession(SlotManifest(address: Units.flash, size: 40960), at: .tty(path: unit.path))
      try run.expectImage(unit.contents(address: Units.flash, size: 40960), evidence: [.deviceDigest(.crc32)])
      #expect(run.unit.console?.method == "md.l")
    }
  }
}
