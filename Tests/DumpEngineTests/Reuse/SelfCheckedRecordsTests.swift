import ConsoleDialect
import DeviceDigests
import TestSupport
import Testing

@testable import DumpEngine

@Suite("Records that end with their own CRC-32")
struct SelfCheckedRecordsTests {
  /// How a CRC is begun and ended.
  enum Kind: CaseIterable, Sendable {
    case zlib, linux, jamcrc, endOnly

    /// A record of so many bytes and its CRC.
    func record(_ count: Int, _ random: inout SplitMix64) -> [UInt8] {
      // A zero before it would be a part of it as well.
      let content = (0..<count).map { _ in UInt8.random(in: 1...255, using: &random) }
      let begin: UInt32 = self == .zlib || self == .jamcrc ? 0xFFFF_FFFF : 0
      let end: UInt32 = self == .zlib || self == .endOnly ? 0xFFFF_FFFF : 0
      let crc = content.reduce(begin) { crc, byte in
        (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in crc & 1 == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB8_8320 }
      }
      return content + (0..<4).map { UInt8(truncatingIfNeeded: (crc ^ end) >> (8 * $0)) }
    }
  }

  private static let size = 16 << 10

  private static func block(_ random: inout SplitMix64, count: Int = size) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
  }

  @Test("are found wherever they are", arguments: Kind.allCases, [0, 1, 5000, size - 36])
  func found(kind: Kind, place: Int) throws {
    var random = SplitMix64(state: UInt64(place + 1))
    for count in [1, 4, 5, 32] {
      var block = Self.block(&random)
      let record = kind.record(count, &random)
      block.replaceSubrange(place..<place + record.count, with: record)
      let found = SelfCheckedRecords(in: block, of: .crc32)
      #expect(found.ranges.contains(place..<place + record.count))
      let end = place + record.count
      #expect(found.crcs { $0.contains(place) }.contains(end - 4..<end))
    }
  }

  /// The same trap of the other bit order, which is that of `cksum`.
  @Test("are found where the most significant bit and byte come first, as in `cksum`", arguments: [0, 0xFFFF_FFFF])
  func mostSignificantFirst(end: UInt32) {
    var random = SplitMix64(state: 5)
    let records = (0..<2).map { _ in
      let content = (0..<32).map { _ in UInt8.random(in: 1...255, using: &random) }
      let crc = content.reduce(UInt32(0)) { crc, byte in
        (0..<8).reduce(crc ^ UInt32(byte) << 24) { crc, _ in crc >> 31 == 0 ? crc << 1 : crc << 1 ^ 0x04C1_1DB7 }
      }
      return content + (0..<4).map { UInt8(truncatingIfNeeded: (crc ^ end) >> (24 - 8 * $0)) }
    }
    let (front, back) = (Self.block(&random, count: 5000), Self.block(&random, count: 50))
    let blocks = records.map { front + $0 + back }
    #expect(records[0] != records[1])
    #expect(HostDigest.hex(.cksum, of: blocks[0]) == HostDigest.hex(.cksum, of: blocks[1]))
    for block in blocks {
      #expect(SelfCheckedRecords(in: block, of: .cksum).ranges.contains(5000..<5036))
      #expect(!SelfCheckedRecords(in: block, of: .crc32).ranges.contains(5000..<5036))
    }
  }

  @Test("of more than 4 KiB are found where they end at a whole word", arguments: [0, 1, 2, 3])
  func long(offset: Int) {
    var random = SplitMix64(state: 11)
    let record = Kind.zlib.record((6 << 10) - 4, &random)
    let found = SelfCheckedRecords(in: Self.block(&random, count: 4000 + offset) + record + [1, 2, 3], of: .crc32)
    let place = 4000 + offset..<4000 + offset + record.count
    #expect(found.ranges.contains(place) == (offset == 0))
  }

  @Test("are found at a block's very start, whatever one byte they hold", arguments: UInt8.min...UInt8.max)
  func shortestAtStart(content: UInt8) {
    var random = SplitMix64(state: 8)
    let crc = UInt32(HostDigest.hex(.crc32, of: [content]), radix: 16) ?? 0
    let record = [content] + (0..<4).map { UInt8(truncatingIfNeeded: crc >> (8 * $0)) }
    let found = SelfCheckedRecords(in: record + Self.block(&random, count: 100), of: .crc32)
    #expect(found.ranges.contains(0..<5))
  }

  @Test("are found by the hundred, and where one is within another both")
  func many() {
    var random = SplitMix64(state: 9)
    let records = (0..<100).map { _ in Kind.zlib.record(60, &random) }
    let found = SelfCheckedRecords(in: records.flatMap(\.self), of: .crc32)
    for index in 0..<100 { #expect(found.ranges.contains(index * 64..<index * 64 + 64)) }
    #expect(found.crcs { _ in true }.count >= 100)
  }

  @Test("are hardly ever found where there are none", arguments: [0x00, 0xFF, 0xA5])
  func none(fill: UInt8) {
    var random = SplitMix64(state: 7)
    #expect(SelfCheckedRecords(in: Self.block(&random), of: .crc32).ranges.count <= 2)
    let half = [UInt8](repeating: fill, count: Self.size / 2) + Self.block(&random, count: Self.size / 2)
    #expect(SelfCheckedRecords(in: half, of: .crc32).ranges.count <= 4)
    #expect(SelfCheckedRecords(in: [UInt8](repeating: fill, count: Self.size), of: .crc32).ranges.isEmpty)
    for count in 0..<12 {
      #expect(SelfCheckedRecords(in: [UInt8](repeating: fill, count: count), of: .crc32).ranges.isEmpty)
    }
  }

  /// The trap itself: this is why they are looked for.
  @Test("have the same CRC-32 whatever is in them, but for the CRC itself", arguments: Kind.allCases)
  func trap(kind: Kind) {
    var random = SplitMix64(state: 3)
    let (front, back) = (Self.block(&random, count: 100), Self.block(&random, count: 50))
    let records = (0..<2).map { _ in kind.record(200, &random) }
    let digests = records.map { HostDigest.hex(.crc32, of: front + $0 + back) }
    #expect(records[0] != records[1] && digests[0] == digests[1])
    #expect(records[0].suffix(4) != records[1].suffix(4))
  }
}
