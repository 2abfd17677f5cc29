import BatchScheduler
import DeviceSimulator
import DumpEngine
import DumpManifest
import Foundation
import TestSupport
import Testing

@Suite("A batch that was stopped is gone on with", .serialized, .timeLimit(.minutes(3)))
struct ResumeTests {
  private static let digest: Set<Evidence> = [.deviceDigest(.crc32)]

  private static func withoutDigest(_ name: String, seed: UInt64 = 11) -> SimulatedUnit {
    var unit = Units.uBoot(name, seed: seed)
    if case .uBoot(var options) = unit.loader {
      options.commands.remove(.crc32)
      unit.loader = .uBoot(options)
    }
    return unit
  }

  /// Bytes that a unit printed of the part that was held before.
  private func readAgain(_ unit: RunningUnit, _ before: UnitResult) async -> Int {
    let held = RangeSet(before.regions[0].blocks.map(\.range))
    let read = await unit.counters().rangesDumped.filter { $0.address >= Units.flash }.map { range in
      Int(range.address - Units.flash)..<Int(range.address - Units.flash) + range.size
    }
    return RangeSet(read).intersection(held).ranges.reduce(0) { $0 + $1.count }
  }

  @Test(
    "at the same adapter, or at another with another speed, without reading anything twice", arguments: [false, true])
  func goesOn(isElsewhere: Bool) async throws {
    let speed = isElsewhere ? 921_600 : 3_000_000
    try await withUnits([Units.uBoot("first"), Units.uBoot("second", speed: speed)]) { units in
      try await StoppedBatch.with { batch in
        let (first, second) = (try #require(units["first"]), try #require(units["second"]))
        let before = try await batch.stop(first, at: 0.4)
        let results = try await batch.goOn(second.path, speed: speed)
        try batch.expectImage(of: second, results, Self.digest)
        #expect(results[0].folder == before.folder && results[0].started == before.started)
        // The way a console prints is tried out on some lines at a few places.
        #expect(await readAgain(second, before) <= 1024)
        #expect(Set(results[0].regions[0].blocks.map(\.provenance)) == [.earlier, .wire])
        let logs = try FileManager.default.contentsOfDirectory(atPath: batch.folder.file(before.folder))
        #expect(logs.filter { $0.hasPrefix("console") }.sorted() == ["console-2.log", "console.log"])
      }
    }
  }

  @Test("another unit is refused, and nothing changes")
  func otherUnit() async throws {
    try await withUnits([Units.uBoot("first"), Units.uBoot("second", mac: "02:00:5e:00:00:99", seed: 7)]) { units in
      try await StoppedBatch.with { batch in
        let (first, second) = (try #require(units["first"]), try #require(units["second"]))
        let before = try await batch.stop(first, at: 0.4)
        let image = FileManager.default.contents(atPath: batch.file("flash.bin.partial", of: before))
        let results = try await batch.goOn(second.path)
        let failure = try #require(results.first?.failure)
        #expect(failure.kind == "other-unit")
        for word in ["02:00:5e:00:00:99", "02:00:5e:00:00:01", "put that one back"] {
          #expect(failure.message.contains(word), "\(failure)")
        }
        #expect(results[0].regions[0].blocks == before.regions[0].blocks)
        #expect(FileManager.default.contents(atPath: batch.file("flash.bin.partial", of: before)) == image)
        try batch.expectImage(of: first, try await batch.goOn(first.path), Self.digest)
      }
    }
  }

  /// In the first chunk, and in others behind one that has not changed.
  @Test("what the unit does not hold any more as it was is read again, and what was proved there is kept aside")
  func changedUnit() async throws {
    try await withUnits([Units.uBoot("unit")]) { units in
      try await StoppedBatch.with { batch in
        let unit = try #require(units["unit"])
        let before = try await batch.stop(unit, at: 0.6)
        let old = try #require(unit.contents(address: Units.flash, size: StoppedBatch.size))
        let changed = [5000, 20_000, 40_000]
        for place in changed { try unit.flipBit(3, address: Units.flash + UInt64(place)) }
        try batch.expectImage(of: unit, try await batch.goOn(unit.path), Self.digest)
        for place in changed {
          #expect(before.regions[0].blocks.contains { $0.range.contains(place) && $0.evidence != .none })
        }
        // One for each time that something was about to be lost.
        let kept = try batch.asides(of: before)
        #expect(changed.allSatisfy { place in kept.contains { $0.1.contains(place) } })
        for (bytes, ranges) in kept { #expect(ranges.ranges.allSatisfy { bytes[$0] == old[$0] }) }
      }
    }
  }

  @Test(
    "what the disk does not hold any more as it was is read again",
    arguments: ["partial", "complete", "gone", "longer"])
  func changedFile(which: String) async throws {
    try await withUnits([Units.uBoot("unit")]) { units in
      try await StoppedBatch.with { batch in
        let unit = try #require(units["unit"])
        let before = try await batch.stop(unit, at: 0.4)
        if which != "partial" { _ = try await batch.goOn(unit.path) }
        let path = batch.file(which == "partial" ? "flash.bin.partial" : "flash.bin", of: before)
        switch which {
        case "gone": try FileManager.default.removeItem(atPath: path)
        case "longer":
          try FileHandle(forUpdating: URL(filePath: path)).truncate(atOffset: UInt64(StoppedBatch.size + 1))
        default: try flipBit(of: path, at: 7000)
        }
        try batch.expectImage(of: unit, try await batch.goOn(unit.path), Self.digest)
      }
    }
  }

  @Test("without a digest, what two reads proved before is believed again after a sample")
  func sample() async throws {
    try await withUnits([Self.withoutDigest("first"), Self.withoutDigest("second")]) { units in
      try await StoppedBatch.with { batch in
        let (first, second) = (try #require(units["first"]), try #require(units["second"]))
        let before = try await batch.stop(first, at: 0.6, proving: true)
        let proven = before.regions[0].blocks.filter { $0.evidence == .reread }.reduce(0) { $0 + $1.range.count }
        #expect(proven >= StoppedBatch.size / 2)
        try batch.expectImage(of: second, try await batch.goOn(second.path), [.reread])
        // What was read once is read once more; what was proved, only at sixteen places of 256 bytes.
        let held = StoppedBatch.size - proven
        #expect(await readAgain(second, before) < held + 16 * 256 + 1024)
      }
    }
  }

  @Test("without a digest, a sample that differs makes all of it be read again")
  func differentSample() async throws {
    try await withUnits([Self.withoutDigest("first"), Self.withoutDigest("second", seed: 12)]) { units in
      try await StoppedBatch.with { batch in
        let (first, second) = (try #require(units["first"]), try #require(units["second"]))
        _ = try await batch.stop(first, at: 0.6, proving: true)
        try batch.expectImage(of: second, try await batch.goOn(second.path), [.reread])
      }
    }
  }

  @Test("a unit that nothing is known by is where it was, and all of it is proved anew", arguments: [true, false])
  func anonymous(hasDigest: Bool) async throws {
    let make = { hasDigest ? Units.uBoot($0) : Self.withoutDigest($0) }
    try await withUnits([make("unit")]) { units in
      try await StoppedBatch.with { batch in
        var batch = batch
        batch.identity = ""
        let unit = try #require(units["unit"])
        _ = try await batch.stop(unit, at: 0.4)
        try batch.expectImage(of: unit, try await batch.goOn(unit.path), hasDigest ? Self.digest : [.reread])
      }
    }
  }

  @Test("a record that carries its own CRC is not kept from another unit that nothing is known by")
  func anonymousRecord() async throws {
    let make = { (name: String, seed: UInt64) in
      var unit = Units.uBoot(name)
      let record = SharingBench.bytes(seed, count: 60)
      unit.memory[0].content = .bytes(SharingBench.with(record: record, at: 5000, in: SharingBench.bytes(1)))
      return unit
    }
    try await withUnits([make("first", 3), make("second", 4)]) { units in
      try await StoppedBatch.with { batch in
        var batch = batch
        batch.identity = ""
        let (first, second) = (try #require(units["first"]), try #require(units["second"]))
        _ = try await batch.stop(first, at: 0.4)
        try batch.expectImage(of: second, try await batch.goOn(second.path), Self.digest)
      }
    }
  }

  @Test("what the unit has written since is read again, also in a region that was complete", arguments: [true, false])
  func completeRegion(hasDigest: Bool) async throws {
    try await withUnits([hasDigest ? Units.uBoot("unit") : Self.withoutDigest("unit")]) { units in
      try await StoppedBatch.with { batch in
        var batch = batch
        batch.otherRegion = #", { "name": "more", "address": \#(Units.flash + 0x1_9000), "size": 24576 }"#
        let unit = try #require(units["unit"])
        let before = try await batch.stop(unit, at: 0.3, of: "more")
        #expect(before.regions[0].isComplete && !before.regions[1].isComplete)
        // Without a digest samples are taken: all of them must be hit.
        for place in stride(from: 0, to: hasDigest ? 256 : StoppedBatch.size, by: 256) {
          try unit.flipBit(0, address: Units.flash + UInt64(place))
        }
        try batch.expectImage(of: unit, try await batch.goOn(unit.path), hasDigest ? Self.digest : [.reread])
      }
    }
  }

  @Test("a complete image of a unit that nothing is known by is not taken for another's", arguments: [true, false])
  func anonymousSwap(hasDigest: Bool) async throws {
    let make = { (name: String, seed: UInt64) in
      hasDigest ? Units.uBoot(name, seed: seed) : Self.withoutDigest(name, seed: seed)
    }
    try await withUnits([make("first", 11), make("second", 12)]) { units in
      try await StoppedBatch.with { batch in
        var batch = batch
        batch.identity = ""
        batch.otherRegion = #", { "name": "more", "address": \#(Units.flash + 0x1_9000), "size": 24576 }"#
        let (first, second) = (try #require(units["first"]), try #require(units["second"]))
        let before = try await batch.stop(first, at: 0.3, of: "more")
        #expect(before.regions[0].isComplete && !before.regions[1].isComplete)
        let results = try await batch.goOn(second.path)
        try batch.expectImage(of: second, results, hasDigest ? Self.digest : [.reread])
      }
    }
  }

  @Test("what was read without proof, as the policy says, is believed again only where the unit is known")
  func noProof() async throws {
    try await withUnits([Self.withoutDigest("first"), Self.withoutDigest("second", seed: 12)]) { units in
      try await StoppedBatch.with { batch in
        var batch = batch
        batch.policy = #""verify": "none""#
        let (first, second) = (try #require(units["first"]), try #require(units["second"]))
        let before = try await batch.stop(first, at: 0.6)
        let results = try await batch.goOn(second.path)
        let image = FileManager.default.contents(atPath: batch.file("flash.bin", of: before)).map(Array.init) ?? []
        let truth = try #require(second.contents(address: Units.flash, size: StoppedBatch.size))
        #expect(difference(found: image, expected: truth) == nil)
        #expect(results[0].regions[0].isComplete && !results[0].isVerified)
      }
    }
  }

  @Test("what was read without proof is not read again, however often it is gone on with")
  func noProofTwice() async throws {
    try await withUnits([Self.withoutDigest("first"), Self.withoutDigest("second"), Self.withoutDigest("third")]) {
      units in
      try await StoppedBatch.with { batch in
        var batch = batch
        batch.policy = #""verify": "none""#
        _ = try await batch.stop(try #require(units["first"]), at: 0.3)
        let before = try await batch.stop(try #require(units["second"]), at: 0.7)
        let third = try #require(units["third"])
        let results = try await batch.goOn(third.path)
        #expect(results[0].regions[0].isComplete)
        #expect(await readAgain(third, before) <= 16 * 256 + 1024)
      }
    }
  }

  @Test("a unit that is done is left alone, and a slot without its unit keeps what is known")
  func leftAlone() async throws {
    try await withUnits([Units.uBoot("unit")]) { units in
      try await StoppedBatch.with { batch in
        let unit = try #require(units["unit"])
        let before = try await batch.stop(unit, at: 0.4)
        let absent = try await batch.goOn(batch.folder.file("nobody"))
        #expect(absent[0].failure?.kind == "link")
        #expect(absent[0].identity == before.identity && absent[0].folder == before.folder)
        #expect(absent[0].regions[0].blocks == before.regions[0].blocks)
        _ = try await batch.goOn(unit.path)
        let bytes = await unit.counters().bytesIn
        let again = try await batch.goOn(unit.path)
        #expect(again[0].isVerified)
        #expect(await unit.counters().bytesIn == bytes)
      }
    }
  }

  @Test("a range that somebody marks in the map is proved again, and no other image comes of it")
  func editedMap() async throws {
    try await withUnits([Self.withoutDigest("unit")]) { units in
      try await StoppedBatch.with { batch in
        let unit = try #require(units["unit"])
        let before = try await batch.stop(unit, at: 0.6, proving: true)
        let path = batch.file("flash.map", of: before)
        try "0x0 ?\n0x0 0x4000 ?\n0x4000 \(StoppedBatch.size - 0x4000) +\n".write(
          toFile: path, atomically: true, encoding: .utf8)
        try batch.expectImage(of: unit, try await batch.goOn(unit.path), [.reread])
      }
    }
  }

  @Test("also in the map of an image that is complete")
  func editedMapOfComplete() async throws {
    try await withUnits([Self.withoutDigest("unit")]) { units in
      try await StoppedBatch.with { batch in
        var batch = batch
        batch.otherRegion = #", { "name": "more", "address": \#(Units.flash + 0x1_9000), "size": 24576 }"#
        let unit = try #require(units["unit"])
        let before = try await batch.stop(unit, at: 0.3, of: "more")
        #expect(before.regions[0].isComplete)
        try "0x0 ?\n0x0 0x4000 ?\n0x4000 \(StoppedBatch.size - 0x4000) +\n".write(
          toFile: batch.file("flash.map", of: before), atomically: true, encoding: .utf8)
        let earlier = await unit.counters().rangesDumped.count
        try batch.expectImage(of: unit, try await batch.goOn(unit.path), [.reread])
        let read = await RangeSet(unit.counters().rangesDumped.dropFirst(earlier).map { $0.address..<$0.end })
        #expect(RangeSet(Units.flash..<Units.flash + 0x4000).isSubset(of: read), "\(read)")
      }
    }
  }
}
