import DeviceDigests
import DeviceSimulator
import DumpEngine
import DumpReport
import Foundation
import TestSupport
import Testing

@testable import BatchScheduler

@Suite("A unit that is back is never believed further than the disk and its console bear out", .timeLimit(.minutes(4)))
struct ReturningUnitTests {
  private static let folderName = "02-00-5e-00-00-01"

  /// Dumps a unit, cuts it off, lets `meddle` do something to the batch folder, and dumps it to its end.
  private func cut(
    _ meddle: @escaping @Sendable (String) throws -> Void, check: (TemporaryFolder) throws -> Void = { _ in }
  ) async throws {
    let unit = Units.uBoot("unit", speed: 115_200)
    let manifest = lineManifest([("A1", "1.1")], size: 16 << 10, speed: 115_200)
    try await withUnits([unit]) { units in
      try await withTemporaryFolder { folder in
        let first = try #require(units["unit"])
        let line = try WatchedLine(manifest, folder: folder.path)
        let report = try await line.run { line in
          line.plug("1.1", node: first.path)
          try await line.held(8 << 10, at: "A1")
          await first.hangUp()
          #expect(try await line.end(of: "A1").regions[0].held >= 8 << 10)
          try meddle(folder.path)
          line.pull("1.1")
          try await withUnits([unit]) { again in
            line.plug("1.1", node: try #require(again["unit"]).path)
            #expect(try await line.end(of: "A1", 2).isVerified)
          }
        }
        #expect(report.units.map(\.standing) == [.verified])
        let expected = try #require(first.contents(address: Units.flash, size: 16 << 10))
        #expect(difference(found: image(folder, "\(Self.folderName)/flash.bin"), expected: expected) == nil)
        try check(folder)
      }
    }
  }

  /// Removes a folder in one step, for a session may just be writing in it, which removing file by file stumbles over.
  private static func takeAway(_ folder: String) throws {
    let aside = FileManager.default.temporaryDirectory.appending(path: "batchdump.\(UUID())").path
    try FileManager.default.moveItem(atPath: folder, toPath: aside)
    try FileManager.default.removeItem(atPath: aside)
  }

  @Test("a partial image that is gone is read again, not filled with zeros")
  func partialGone() async throws {
    try await cut { try FileManager.default.removeItem(atPath: "\($0)/\(Self.folderName)/flash.bin.partial") }
  }

  @Test("so is one that was cut short, and one whose folder is gone")
  func partialShort() async throws {
    try await cut { truncate("\($0)/\(Self.folderName)/flash.bin.partial", 100) }
    try await cut { try Self.takeAway("\($0)/\(Self.folderName)") }
  }

  @Test("a partial image whose evidence cannot be used is put aside and not written over")
  func evidenceUnusable() async throws {
    try await cut { folder in
      try "{".write(toFile: "\(folder)/\(Self.folderName)/flash.evidence.json", atomically: true, encoding: .utf8)
    } check: { folder in
      #expect(image(folder, "\(Self.folderName)/flash.bin.partial.1").count >= 8 << 10)
    }
  }

  @Test("a bit that was hit on the disk meanwhile is found and read again")
  func partialHit() async throws {
    try await cut { folder in
      let path = "\(folder)/\(Self.folderName)/flash.bin.partial"
      var bytes = try Data(contentsOf: URL(filePath: path))
      bytes[300] ^= 4
      try bytes.write(to: URL(filePath: path))
    }
  }

  @Test("what the disk refused is not believed: the slot goes on when the disk is well, with true bytes")
  func diskRefuses() async throws {
    let unit = Units.uBoot("unit", speed: 115_200)
    try await withUnits([unit]) { units in
      try await withTemporaryFolder { folder in
        let unit = try #require(units["unit"])
        let line = try WatchedLine(
          lineManifest([("A1", "1.1")], size: 8 << 10, speed: 115_200), folder: folder.path)
        let report = try await line.run { line in
          line.plug("1.1", node: unit.path)
          try await line.wait(for: "A1") { if case .learned = $0 { true } else { nil } }
          // Without its folder no map can be written.
          try Self.takeAway(folder.file(Self.folderName))
          let refused = try await line.end(of: "A1")
          #expect(refused.failure?.kind == "disk" && refused.regions[0].blocks.isEmpty)
          #expect(try await line.end(of: "A1", 2).isVerified)
        }
        #expect(report.units.map(\.standing) == [.verified])
        let expected = try #require(unit.contents(address: Units.flash, size: 8 << 10))
        #expect(difference(found: image(folder, "\(Self.folderName)/flash.bin"), expected: expected) == nil)
      }
    }
  }

  /// A unit at a watched slot, dumped once.
  private func dumped(
    policy: String = "", _ body: @escaping @Sendable (WatchedLine, RunningUnit, TemporaryFolder) async throws -> Void
  ) async throws -> Report {
    try await withUnits([Units.uBoot("unit")]) { units in
      try await withTemporaryFolder { folder in
        let unit = try #require(units["unit"])
        let line = try WatchedLine(lineManifest([("A1", "1.1")], policy: policy), folder: folder.path)
        return try await line.run { line in
          line.plug("1.1", node: unit.path)
          #expect(try await line.end(of: "A1").isVerified)
          try await body(line, unit, folder)
        }
      }
    }
  }

  @Test(
    "what another manifest wants goes into another folder; the image that is there stays",
    arguments: ["skip", "verify"])
  func otherRegions(again: String) async throws {
    let policy = #""again": "\#(again)""#
    let report = try await dumped(policy: policy) { line, unit, folder in
      let before = image(folder, "\(Self.folderName)/flash.bin")
      let other = lineManifest([("A1", "1.1")], size: 2048, policy: policy).replacing(
        #""address": \#(Units.flash)"#, with: #""address": \#(Units.flash + 4096)"#)
      line.directory.set(slots: try plan(other).slots)
      #expect(try await line.end(of: "A1", 2).isVerified)
      #expect(image(folder, "\(Self.folderName)/flash.bin") == before)
      let expected = try #require(unit.contents(address: Units.flash + 4096, size: 2048))
      #expect(difference(found: image(folder, "\(Self.folderName)-2/flash.bin"), expected: expected) == nil)
      let troubles = line.events(of: "A1").compactMap { if case .trouble(let text) = $0 { text } else { nil } }
      let text = try #require(troubles.first)
      #expect(troubles.count == 1 && text.contains("in \(Self.folderName), by other regions"), "\(troubles)")
      #expect(text.hasSuffix("into \(Self.folderName)-2"), "\(text)")
    }
    #expect(report.units.map(\.standing) == [.verified, .verified])
  }

  @Test("a unit that was found to differ is not called verified when it comes once more")
  func differsForGood() async throws {
    let report = try await dumped(policy: #""again": "verify""#) { line, unit, _ in
      try unit.flipBit(3, address: Units.flash + 100)
      for count in 2...3 {
        await unit.reset()
        #expect(try await line.end(of: "A1", count).failure?.kind == "differs")
      }
    }
    #expect(report.units.map { $0.failure?.kind } == ["differs"])
  }

  /// The CRC-32 of all that holds such a record is the same, whatever the record is.
  @Test("a unit is not the same whose record with its own CRC was written anew, or erased", arguments: [false, true])
  func differsInRecord(isErased: Bool) async throws {
    let fill = [UInt8](repeating: 0xFF, count: 4096)
    let contents = [UInt64(3), 4].map { SharingBench.with(record: seededBytes(count: 4, seed: $0), at: 1000, in: fill) }
    let after = isErased ? fill : contents[1]
    #expect(HostDigest.hex(.crc32, of: contents[0]) == HostDigest.hex(.crc32, of: after))
    let units = [contents[0], after].map { content in
      var unit = Units.uBoot("unit")
      unit.memory[0] = MemoryArea(address: Quantity(Units.flash), size: 4096, content: .bytes(content))
      return unit
    }
    try await withUnits([units[0]]) { running in
      try await withTemporaryFolder { folder in
        let unit = try #require(running["unit"])
        let line = try WatchedLine(
          lineManifest([("A1", "1.1")], policy: #""again": "verify""#), folder: folder.path)
        let report = try await line.run { line in
          line.plug("1.1", node: unit.path)
          #expect(try await line.end(of: "A1").isVerified)
          try await unit.exchange(for: units[1])
          #expect(try await line.end(of: "A1", 2).failure?.kind == "differs")
        }
        #expect(report.units.map { $0.failure?.kind } == ["differs"])
      }
    }
  }

  @Test("what is copied into RAM to be compared is copied anew when the unit resets in between")
  func resetWhileCompared() async throws {
    let size = 64 << 10
    var unit = Units.uBoot("unit") {
      $0.commands.insert(.sf)
      $0.spiFlash = UBootOptions.SPIFlash(name: "w25q128", size: Quantity(UInt64(size)), content: .random(seed: 21))
    }
    unit.memory.append(MemoryArea(address: 0x4000_0000, size: 0x10_0000, content: .fill(0)))
    // Amid the digests: what comes before them is a banner of some hundred characters, they are 100 each.
    var later = unit
    later.faults = FaultPlan()
    later.faults?.resets = FaultOccurrence(after: 4000)
    let staging = #""command": "sf read {ram} {offset} {size}", "ram": "0x40010000", "offset": 0, "piece": 16384"#
    let manifest = lineManifest([("A1", "1.1")], size: size, policy: #""again": "verify""#)
      .replacing(#""address": \#(Units.flash)"#, with: #""staging": { \#(staging) }"#)
      .replacing(#""dialect": "u-boot","#, with: #""dialect": "u-boot", "readLength": 1024,"#)
      .replacing(#""policy":"#, with: #""setup": ["sf probe 0"], "policy":"#)
    try await watching([unit], manifest) { [later] line, units in
      line.plug("1.1", node: try #require(units["unit"]).path)
      #expect(try await line.end(of: "A1").isVerified)
      try await units["unit"]?.exchange(for: later)
      #expect(try await line.end(of: "A1", 2).isVerified)
      let second = line.events(of: "A1").split { if case .ended = $0 { true } else { false } }[1]
      let comparison = second.drop { if case .regionStarted = $0 { false } else { true } }
      #expect(comparison.contains { if case .unitReset = $0 { true } else { false } })
      #expect(comparison.contains { $0.word == "same" })
    }
  }

  @Test("a unit whose image was taken away is dumped again, not skipped")
  func imageGone() async throws {
    let report = try await dumped { line, unit, folder in
      try FileManager.default.removeItem(atPath: folder.file("\(Self.folderName)/flash.bin"))
      await unit.reset()
      #expect(try await line.end(of: "A1", 2).isVerified)
      let expected = try #require(unit.contents(address: Units.flash, size: 4096))
      #expect(difference(found: image(folder, "\(Self.folderName)/flash.bin"), expected: expected) == nil)
    }
    #expect(report.units.map(\.standing) == [.verified])
  }

  @Test("a unit that is moved to another slot in mid-dump goes on there, when the first slot has noticed")
  func moved() async throws {
    let unit = Units.uBoot("unit", speed: 115_200)
    let manifest = lineManifest([("A1", "1.1"), ("A2", "1.2")], size: 16 << 10, speed: 115_200).replacing(
      #""wake": 30, "reply": \#(patientReply)"#, with: #""wake": 6, "reply": 4"#)
    try await withUnits([unit]) { units in
      try await withTemporaryFolder { folder in
        let first = try #require(units["unit"])
        let line = try WatchedLine(manifest, folder: folder.path)
        let report = try await line.run { line in
          line.plug("1.1", node: first.path)
          try await line.held(8 << 10, at: "A1")
          await first.powerOff()
          try await withUnits([unit]) { again in
            line.plug("1.2", node: try #require(again["unit"]).path)
            #expect(try await line.end(of: "A2").isVerified)
          }
        }
        #expect(report.units.map(\.standing) == [.verified])
        #expect(report.units.map(\.slot) == ["A2"])
      }
    }
  }
}
