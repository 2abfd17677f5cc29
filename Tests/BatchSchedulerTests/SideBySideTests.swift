import BatchScheduler
import DeviceSimulator
import DumpEngine
import Foundation
import TestSupport
import Testing
import Udev

@Suite("Slots are dumped side by side", .serialized, .timeLimit(.minutes(2)))
struct SideBySideTests {
  private static func mac(_ number: Int) -> String { "02:00:5e:00:00:0\(number)" }

  private static let four = (1...4).map { Units.uBoot("unit\($0)", mac: mac($0), seed: UInt64($0)) }

  private func slots(_ units: [String: RunningUnit]) -> [(name: String, tty: String)] {
    units.sorted { $0.key < $1.key }.enumerated().map { ("A\($0 + 1)", $1.value.path) }
  }

  @Test("never more at once than the manifest allows", arguments: [nil, 1, 2, 3, 10] as [Int?])
  func maxParallel(most: Int?) async throws {
    try await withUnits(Self.four) { units in
      try await withTemporaryFolder { folder in
        let plan = try plan(manifest(slots(units), policy: most.map { #""maxParallel": \#($0)"# } ?? ""))
        let log = EventLog()
        let results = await Batch(plan: plan, folder: folder.path, emit: log.take).run()
        #expect(results.map(\.slot) == ["A1", "A2", "A3", "A4"])
        #expect(results.allSatisfy { $0.isVerified }, "\(results.compactMap(\.failure?.message))")
        #expect(log.mostAtOnce <= most ?? 4)
        for (result, unit) in zip(results, units.sorted { $0.key < $1.key }.map(\.value)) {
          let image = FileManager.default.contents(atPath: folder.file("\(result.folder)/flash.bin")).map(Array.init)
          let expected = try #require(unit.contents(address: Units.flash, size: 4096))
          #expect(difference(found: image ?? [], expected: expected) == nil)
        }
        #expect(Set(results.map(\.folder)).count == 4)
      }
    }
  }

  @Test("a slot without adapter fails, or waits for one, as the policy says")
  func noAdapter() async throws {
    try await withUnits([Units.uBoot("unit")]) { units in
      try await withTemporaryFolder { folder in
        let unit = try #require(units["unit"])
        let text = lineManifest([("A1", "1.1")])
        let failed = await Batch(plan: try plan(text), folder: folder.path) { _ in }.run()
        #expect(failed[0].failure?.kind == "link")
        #expect(failed[0].failure?.message.hasPrefix("no adapter matches path=*-usb-0:1.1:1.0") == true)

        let patient = try plan(lineManifest([("A1", "1.1")], policy: #""noAdapter": "wait""#))
        let directory = SlotDirectory(slots: patient.slots)
        let (events, plugs) = AsyncStream<AdapterEvent>.makeStream()
        let adapter = WatchedLine.adapter("1.1", node: unit.path)
        async let following: Void = directory.follow(events)
        let results = await Batch(plan: patient, folder: folder.path, directory: directory) { event in
          if case .noAdapter = event.kind { plugs.yield(.added(adapter)) }
        }.run()
        plugs.finish()
        await following
        #expect(results[0].isVerified, "\(results[0].failure?.message ?? "")")
      }
    }
  }

  @Test("a tty that the manifest names by its path is waited for as well")
  func noTTY() async throws {
    try await withUnits([Units.uBoot("unit")]) { units in
      try await withTemporaryFolder { folder in
        let unit = try #require(units["unit"])
        let tty = folder.file("by-id-link")
        let plan = try plan(manifest([("A1", tty)], policy: #""noAdapter": "wait""#))
        let results = await Batch(plan: plan, folder: folder.path) { event in
          guard case .noAdapter(let reason) = event.kind else { return }
          #expect(reason.contains(tty), "\(reason)")
          #expect(throws: Never.self) {
            try FileManager.default.createSymbolicLink(atPath: tty, withDestinationPath: unit.path)
          }
        }.run()
        #expect(results[0].isVerified, "\(results[0].failure?.message ?? "")")
      }
    }
  }

  @Test("a slot that waits for its adapter keeps no other from its turn")
  func waitsAside() async throws {
    try await withUnits(Array(Self.four.prefix(2))) { units in
      try await withTemporaryFolder { folder in
        let text = lineManifest([("A1", "1.1"), ("A2", "1.2")], policy: #""noAdapter": "wait", "maxParallel": 1"#)
        let directory = SlotDirectory(
          slots: try plan(text).slots,
          adapters: [WatchedLine.adapter("1.2", node: try #require(units["unit2"]).path, serial: "2")])
        let (events, plugs) = AsyncStream<AdapterEvent>.makeStream()
        let late = WatchedLine.adapter("1.1", node: try #require(units["unit1"]).path, serial: "1")
        async let following: Void = directory.follow(events)
        let log = EventLog { event in
          if event.slot == "A2", case .ended = event.kind { plugs.yield(.added(late)) }
        }
        let results = await Batch(
          plan: try plan(text), folder: folder.path, directory: directory, emit: log.take
        ).run()
        plugs.finish()
        await following
        #expect(results.allSatisfy { $0.isVerified }, "\(results.compactMap(\.failure?.message))")
        #expect(log.mostAtOnce == 1)
      }
    }
  }

  @Test("one that fails disturbs no other")
  func oneFails() async throws {
    try await withUnits([Units.uBoot("good")]) { units in
      try await withTemporaryFolder { folder in
        let good = try #require(units["good"])
        let plan = try plan(manifest([("A1", folder.file("nobody")), ("A2", good.path)]))
        let results = await Batch(plan: plan, folder: folder.path) { _ in }.run()
        #expect(results.map(\.slot) == ["A1", "A2"])
        #expect(results[0].failure?.kind == "link")
        #expect(results[0].failure?.message.contains(folder.file("nobody")) == true)
        #expect(results[1].isVerified, "\(results[1].failure?.message ?? "")")
      }
    }
  }

  @Test("the batch stops at the first failure where the manifest says so, and every slot has a result")
  func stop() async throws {
    try await withUnits([Units.uBoot("good")]) { units in
      try await withTemporaryFolder { folder in
        let good = try #require(units["good"])
        let slots = [("A1", folder.file("nobody")), ("A2", good.path), ("A3", folder.file("nobody-else"))]
        let plan = try plan(manifest(slots, policy: #""onFailure": "stop", "maxParallel": 1"#))
        let log = EventLog()
        let results = await Batch(plan: plan, folder: folder.path, emit: log.take).run()
        #expect(results.map(\.slot) == ["A1", "A2", "A3"])
        #expect(results[0].failure?.kind == "link")
        for result in results.dropFirst() {
          #expect(result.failure?.kind == "stopped" && !result.interrupted)
          #expect(result.failure?.message.contains("slot A1 failed") == true, "\(result.failure?.message ?? "")")
        }
        #expect(await good.counters().commandsRun == 0)
      }
    }
  }

  @Test("a slot without adapter fails at its turn and not before")
  func failsInTurn() async throws {
    try await withUnits([Units.uBoot("good")]) { units in
      try await withTemporaryFolder { folder in
        let good = try #require(units["good"])
        let policy = #""onFailure": "stop", "maxParallel": 1"#
        let plan = try plan(lineManifest([("A1", "1.1"), ("A2", "1.2")], policy: policy))
        let directory = SlotDirectory(slots: plan.slots, adapters: [WatchedLine.adapter("1.1", node: good.path)])
        let results = await Batch(plan: plan, folder: folder.path, directory: directory) { _ in }.run()
        #expect(results[0].isVerified, "\(results[0].failure?.message ?? "")")
        #expect(results[1].failure?.kind == "link")
      }
    }
  }

  @Test("a unit that is complete as its policy demands is no failure that stops the others")
  func stopWithoutProof() async throws {
    try await withUnits([Units.uBoot("one"), Units.uBoot("two", mac: Self.mac(2))]) { units in
      try await withTemporaryFolder { folder in
        let policy = #""onFailure": "stop", "maxParallel": 1, "verify": "none""#
        let plan = try plan(manifest(slots(units), policy: policy))
        let results = await Batch(plan: plan, folder: folder.path) { _ in }.run()
        #expect(results.map(\.interrupted) == [false, false])
        #expect(results.allSatisfy { $0.regions.allSatisfy { $0.isComplete } })
      }
    }
  }

  @Test("two slots with the same unit are both named, and only one writes its image")
  func sameIdentity() async throws {
    try await withUnits([Units.uBoot("one"), Units.uBoot("two")]) { units in
      try await withTemporaryFolder { folder in
        let plan = try plan(manifest(slots(units)))
        let results = await Batch(plan: plan, folder: folder.path) { _ in }.run()
        let failed = results.filter { $0.failure != nil }
        #expect(failed.map(\.failure?.kind) == ["identity"])
        let message = failed.first?.failure?.message ?? ""
        #expect(message.contains("A1") && message.contains("A2") && message.contains("02:00:5e:00:00:01"), "\(message)")
        #expect(results.filter(\.isVerified).count == 1)
        #expect(Set(results.map(\.folder)).count == 2)
      }
    }
  }

  @Test("cancelling stops all slots at once, each with a true partial image")
  func cancelled() async throws {
    try await withUnits(Self.four) { units in
      try await withTemporaryFolder { folder in
        let plan = try plan(manifest(slots(units), size: Units.flashSize, policy: #""maxParallel": 2"#))
        let (held, reached) = AsyncStream<Void>.makeStream()
        let log = EventLog { event in
          if case .progress(_, let held, let size, _) = event.kind, held > size / 2 { reached.finish() }
        }
        let batch = Task { await Batch(plan: plan, folder: folder.path, emit: log.take).run() }
        for await _ in held {}
        let start = ContinuousClock.now
        batch.cancel()
        let results = await batch.value
        #expect(ContinuousClock.now - start < .seconds(10))
        #expect(results.map(\.slot) == ["A1", "A2", "A3", "A4"])
        #expect(results.allSatisfy { $0.interrupted || $0.isVerified }, "\(results.map(\.failure?.message))")
        #expect(results.contains { $0.interrupted })
        for result in results where result.interrupted {
          #expect(!FileManager.default.fileExists(atPath: folder.file("\(result.folder)/flash.bin")))
        }
      }
    }
  }
}
