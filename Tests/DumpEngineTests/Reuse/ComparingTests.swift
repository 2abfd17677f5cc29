import ConsoleDialect
import DeviceSimulator
import TestSupport
import Testing

@testable import DumpEngine

@Suite("A unit is asked to compare its memory as long as that is of use", .timeLimit(.minutes(2)))
struct ComparingTests {
  private static let size = 64 << 10
  private static let manifest = {
    var manifest = SlotManifest(address: Units.flash, size: size)
    manifest.console = #", "readLength": 16384"#
    return manifest
  }()

  private static func unit(lostAbove limit: Int) -> SimulatedUnit {
    var unit = Units.uBoot(content: .fill(0xFF))
    unit.faults = FaultPlan()
    unit.faults?.digests = DigestFaults(resetAbove: limit, algorithms: ["cmp"])
    return unit
  }

  @Test("one that resets over it is dumped all the same, and not asked for it again and again")
  func lost() async throws {
    try await withUnit(Self.unit(lostAbove: 0)) { unit in
      let run = try await runSession(Self.manifest, at: .tty(path: unit.path))
      try run.expectImage([UInt8](repeating: 0xFF, count: Self.size), evidence: [.deviceDigest(.crc32)])
      #expect(run.unit.regions[0].reused == 0)
      #expect(await unit.counters().faults.digestResets == 2)
      #expect(run.troubles.contains { $0.contains("gets lost when it compares its memory") }, "\(run.troubles)")
    }
  }

  @Test("where it works nothing of a fill is read")
  func works() async throws {
    try await withUnit(Self.unit(lostAbove: Self.size)) { unit in
      let run = try await runSession(Self.manifest, at: .tty(path: unit.path))
      try run.expectImage([UInt8](repeating: 0xFF, count: Self.size), evidence: [.deviceDigest(.crc32)])
      #expect(run.unit.regions[0].reused == Self.size && run.troubles.isEmpty, "\(run.troubles)")
    }
  }

  /// Each row: what is printed over 16 and 32 bytes, and what that says.
  @Test(
    "a hit count makes no fill of what the unit says differs",
    arguments: [
      (["16 same", "32 same"], [true, true]), (["16 same", "differs", "3 same"], [true, false]),
      (["differs", "0 same", "differs", "3 same"], [false, false]), (["differs", "16 same", "32 same"], nil),
      (["16 same", "differs", "32 same"], nil), (["differs", "16 same", "differs", "3 same"], nil),
      (["16 same"], nil), (["16 same", "32 same", "1 same"], nil),
      (["differs", "3 same", "[ 1.0] usb: gone", "32 same"], nil),
    ] as [([String], [Bool]?)])
  func hitCount(words: [String], expected: [Bool]?) throws {
    let method = try #require(try Dialect.builtIn(named: "u-boot")?.comparison)
    let lines = words.map {
      $0 == "differs"
        ? "byte at 0x40200003 (0xd0) != byte at 0x40200004 (0x0)"
        : $0.hasSuffix(" same") ? "Total of \($0.dropLast(5)) byte(s) were the same" : $0
    }
    #expect(method.answers(in: lines, to: [16, 32]) == expected)
  }
}
