import ConsoleDialect
import DeviceDigests
import Testing

@testable import DumpEngine

@Suite("Blocks in which every byte is the same are known by their digests")
struct ConstantFillsTests {
  private static func key(_ algorithm: DigestAlgorithm, _ bytes: [UInt8]) -> BlockKey {
    BlockKey(algorithm: algorithm, length: bytes.count, digest: HostDigest.hex(algorithm, of: bytes))
  }

  @Test("whatever the kind of digest", arguments: DigestAlgorithm.allCases, [1, 48, 4096])
  func known(algorithm: DigestAlgorithm, length: Int) async throws {
    for byte: UInt8 in [0x00, 0x42, 0xFF] {
      let key = Self.key(algorithm, [UInt8](repeating: byte, count: length))
      #expect(try await ConstantFills.shared.fill(of: key) == byte)
    }
    let other = Self.key(algorithm, (0..<64).map { UInt8($0) })
    #expect(try await ConstantFills.shared.fill(of: other) == nil)
  }

  @Test("long ones by CRC-32 alike; by others erased flash and zeros, for the rest would take minutes of hashing")
  func long() async throws {
    let length = (1 << 20) + 4096
    for byte: UInt8 in [0x00, 0x42, 0xFF] {
      let bytes = [UInt8](repeating: byte, count: length)
      #expect(try await ConstantFills.shared.fill(of: Self.key(.crc32, bytes)) == byte)
      let isLookedFor = byte != 0x42
      #expect(try await ConstantFills.shared.fill(of: Self.key(.md5, bytes)) == (isLookedFor ? byte : nil))
    }
  }

  @Test("in one table that many sessions ask at once")
  func shared() async throws {
    let fills = ConstantFills()
    let key = Self.key(.sha1, [UInt8](repeating: 7, count: 4096))
    try await withThrowingTaskGroup(of: UInt8?.self) { group in
      for _ in 0..<16 { group.addTask { try await fills.fill(of: key) } }
      for try await fill in group { #expect(fill == 7) }
    }
  }
}
