import DeviceSimulator
import DumpEngine
import DumpReport
import Foundation
import TestSupport
import Testing

@testable import BatchScheduler

@Suite("A line is watched: units and adapters come and go", .timeLimit(.minutes(4)))
struct LineWatchTests {
  private static func mac(_ number: Int) -> String { "02:00:5e:00:00:0\(number)" }

  @Test("a unit is dumped, leaves, comes back and is skipped; the adapter stays where it is")
  func arrivalAndDeparture() async throws {
    try await watching([Units.uBoot("unit")], lineManifest([("A1", "1.1")])) { line, units in
      let unit = try #require(units["unit"])
      try await line.wait(for: "A1") { if case .noAdapter(let reason) = $0 { reason } else { nil } }
      line.plug("1.1", node: unit.path)
      #expect(try await line.end(of: "A1").isVerified)
      await unit.powerOff()
      try await line.wait(for: "A1") { if case .unitLeft = $0 { true } else { nil } }
      await unit.reset()
      try await line.wait(for: "A1") { if case .skipped = $0 { true } else { nil } }
      try await line.wait(for: "A1", 2) { if case .awaitingDeparture = $0 { true } else { nil } }
      let words = line.events(of: "A1").compactMap(\.word)
      #expect(
        words == [
          "no adapter", "connecting", "no unit", "identified", "verified", "ended verified", "waiting", "left",
          "no unit", "identified", "skipped", "ended verified", "waiting",
        ])
    } check: { report, folder, units in
      // One that was skipped was not compared: the report says so, and so does the unit's state.
      for json in [try report.json(), image(folder, "02-00-5e-00-00-01/unit.json")] {
        let text = String(decoding: json, as: UTF8.self).replacing(/[ \n]/, with: "")
        #expect(text.contains(#""skipped":{"count":1,"last":"#), "\(text)")
      }
      #expect(report.units.map(\.standing) == [.verified])
      let expected = try #require(units["unit"]?.contents(address: Units.flash, size: 4096))
      #expect(difference(found: image(folder, "02-00-5e-00-00-01/flash.bin"), expected: expected) == nil)
    }
  }

  @Test("an adapter that is pulled in mid-dump and comes back, under another node: the dump goes on from there")
  func pulledInMidDump() async throws {
    // Slow enough that it cannot be over before it is pulled.
    let unit = Units.uBoot("unit", speed: 115_200)
    let manifest = lineManifest([("A1", "1.1")], size: 24 << 10, speed: 115_200)
    try await withUnits([unit]) { units in
      try await withTemporaryFolder { folder in
        let first = try #require(units["unit"])
        let line = try WatchedLine(manifest, folder: folder.path)
        let report = try await line.run { line in
          line.plug("1.1", node: first.path)
          try await line.held(12 << 10, at: "A1")
          await first.hangUp()
          let cut = try await line.end(of: "A1")
          #expect(cut.failure?.kind == "link-lost" && cut.standing == .failed)
          #expect(cut.regions[0].isPartial && cut.regions[0].held >= 12 << 10)
          line.pull("1.1")
          try await withUnits([unit]) { again in
            let second = try #require(again["unit"])
            line.plug("1.1", node: second.path)
            #expect(try await line.end(of: "A1", 2).isVerified)
            let read = await second.counters().bytesDumped
            // What was held was not read again; a unit's ways are learned at each session.
            #expect(read < (24 << 10) - (8 << 10), "\(read) bytes were dumped again")
          }
        }
        #expect(report.units.map(\.standing) == [.verified])
        let expected = try #require(first.contents(address: Units.flash, size: 24 << 10))
        #expect(difference(found: image(folder, "02-00-5e-00-00-01/flash.bin"), expected: expected) == nil)
        #expect(FileManager.default.fileExists(atPath: folder.file("02-00-5e-00-00-01/console-2.log")))
      }
    }
  }

  @Test("another unit in mid-dump at the same adapter: neither image has a byte of the other")
  func exchangedInMidDump() async throws {
    let first = Units.uBoot("unit", speed: 115_200)
    let second = Units.uBoot("other", mac: Self.mac(2), seed: 99, speed: 115_200)
    try await withUnits([first]) { units in
      try await withTemporaryFolder { folder in
        let unit = try #require(units["unit"])
        let expected = try #require(unit.contents(address: Units.flash, size: 16 << 10))
        let line = try WatchedLine(
          lineManifest([("A1", "1.1")], size: 16 << 10, speed: 115_200), folder: folder.path)
        let report = try await line.run { line in
          line.plug("1.1", node: unit.path)
          try await line.held(4 << 10, at: "A1")
          try await unit.exchange(for: second)
          let cut = try await line.end(of: "A1")
          #expect(cut.failure?.kind == "other-unit", "\(cut.failure?.message ?? "none")")
          #expect(try await line.end(of: "A1", 2).isVerified)
        }
        #expect(report.units.map(\.identity.first?.value) == [Self.mac(1), Self.mac(2)])
        #expect(report.units.map(\.standing) == [.failed, .verified])
        let others = try #require(unit.contents(address: Units.flash, size: 16 << 10))
        #expect(difference(found: image(folder, "02-00-5e-00-00-02/flash.bin"), expected: others) == nil)
        let partial = image(folder, "02-00-5e-00-00-01/flash.bin.partial")
        for block in report.units[0].regions[0].blocks {
          let range = Int(block.start.value)..<Int(block.end.value)
          #expect(difference(found: Array(partial[range]), expected: Array(expected[range])) == nil)
        }
      }
    }
  }

  @Test("a unit is exchanged after its dump: the next is noticed from the console alone")
  func exchangedAfterDump() async throws {
    let other = Units.uBoot("other", mac: Self.mac(2), seed: 99)
    try await watching([Units.uBoot("unit")], lineManifest([("A1", "1.1")])) { line, units in
      let unit = try #require(units["unit"])
      line.plug("1.1", node: unit.path)
      #expect(try await line.end(of: "A1").isVerified)
      try await unit.exchange(for: other)
      let second = try await line.end(of: "A1", 2)
      #expect(second.isVerified && second.identity.first?.value == Self.mac(2))
    } check: { report, _, _ in
      #expect(report.units.count == 2 && report.summary.verified == 2)
    }
  }

  @Test("a unit that is back is compared by its digests, or dumped again, as the policy says")
  func again() async throws {
    for (policy, changes, wanted) in [
      (#""again": "verify""#, false, "same"), (#""again": "verify""#, true, "ended complete"),
      (#""again": "dump""#, false, "verified"),
    ] {
      try await watching([Units.uBoot("unit")], lineManifest([("A1", "1.1")], policy: policy)) { line, units in
        let unit = try #require(units["unit"])
        line.plug("1.1", node: unit.path)
        #expect(try await line.end(of: "A1").isVerified)
        if changes { try unit.flipBit(3, address: Units.flash + 100) }
        await unit.reset()
        let second = try await line.end(of: "A1", 2)
        #expect(second.failure?.kind == (changes ? "differs" : nil), "\(second.failure?.message ?? "")")
        #expect(line.events(of: "A1").compactMap(\.word).contains(changes ? "ended partial" : wanted))
      }
    }
  }

  @Test("a hub with 16 adapters loses power and returns: all slots recover by themselves")
  func hubLosesPower() async throws {
    let names = (1...16).map { "unit\($0 < 10 ? "0" : "")\($0)" }
    let units = names.enumerated().map { index, name in
      Units.uBoot(name, mac: "02:00:5e:00:01:\(String(index + 16, radix: 16))", seed: UInt64(index))
    }
    let slots = names.indices.map { ("A\($0 + 1)", "1.\($0 + 1)") }
    try await withUnits(units) { running in
      try await withTemporaryFolder { folder in
        let line = try WatchedLine(lineManifest(slots, size: 64 << 10), folder: folder.path)
        let report = try await line.run { line in
          for (name, slot) in zip(names, slots) { line.plug(slot.1, node: try #require(running[name]).path) }
          try await line.held(0, at: "A16")
          for name in names { await running[name]?.hangUp() }
          for slot in slots { line.pull(slot.1) }
          try await withUnits(units) { again in
            for (name, slot) in zip(names, slots) { line.plug(slot.1, node: try #require(again[name]).path) }
            for slot in slots {
              // A unit that was done already is skipped; the others go on.
              let isDone = { (kind: SessionEvent.Kind) -> Bool? in
                if case .ended(let result) = kind, result.isVerified { true } else { nil }
              }
              try await line.wait(for: slot.0, 1, isDone)
            }
          }
        }
        #expect(report.units.count == 16 && report.summary.verified == 16)
      }
    }
  }

  @Test("two adapters for one slot: nothing is opened, both are named, and the slot goes on when one is pulled")
  func ambiguity() async throws {
    let manifest = lineManifest([("A1", "1.?")])
    try await watching([Units.uBoot("unit")], manifest) { line, units in
      let unit = try #require(units["unit"])
      line.plug("1.2", node: "/nowhere/ttyUSB7")
      try await line.wait(for: "A1") { kind -> Bool? in
        if case .noAdapter(let reason) = kind, reason.contains("is not there") { true } else { nil }
      }
      line.plug("1.1", node: unit.path)
      let reason = try await line.wait(for: "A1") { kind -> String? in
        if case .noAdapter(let reason) = kind, reason.contains("2 adapters match") { reason } else { nil }
      }
      #expect(reason.contains("/nowhere/ttyUSB7") && reason.contains(unit.path))
      line.pull("1.2")
      #expect(try await line.end(of: "A1").isVerified)
    }
  }

  @Test("a console that could not be put back is looked for, and found when the line is well again")
  func stranded() async throws {
    var simulated = Units.uBoot("unit", speed: 115_200)
    guard case .uBoot(var options) = simulated.loader else { return }
    options.baudRates = [115_200, 921_600]
    simulated.loader = .uBoot(options)
    simulated.noise = LineNoise(seed: 1, flips: 1, direction: .both, above: 500_000)
    let manifest = lineManifest([("A1", "1.1")], speed: 115_200, policy: #""speedUp": { "to": 921600 }"#)
      .replacing(#""wake": 30"#, with: #""wake": 4"#)
    try await watching([simulated], manifest) { line, units in
      let unit = try #require(units["unit"])
      line.plug("1.1", node: unit.path)
      #expect(try await line.end(of: "A1").failure?.kind == "stranded")
      #expect(await unit.portSpeed() == 921_600)
      await unit.setNoise(nil)
      #expect(try await line.end(of: "A1", 2).isVerified)
      #expect(await unit.portSpeed() == 115_200)
      #expect(await unit.counters().starts == 1)
    }
  }

  @Test("a unit that is done and asked for nothing else stays done when the manifest is read again")
  func reloadHooks() async throws {
    let text = lineManifest([("A1", "1.1")], policy: #""again": "dump""#)
    try await watching([Units.uBoot("one")], text) { line, units in
      let one = try #require(units["one"])
      line.plug("1.1", node: one.path)
      #expect(try await line.end(of: "A1").isVerified)
      try await line.wait(for: "A1") { if case .awaitingDeparture = $0 { true } else { nil } }
      let other = text.replacing(#""policy":"#, with: #""hooks": { "timeLimit": 7 }, "policy":"#)
      line.directory.set(slots: try plan(other).slots)
      // What comes next is dumped by the new one.
      await one.reset()
      #expect(try await line.end(of: "A1", 2).isVerified)
      #expect(line.events(of: "A1").count { if case .connecting = $0 { true } else { false } } == 1)
    } check: { report, _, _ in
      #expect(report.units.count == 2)
    }
  }

  @Test("a manifest that is read again is applied to idle slots at once, and to others when they are idle")
  func reload() async throws {
    try await watching([Units.uBoot("one"), Units.uBoot("two", mac: Self.mac(2))], lineManifest([("A1", "1.1")])) {
      line, units in
      let (one, two) = (try #require(units["one"]), try #require(units["two"]))
      line.plug("1.1", node: one.path)
      line.plug("1.2", node: two.path)
      #expect(try await line.end(of: "A1").regions[0].size == 4096)
      line.directory.set(slots: try plan(lineManifest([("B2", "1.2")], size: 8192)).slots)
      let result = try await line.end(of: "B2")
      #expect(result.isVerified && result.regions[0].size == 8192)
      // A1 is not in the manifest any more: its console is free for others.
      line.directory.set(slots: try plan(lineManifest([("C1", "1.1")], size: 8192)).slots)
      #expect(try await line.end(of: "C1").identity.first?.value == Self.mac(1))
    }
  }
}
