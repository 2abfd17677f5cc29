import BatchScheduler
import DeviceDigests
import DeviceSimulator
import DumpEngine
import DumpManifest
import DumpReport
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite("What was not read is never believed for longer than it is shown", .serialized, .timeLimit(.minutes(4)))
struct SharingTroubleTests {
  @Test("what others have given is read after all where the policy has become `reuse: never`")
  func neverAfterwards() async throws {
    let content = SharingBench.bytes(1)
    try await withUnits([1, 2].map { SharingBench.unit($0, content) }) { running in
      try await withTemporaryFolder { folder in
        let units = try [1, 2].map { try #require(running["unit\($0)"]) }
        let slots = units.enumerated().map { (name: "A\($0 + 1)", tty: $1.path) }
        func dump(_ policy: String, _ earlier: [UnitState]) async throws -> [UnitResult] {
          let text = manifest(slots, size: SharingBench.size, policy: policy)
            .replacing(#""speed": 3000000,"#, with: #""speed": 3000000, "readLength": \#(SharingBench.block),"#)
          return await Batch(plan: try plan(text), folder: folder.path, earlier: earlier) { _ in }.run()
        }
        let before = try await dump("", [])
        #expect(before.contains { SharingBench.count($0, SharingBench.isSibling) > 0 })
        let now = try await dump(#""reuse": "never""#, StoppedBatch(folder: folder).earlier())
        for ((before, now), unit) in zip(zip(before, now), units) {
          #expect(now.isVerified && now.regions[0].reused == 0, "\(now)")
          #expect(now.folder == before.folder)
          #expect(SharingBench.places(await unit.counters()) == RangeSet(0..<SharingBench.size))
        }
      }
    }
  }

  @Test("memory that changes after its block was read, in parts, is not verified by the digest of before")
  func changedMeanwhile() async throws {
    // Of the other unit nobody knows whether it will lack the same: so the first one's parts are small.
    var units = [1, 2].map { SharingBench.unit($0, SharingBench.bytes(UInt64($0))) }
    units[1].start = .off
    try await withUnits(units) { running in
      try await withTemporaryFolder { folder in
        let (unit, other) = (try #require(running["unit1"]), try #require(running["unit2"]))
        let hasChanged = Mutex(false)
        let log = EventLog { event in
          guard event.slot == "A1" else { return }
          switch event.kind {
          case .progress(_, let held, let size, _) where held >= size / 2:
            hasChanged.withLock { changed in
              if !changed { changed = (try? unit.flipBit(0, address: Units.flash + 100)) != nil }
            }
          case .ended: Task { await other.powerCycle() }
          default: break
          }
        }
        let text = manifest([("A1", unit.path), ("A2", other.path)], size: SharingBench.size)
          .replacing(#""speed": 3000000,"#, with: #""speed": 3000000, "readLength": \#(4 * SharingBench.block),"#)
        let results = await Batch(plan: try plan(text), folder: folder.path, emit: log.take).run()
        #expect(hasChanged.withLock { $0 } && results[1].isVerified, "\(results)")
        let troubles = log.events.compactMap { if case .trouble(let text) = $0.kind { text } else { nil } }
        #expect(!results[0].isVerified && troubles.contains { $0.contains("the memory changes") }, "\(troubles)")
      }
    }
  }

  /// With most of them the digest fails, each time at another place: while the fills are proved, confirmed, or others are
  /// read.
  @Test(
    "a fill of a session before is read twice where the digest that has shown it fails",
    arguments: 1...10)
  func failingAfterwards(spared: Int) async throws {
    var simulated = Units.uBoot("unit1")
    let erased = StoppedBatch.size * 3 / 4
    simulated.memory[0].content = .bytes(
      [UInt8](repeating: 0xFF, count: erased) + seededBytes(count: Units.flashSize - erased, seed: 2))
    try await withUnits([simulated]) { running in
      let unit = try #require(running["unit1"])
      try await StoppedBatch.with { batch in
        let before = try await batch.stop(unit, at: 0.8)
        #expect(before.regions[0].reused > 0)
        var faults = FaultPlan(seed: 1)
        faults.digests = DigestFaults(resetAbove: 64)
        faults.digests?.spared = spared
        await unit.setFaults(faults)
        let read = await unit.counters().rangesDumped.count
        let result = try #require(try await batch.goOn(unit.path).first)
        #expect(result.isVerified)
        let image = FileManager.default.contents(atPath: batch.file("flash.bin", of: result)).map(Array.init) ?? []
        let truth = try #require(unit.contents(address: Units.flash, size: StoppedBatch.size))
        #expect(difference(found: image, expected: truth) == nil)
        let again = await unit.counters().rangesDumped.dropFirst(read)
        guard result.console?.digests == [] else { return }
        #expect(result.regions[0].reused == 0)
        // What was read in the session before was read once already.
        let readOnce = stride(from: 0, to: erased / 16384 * 16384, by: 1024).filter { place in
          let address = Units.flash + UInt64(place)
          return again.count { $0.address <= address && address + 64 <= $0.end } < 2
        }
        #expect(readOnce.isEmpty, "\(readOnce)")
      }
    }
  }

  @Test("a unit that cannot compare its memory with itself has the fills of a block read, and the rest of it not")
  func fillWithoutComparison() async throws {
    let fill = 5000..<6000
    var content = SharingBench.bytes(1)
    content.replaceSubrange(fill, with: [UInt8](repeating: 0xFF, count: fill.count))
    var unit = SharingBench.unit(1, content)
    if case .uBoot(var options) = unit.loader {
      options.commands.remove(.cmp)
      unit.loader = .uBoot(options)
    }
    try await withTemporaryFolder { folder in
      let golden = folder.file("golden.bin")
      try Data(content).write(to: URL(filePath: golden))
      let outcome = try await SharingBench.dump([unit], region: #", "reference": "\#(golden)""#)
      let known = SharingBench.count(outcome.results[0]) { $0 == .reference }
      #expect(known == SharingBench.size - fill.count, "\(known)")
      #expect(RangeSet(fill).isSubset(of: outcome.places[0]))
    }
  }

  /// What goes wrong on a line while units share.
  enum Trouble: String, CaseIterable, Sendable {
    case noise, resets, foreignLines

    func befall(_ unit: inout SimulatedUnit, seed: UInt64) {
      unit.faults = FaultPlan(seed: seed)
      switch self {
      case .noise: unit.noise = LineNoise(seed: seed, flips: 1e-4, drops: 5e-5, doublings: 5e-5)
      case .resets: unit.faults?.resets = FaultOccurrence(rate: 1e-5, limit: 3)
      case .foreignLines: unit.faults?.foreignLines = FaultPlan.ForeignLines(FaultOccurrence(rate: 1e-4))
      }
    }
  }

  @Test("on bad lines units share what is true, and nothing else", arguments: Trouble.allCases, [UInt64(1), 2, 3])
  func badLines(trouble: Trouble, seed: UInt64) async throws {
    let erased = SharingBench.size / 4..<SharingBench.size / 2
    var content = SharingBench.bytes(seed)
    content.replaceSubrange(erased, with: [UInt8](repeating: 0xFF, count: erased.count))
    var units = (1...3).map { SharingBench.unit($0, content) }
    units[2] = SharingBench.unit(
      3, SharingBench.with(record: seededBytes(count: 60, seed: seed), at: 5000, in: content))
    for index in units.indices { trouble.befall(&units[index], seed: seed * 10 + UInt64(index)) }
    let outcome = try await SharingBench.dump(units, policy: #""retries": 20"#)
    #expect(outcome.results.contains { SharingBench.count($0, SharingBench.isSibling) > 0 })
    #expect(outcome.results.allSatisfy { SharingBench.count($0) { $0 == .constant } > 0 })
  }

  /// Shorter than what the unit is asked to compare with itself, or longer.
  @Test(
    "a record with its own CRC is not taken for the blank place that the reference has for it",
    arguments: [0x00, 0xFF], [8, 11, 40, 63, 64])
  func blankRecord(fill: UInt8, size: Int) async throws {
    let serial: [UInt8] = [0x12, 0x34, 0x56, 0x78]
    let own = crc(of: serial)
    // Of zeros the CRC is zero where nothing is inverted.
    let record =
      serial + (0..<4).map { UInt8(truncatingIfNeeded: (fill == 0 ? own ^ crc(of: [0, 0, 0, 0]) : own) >> (8 * $0)) }
    var blank = SharingBench.bytes(1)
    blank.replaceSubrange(5000..<5000 + size, with: [UInt8](repeating: fill, count: size))
    var content = blank
    content.replaceSubrange(5000 + size - 8..<5000 + size, with: record)
    #expect(HostDigest.hex(.crc32, of: blank) == HostDigest.hex(.crc32, of: content))
    try await withTemporaryFolder { folder in
      let golden = folder.file("golden.bin")
      try Data(blank).write(to: URL(filePath: golden))
      let outcome = try await SharingBench.dump(
        [SharingBench.unit(1, content)], region: #", "reference": "\#(golden)""#)
      #expect(SharingBench.count(outcome.results[0]) { $0 == .reference } > 0)
    }
  }

  private func crc(of bytes: [UInt8]) -> UInt32 { UInt32(HostDigest.hex(.crc32, of: bytes), radix: 16) ?? 0 }
}
