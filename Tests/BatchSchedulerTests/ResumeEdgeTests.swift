import BatchScheduler
import DeviceSimulator
import DumpEngine
import DumpManifest
import Foundation
import TestSupport
import Testing

@Suite("A batch is gone on with whatever its folder looks like", .serialized, .timeLimit(.minutes(3)))
struct ResumeEdgeTests {
  private static let digest: Set<Evidence> = [.deviceDigest(.crc32)]

  @Test("a complete image that was cut keeps what is left of it")
  func cutImage() async throws {
    try await withUnits([Units.uBoot("first"), Units.uBoot("second")]) { units in
      try await StoppedBatch.with { batch in
        let (first, second) = (try #require(units["first"]), try #require(units["second"]))
        _ = try await batch.stop(first, at: 0.2)
        let whole = try await batch.goOn(first.path)
        let path = batch.file("flash.bin", of: whole[0])
        // Two pages of 64 KiB, the second cut: what is finished of the first needs no reading.
        try FileHandle(forUpdating: URL(filePath: path)).truncate(atOffset: 80_000)
        try batch.expectImage(of: second, try await batch.goOn(second.path), Self.digest)
        let read = await second.counters().rangesDumped.filter { $0.address >= Units.flash && $0.size > 64 }
        #expect(read.allSatisfy { $0.address >= Units.flash + 65_536 }, "\(read)")
      }
    }
  }

  @Test("a partial image without evidence is put aside and not written over")
  func unknownPartial() async throws {
    try await withUnits([Units.uBoot("unit")]) { units in
      try await StoppedBatch.with { batch in
        let unit = try #require(units["unit"])
        let before = try await batch.stop(unit, at: 0.4)
        let partial = batch.file("flash.bin.partial", of: before)
        let held = FileManager.default.contents(atPath: partial)
        try FileManager.default.removeItem(atPath: batch.file("flash.evidence.json", of: before))
        try batch.expectImage(of: unit, try await batch.goOn(unit.path), Self.digest)
        #expect(FileManager.default.contents(atPath: partial + ".1") == held)
      }
    }
  }

  @Test("neither is a complete one")
  func unknownImage() async throws {
    try await withUnits([Units.uBoot("unit")]) { units in
      try await StoppedBatch.with { batch in
        let unit = try #require(units["unit"])
        let before = try await batch.goOn(unit.path)
        let path = batch.file("flash.bin", of: before[0])
        let held = FileManager.default.contents(atPath: path)
        try FileManager.default.removeItem(atPath: batch.file("flash.evidence.json", of: before[0]))
        try unit.flipBit(3, address: Units.flash + 5000)
        try batch.expectImage(of: unit, try await batch.goOn(unit.path), Self.digest)
        #expect(FileManager.default.contents(atPath: path + ".1") == held)
      }
    }
  }

  @Test("a folder that a run left before it wrote the unit's state is the unit's")
  func emptyFolder() async throws {
    try await withUnits([Units.uBoot("unit")]) { units in
      try await StoppedBatch.with { batch in
        let unit = try #require(units["unit"])
        let own = batch.folder.file("02-00-5e-00-00-01")
        try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: false)
        let results = try await batch.goOn(unit.path)
        try batch.expectImage(of: unit, results, Self.digest)
        #expect(results[0].folder == "02-00-5e-00-00-01")
      }
    }
  }

  @Test("a state that cannot be read costs no other unit, and its folder stays as it is")
  func unreadableState() async throws {
    try await withUnits([Units.uBoot("unit")]) { units in
      try await StoppedBatch.with { batch in
        let unit = try #require(units["unit"])
        let before = try await batch.stop(unit, at: 0.4)
        let state = batch.file("unit.json", of: before)
        try "{".write(toFile: state, atomically: true, encoding: .utf8)
        let listing = try UnitState.all(in: batch.folder.path)
        #expect(listing.units.isEmpty && listing.problems.count == 1)
        #expect(listing.problems.first?.path == state)
        let results = try await batch.goOn(unit.path)
        try batch.expectImage(of: unit, results, Self.digest)
        #expect(results[0].folder == before.folder + "-2")
        #expect(try String(contentsOfFile: state, encoding: .utf8) == "{")
      }
    }
  }

  @Test("a unit that was done at one slot and is at another now is told of once")
  func movedWhenDone() async throws {
    try await withUnits([Units.uBoot("unit")]) { units in
      try await withTemporaryFolder { folder in
        let unit = try #require(units["unit"])
        let slots = [("A1", unit.path), ("A2", folder.file("nobody"))]
        let first = try plan(manifest(slots.map { (name: $0.0, tty: $0.1) }))
        _ = await Batch(plan: first, folder: folder.path) { _ in }.run()
        let earlier = try UnitState.all(in: folder.path).units
        let swapped = try plan(manifest([("A1", folder.file("nobody")), ("A2", unit.path)]))
        let results = await Batch(plan: swapped, folder: folder.path, earlier: earlier) { _ in }.run()
        #expect(results.map(\.slot) == ["A2"])
        #expect(results.allSatisfy { $0.isVerified }, "\(results)")
      }
    }
  }

  @Test("what nothing proved is proved when the policy asks for it later")
  func provedLater() async throws {
    try await withUnits([Units.uBoot("unit")]) { units in
      try await StoppedBatch.with { batch in
        var batch = batch
        batch.policy = #""verify": "none""#
        let unit = try #require(units["unit"])
        let unproven = try await batch.goOn(unit.path)
        #expect(unproven[0].regions[0].isComplete && !unproven[0].isVerified)
        batch.policy = ""
        let dumped = await unit.counters().bytesDumped
        try batch.expectImage(of: unit, try await batch.goOn(unit.path), Self.digest)
        #expect(await unit.counters().bytesDumped - dumped <= 2048)
      }
    }
  }
}
