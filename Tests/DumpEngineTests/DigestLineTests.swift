import DeviceSimulator
import SerialLink
import Testing

@testable import DumpEngine

@Suite("Digests are asked for together", .timeLimit(.minutes(2)))
struct DigestLineTests {
  private static let size = 256 << 10

  /// The second would all fit into a usual line.
  @Test(
    "as many as the console's line holds, and no more",
    arguments: [(128, 4096), (128, 32768), (256, 4096), (512, 4096), (1024, 4096)])
  func together(lineBuffer: Int, block: Int) async throws {
    // Nothing of it need be read.
    let simulated = Units.uBoot(content: .fill(0xFF)) { $0.lineBuffer = lineBuffer }
    try await withUnit(simulated) { unit in
      var manifest = SlotManifest(address: Units.flash, size: Self.size)
      manifest.console = #", "readLength": \#(block)"#
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      try run.expectImage(unit.contents(address: Units.flash, size: Self.size), evidence: [.deviceDigest(.crc32)])
      let typed = try Self.typed(in: run)
      let most = typed.map { $0.split(separator: ";").count { $0.hasPrefix("crc32 ") } }.max() ?? 0
      let longest = typed.filter { $0.hasPrefix("crc32") }.map(\.utf8.count).max() ?? 0
      // `crc32 4000000 1000;` has 19 characters. The first is asked alone.
      let room = try #require(run.unit.console?.lineLimit)
      #expect(room <= lineBuffer && longest <= room, "\(longest) characters in a line of \(room)")
      // A machine that is very late takes the unit for slow, and asks it for fewer.
      let full = min(Self.size / block - 1, room / 19)
      #expect(most <= full && most * 2 > full, "\(most) in a line of \(room)")
    }
  }

  @Test("one that is right where all are tried is not asked for once more, by itself")
  func tried() async throws {
    try await withUnit(Units.uBoot(content: .random(seed: 5))) { unit in
      let run = try await runSession(SlotManifest(address: Units.flash, size: Self.size), at: .tty(path: unit.path))
      try run.expectImage(unit.contents(address: Units.flash, size: Self.size), evidence: [.deviceDigest(.crc32)])
      let trials = try Self.typed(in: run).filter { $0.hasSuffix("crc32 4000000 40") }
      #expect(trials.count == 1 && trials[0].contains(";"), "\(trials)")
    }
  }

  @Test("how long a line may be is asked where many are, and not where nothing is compared before it is read")
  func lineLength() async throws {
    for (reuse, isAsked) in [("never", false), ("constant", true)] {
      try await withUnit(Units.uBoot(content: .random(seed: 5))) { unit in
        var manifest = SlotManifest(address: Units.flash, size: Self.size)
        manifest.console = #", "readLength": 4096"#
        manifest.policy = #""reuse": "\#(reuse)", "retries": 5"#
        let run = try await runSession(manifest, at: .tty(path: unit.path))
        try run.expectImage(unit.contents(address: Units.flash, size: Self.size), evidence: [.deviceDigest(.crc32)])
        #expect(try Self.typed(in: run).contains { $0.hasPrefix("##") } == isAsked, "\(reuse)")
      }
    }
  }

  private static func typed(in run: SessionRun) throws -> [String] {
    try TranscriptText.records(String(decoding: run.files["console.log"] ?? [], as: UTF8.self))
      .filter(\.isSent).map { String(decoding: $0.bytes, as: UTF8.self) }
  }
}
