import DeviceDigests
import DeviceSimulator
import TestSupport
import Testing

@testable import DumpEngine

/// Bytes so few that asking for them costs more than reading them.
@Suite("A record that has the CRC-32 of erased flash is read, however little is around it", .timeLimit(.minutes(2)))
struct ShortBlockTests {
  /// Four bytes with their CRC-32 behind them, as zlib makes it: the CRC-32 of all that holds them is that of a fill.
  private static let record = withOwnCRC([0x12, 0x34, 0x56, 0x78])
  private static let block = 16 << 10

  private static func withOwnCRC(_ bytes: [UInt8]) -> [UInt8] {
    let crc = UInt32(HostDigest.hex(.crc32, of: bytes), radix: 16) ?? 0
    return bytes + (0..<4).map { UInt8(truncatingIfNeeded: crc >> (8 * $0)) }
  }

  @Test(
    "in a region of so many bytes, and in the last ones of a longer one", arguments: [0, block], [8, 9, 16, 63, 64])
  func record(front: Int, size: Int) async throws {
    let erased = [UInt8](repeating: 0xFF, count: size)
    let last = Self.record + erased.dropFirst(Self.record.count)
    #expect(HostDigest.hex(.crc32, of: last) == HostDigest.hex(.crc32, of: erased))
    var simulated = Units.uBoot()
    let content = seededBytes(count: front, seed: 4) + last
    // A dump prints whole lines.
    let memory = content + seededBytes(count: 256 - content.count % 256, seed: 5)
    simulated.memory[0] = MemoryArea(
      address: Quantity(Units.flash), size: Quantity(UInt64(memory.count)), content: .bytes(memory))
    try await withUnit(simulated) { unit in
      var manifest = SlotManifest(address: Units.flash, size: content.count)
      manifest.console = #", "readLength": \#(Self.block)"#
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      try run.expectImage(content, evidence: [.deviceDigest(.crc32)])
    }
  }

  @Test("and what is erased is known without being read where that is worth asking", arguments: [8, 64])
  func erased(size: Int) async throws {
    var simulated = Units.uBoot()
    simulated.memory[0].content = .fill(0xFF)
    try await withUnit(simulated) { unit in
      let run = try await runSession(SlotManifest(address: Units.flash, size: size), at: .tty(path: unit.path))
      try run.expectImage([UInt8](repeating: 0xFF, count: size), evidence: [.deviceDigest(.crc32)])
      #expect(run.unit.regions[0].reused == size)
    }
  }
}
