import DeviceSimulator
import TestSupport
import Testing

@testable import DumpEngine

@Suite("Two blocks that are read with one command", .serialized, .timeLimit(.minutes(2)))
struct JoinedReadTests {
  private static let block = 4096
  private static let size = 8 * block

  private static func manifest() -> SlotManifest {
    var manifest = SlotManifest(address: Units.flash, size: size)
    manifest.console = #", "readLength": 4096"#
    manifest.policy = #""retries": 2, "reuse": "never""#
    return manifest
  }

  /// The first blocks of pairs that were asked for with one command.
  private static func pairs(_ run: SessionRun) throws -> [Int] {
    try TranscriptText.records(String(decoding: run.files["console.log"] ?? [], as: UTF8.self)).compactMap { record in
      let words = String(decoding: record.bytes, as: UTF8.self).split(separator: " ")
      guard record.isSent, words.count == 3, words[2] == "800", let address = UInt64(words[1], radix: 16) else {
        return nil
      }
      return Int(address - Units.flash) / block
    }
  }

  /// The first two may be read apart: of three blocks in a row two are read together.
  @Test("a cell that changes in one of them costs the other nothing", arguments: [3, 4])
  func unstable(block: Int) async throws {
    var simulated = Units.uBoot()
    let cell = block * Self.block + 100
    var faults = FaultPlan()
    faults.unstableCells = UnstableCells(addresses: [Units.flash + UInt64(cell)], probability: 1)
    simulated.faults = faults
    try await withUnit(simulated) { unit in
      let run = try await runSession(Self.manifest(), at: .tty(path: unit.path))
      #expect(try Self.pairs(run).contains { $0 == block || $0 + 1 == block }, run.failureText)
      let region = run.unit.regions[0]
      #expect(region.bad.count == 1 && region.bad.allSatisfy { $0.contains(cell) && $0.count <= 256 }, "\(region.bad)")
      #expect(Set(region.blocks.map(\.evidence)) == [.deviceDigest(.crc32)], run.failureText)
      let held = try run.expectTruePartial(unit.contents(address: Units.flash, size: Self.size))
      #expect(held == Self.size - region.bad.reduce(0) { $0 + $1.count })
    }
  }

  @Test("what cannot be read of one of them costs the other nothing", arguments: [3, 4])
  func hole(block: Int) async throws {
    var simulated = Units.uBoot { $0.bootDelay = 20 }
    let hole = block * Self.block + 2048..<(block + 1) * Self.block
    simulated.memory[0] = MemoryArea(
      address: Quantity(Units.flash), size: Quantity(UInt64(hole.lowerBound)), content: .random(seed: 1))
    simulated.memory.append(
      MemoryArea(
        address: Quantity(Units.flash + UInt64(hole.upperBound)), size: Quantity(UInt64(Self.size)),
        content: .random(seed: 2)))
    try await withUnit(simulated) { unit in
      let run = try await runSession(Self.manifest(), at: .tty(path: unit.path))
      #expect(try Self.pairs(run).contains { $0 == block || $0 + 1 == block }, run.failureText)
      let first = try #require(unit.contents(address: Units.flash, size: hole.lowerBound))
      let rest = try #require(
        unit.contents(address: Units.flash + UInt64(hole.upperBound), size: Self.size - hole.upperBound))
      let expected = first + [UInt8](repeating: 0, count: hole.count) + rest
      #expect(try run.expectTruePartial(expected) == Self.size - hole.count)
      #expect(run.unit.regions[0].bad == [hole], run.failureText)
      #expect(Set(run.unit.regions[0].blocks.map(\.evidence)) == [.deviceDigest(.crc32)])
    }
  }
}
