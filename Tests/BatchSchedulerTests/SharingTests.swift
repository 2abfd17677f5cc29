import BatchScheduler
import DeviceDigests
import DeviceSimulator
import DumpEngine
import DumpManifest
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite("Units of a batch read once what they have in common", .serialized, .timeLimit(.minutes(4)))
struct SharingTests {
  @Test("four equal units carry one image among them, each about a quarter")
  func equal() async throws {
    let content = SharingBench.bytes(1)
    var units = (1...4).map { SharingBench.unit($0, content) }
    // A quarter is to take longer than any of them comes after the others.
    for index in units.indices { units[index].speed = slowness > 1 ? 115_200 : 921_600 }
    let outcome = try await SharingBench.dump(units)
    #expect(outcome.read.reduce(0, +) < SharingBench.size * 3 / 2, "\(outcome.read)")
    for result in outcome.results {
      #expect(SharingBench.count(result) { $0 == .wire } < SharingBench.size * 3 / 4)
      #expect(
        SharingBench.count(result, SharingBench.isSibling) + SharingBench.count(result) { $0 == .wire }
          == SharingBench.size)
    }
  }

  @Test("a unit that comes when another has read half takes that, and reads its share of the rest")
  func lateJoiner() async throws {
    let content = SharingBench.bytes(1)
    var units = (1...2).map { SharingBench.unit($0, content) }
    units[1].start = .off
    for index in units.indices { units[index].speed = 921_600 }
    let isOn = Mutex(false)
    let outcome = try await SharingBench.dump(units) { event, running in
      guard event.slot == "A1", case .progress(_, let held, let size, _) = event.kind, held >= size / 2 else { return }
      let wasOn = isOn.withLock { isOn in
        defer { isOn = true }
        return isOn
      }
      if !wasOn { Task { await running["unit2"]?.powerCycle() } }
    }
    let late = outcome.results[1]
    #expect(SharingBench.count(late, SharingBench.isSibling) >= SharingBench.size / 2, "\(outcome.read)")
    #expect(outcome.read.reduce(0, +) < SharingBench.size * 5 / 4, "\(outcome.read)")
  }

  @Test("a few bytes that differ are read, and what surrounds them is not")
  func almostEqual() async throws {
    var (first, second) = (SharingBench.bytes(1), SharingBench.bytes(1))
    for place in [100, 70_000] { second[place] ^= 0xFF }
    first[90_000] ^= 0xFF
    let outcome = try await SharingBench.dump([SharingBench.unit(1, first), SharingBench.unit(2, second)])
    #expect(outcome.read.reduce(0, +) < SharingBench.size * 3 / 2, "\(outcome.read)")
  }

  @Test("`reuse: never` reads every byte of each", arguments: [1, 2])
  func never(count: Int) async throws {
    let content =
      [UInt8](repeating: 0xFF, count: SharingBench.size / 2) + SharingBench.bytes(1, count: SharingBench.size / 2)
    let outcome = try await SharingBench.dump(
      (1...count).map { SharingBench.unit($0, content) }, policy: #""reuse": "never""#)
    #expect(outcome.places.allSatisfy { $0 == RangeSet(0..<SharingBench.size) }, "\(outcome.places)")
    for result in outcome.results { #expect(SharingBench.count(result) { $0 == .wire } == SharingBench.size) }
  }

  @Test("`reuse: constant` takes fills and nothing from others")
  func constant() async throws {
    let content =
      [UInt8](repeating: 0xFF, count: SharingBench.size / 2) + SharingBench.bytes(1, count: SharingBench.size / 2)
    let outcome = try await SharingBench.dump(
      (1...2).map { SharingBench.unit($0, content) }, policy: #""reuse": "constant""#)
    for (result, read) in zip(outcome.results, outcome.read) {
      #expect(SharingBench.count(result) { $0 == .constant } == SharingBench.size / 2)
      #expect(read <= SharingBench.size / 2 + 4096)
    }
  }

  /// On a line so slow that it pays to look for it, however late this machine is with its answers.
  @Test("a fill within a block is found too")
  func partlyConstant() async throws {
    let content =
      SharingBench.bytes(1, count: 4096) + [UInt8](repeating: 0, count: SharingBench.block - 4096)
      + [UInt8](repeating: 0xFF, count: SharingBench.size - SharingBench.block)
    var unit = SharingBench.unit(1, content)
    unit.speed = 38_400
    let outcome = try await SharingBench.dump([unit])
    let read = SharingBench.count(outcome.results[0]) { $0 == .wire }
    #expect(read >= 4096 && read <= SharingBench.block / 2, "\(read)")
  }

  @Test("equal blocks of one unit are read once")
  func twice() async throws {
    let half = SharingBench.bytes(1, count: SharingBench.size / 2)
    let outcome = try await SharingBench.dump([SharingBench.unit(1, half + half)])
    #expect(outcome.read[0] < SharingBench.size * 3 / 4)
  }

  @Test("against an image of before only what has changed is read", arguments: ["file", "batch", "previous"])
  func reference(source: String) async throws {
    let before = SharingBench.bytes(1)
    var now = before
    for place in [5000, 60_000] { now[place] ^= 0x55 }
    var changed = SharingBench.unit(2, now)
    // So slow that halving pays, however late this machine is with its answers.
    changed.speed = 115_200
    try await withUnits([SharingBench.unit(1, before), changed]) { running in
      try await withTemporaryFolder { folder in
        let (first, unit) = (try #require(running["unit1"]), try #require(running["unit2"]))
        // The second is the first, changed meanwhile.
        let mac = #""identity": [{ "name": "mac", "command": "echo 1", "pattern": "^(1)$" }],"#
        func plan(_ unit: RunningUnit, _ policy: String, _ region: String = "") throws -> BatchPlan {
          let text = manifest([("A1", unit.path)], size: SharingBench.size, policy: policy)
            .replacing(/"identity": .*/, with: mac).replacing(
              #""size": \#(SharingBench.size)"#, with: #""size": \#(SharingBench.size)\#(region)"#)
          return try BatchPlan.parse(Array(text.utf8), name: "line.json")
        }
        let folders = ["one", "two"].map(folder.file)
        for path in folders { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
        _ = await Batch(plan: try plan(first, ""), folder: folders[0]) { _ in }.run()
        let policy =
          ["batch": #""reference": "\#(folders[0])""#, "previous": #""reference": "previous""#][source] ?? ""
        let region = source == "file" ? #", "reference": "\#(folders[0])/1/flash.bin""# : ""
        var second = try plan(unit, policy, region)
        for index in second.slots.indices { second.slots[index].console.speed = 115_200 }
        let result = try #require(await Batch(plan: second, folder: folders[1]) { _ in }.run().first)
        #expect(result.isVerified, "\(result)")
        let image = FileManager.default.contents(atPath: "\(folders[1])/1/flash.bin").map(Array.init) ?? []
        #expect(difference(found: image, expected: now) == nil)
        let read = await unit.counters().rangesDumped.filter { $0.size > 64 }.reduce(0) { $0 + $1.size }
        #expect(
          read <= 8192 && SharingBench.count(result) { $0 == .reference } >= SharingBench.size - 8192,
          "\(read) bytes were read")
      }
    }
  }

  @Test("an unchanged unit is known by its digests")
  func unchanged() async throws {
    let content = SharingBench.bytes(1)
    var slow = SharingBench.unit(1, content)
    slow.speed = 115_200
    try await withUnits([slow]) { running in
      try await withTemporaryFolder { folder in
        let unit = try #require(running["unit1"])
        let golden = folder.file("golden.bin")
        try Data(content).write(to: URL(filePath: golden))
        let text = manifest([("A1", unit.path)], size: SharingBench.size)
          .replacing(
            #""size": \#(SharingBench.size)"#, with: #""size": \#(SharingBench.size), "reference": "\#(golden)""#
          )
          .replacing("3000000", with: "115200")
        let result = try #require(await Batch(plan: try plan(text), folder: folder.path) { _ in }.run().first)
        #expect(result.isVerified && SharingBench.count(result) { $0 == .reference } == SharingBench.size, "\(result)")
        #expect(await unit.counters().bytesDumped < 1024)
      }
    }
  }

  @Test("other bytes with the same CRC-32 are not taken: a second CRC, of a part, tells")
  func collision() async throws {
    let first = SharingBench.bytes(1)
    // The CRC of a whole block is the same when its last four bytes make up for what is different before them.
    var second = first
    second.replaceSubrange(0..<SharingBench.block, with: try Self.collision(with: Array(first[0..<SharingBench.block])))
    #expect(first != second)
    let keys = [first, second].map { HostDigest.hex(.crc32, of: Array($0[0..<SharingBench.block])) }
    #expect(keys[0] == keys[1])
    let outcome = try await SharingBench.dump([SharingBench.unit(1, first), SharingBench.unit(2, second)])
    let troubles = outcome.events.compactMap { if case .trouble(let text) = $0.kind { text } else { nil } }
    #expect(troubles.contains { $0.contains("other bytes with the same checksum") }, "\(troubles)")
  }

  @Test("a record that carries its own CRC is taken from its own unit", arguments: [false, true])
  func selfChecked(isReference: Bool) async throws {
    // The CRC-32 of all that contains such a record is the same whatever it holds.
    let contents = [UInt64(3), 4].map { seed in
      SharingBench.with(record: SharingBench.bytes(seed, count: 60), at: 5000, in: SharingBench.bytes(1))
    }
    #expect(contents[0] != contents[1])
    #expect(HostDigest.hex(.crc32, of: contents[0]) == HostDigest.hex(.crc32, of: contents[1]))
    if isReference {
      try await withTemporaryFolder { folder in
        let golden = folder.file("golden.bin")
        try Data(contents[0]).write(to: URL(filePath: golden))
        _ = try await SharingBench.dump([SharingBench.unit(1, contents[1])], region: #", "reference": "\#(golden)""#)
      }
    } else {
      _ = try await SharingBench.dump([SharingBench.unit(1, contents[0]), SharingBench.unit(2, contents[1])])
    }
  }

  @Test(
    "nor is it from another where the block differs elsewhere too, within a half of it and across both",
    arguments: [5000, SharingBench.block / 2 - 30])
  func selfCheckedInHalf(place: Int) async throws {
    let contents = [UInt64(3), 4].map { seed in
      SharingBench.with(record: SharingBench.bytes(seed, count: 60), at: place, in: SharingBench.bytes(1))
    }
    var other = contents[1]
    other[12_000] ^= 0xFF
    // Halving pays on a line that is slow enough.
    var unit = SharingBench.unit(1, other)
    unit.speed = 115_200
    try await withTemporaryFolder { [unit] folder in
      let golden = folder.file("golden.bin")
      try Data(contents[0]).write(to: URL(filePath: golden))
      let outcome = try await SharingBench.dump([unit], region: #", "reference": "\#(golden)""#)
      let read = SharingBench.count(outcome.results[0]) { $0 == .wire }
      #expect(read > 0 && read <= SharingBench.block, "\(read)")
    }
  }

  @Test(
    "a record with its own CRC in memory that is erased elsewhere is not taken for erased", arguments: [false, true])
  func selfCheckedInFill(isShared: Bool) async throws {
    // The CRC-32 of four bytes FF is FFFFFFFF: so is that of any other four with their CRC behind them.
    var erased = SharingBench.bytes(1)
    erased.replaceSubrange(1000..<15_000, with: [UInt8](repeating: 0xFF, count: 14_000))
    if !isShared { erased.replaceSubrange(0..<SharingBench.block, with: [UInt8](repeating: 0xFF, count: 16384)) }
    let content = SharingBench.with(record: [0x12, 0x34, 0x56, 0x78], at: 5000, in: erased)
    #expect(HostDigest.hex(.crc32, of: erased) == HostDigest.hex(.crc32, of: content))
    let units = [SharingBench.unit(1, content)] + (isShared ? [SharingBench.unit(2, erased)] : [])
    let outcome = try await SharingBench.dump(units)
    let troubles = outcome.events.compactMap { if case .trouble(let text) = $0.kind { text } else { nil } }
    #expect(troubles.contains { $0.contains("the bytes are not all the same") } || isShared, "\(troubles)")
  }

  @Test("a unit that cannot compare its memory with itself has its fills read")
  func fillsWithoutComparison() async throws {
    let content = [UInt8](repeating: 0xFF, count: SharingBench.size)
    var unit = SharingBench.unit(1, content)
    if case .uBoot(var options) = unit.loader {
      options.commands.remove(.cmp)
      unit.loader = .uBoot(options)
    }
    let outcome = try await SharingBench.dump([unit])
    #expect(outcome.read[0] >= SharingBench.size)
  }

  @Test("a region of its own policy is read byte by byte")
  func regionPolicy() async throws {
    let content = SharingBench.bytes(1)
    let units = [1, 2].map { SharingBench.unit($0, content) }
    let outcome = try await SharingBench.dump(units, region: #", "reuse": "never""#)
    #expect(outcome.places.allSatisfy { $0 == RangeSet(0..<SharingBench.size) }, "\(outcome.places)")
  }

  /// A block that differs from another in every line and has the same CRC-32.
  private static func collision(with block: [UInt8]) throws -> [UInt8] {
    var other = SharingBench.bytes(99, count: block.count)
    // The register before the last four bytes and the one wanted behind them decide these four: the table is run
    // backwards (CRC-32 as in zlib, reflected, polynomial EDB88320).
    let table = (0..<256 as Range<UInt32>).map { index in
      (0..<8).reduce(index) { crc, _ in crc & 1 == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB8_8320 }
    }
    let wanted = try #require(UInt32(HostDigest.hex(.crc32, of: block), radix: 16)) ^ 0xFFFF_FFFF
    var register = wanted
    var indices: [Int] = []
    for _ in 0..<4 {
      let index = try #require(table.firstIndex { $0 >> 24 == register >> 24 })
      indices.append(index)
      register = (register ^ table[index]) << 8 | UInt32(index)
    }
    var state = try #require(UInt32(HostDigest.hex(.crc32, of: Array(other.dropLast(4))), radix: 16)) ^ 0xFFFF_FFFF
    for (place, index) in zip(other.count - 4..<other.count, indices.reversed()) {
      other[place] = UInt8(truncatingIfNeeded: state) ^ UInt8(index)
      state = (state >> 8) ^ table[index]
    }
    return other
  }
}
