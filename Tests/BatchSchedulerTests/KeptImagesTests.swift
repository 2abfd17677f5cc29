import BatchScheduler
import DeviceSimulator
import DumpEngine
import Foundation
import TestSupport
import Testing

@Suite("What a session has left is neither lost nor called more than it is", .serialized, .timeLimit(.minutes(3)))
struct KeptImagesTests {
  private static let digest: Set<Evidence> = [.deviceDigest(.crc32)]
  private static let more = #", { "name": "more", "address": \#(Units.flash + 0x1_9000), "size": 24576 }"#

  private func evidence(_ batch: StoppedBatch, _ result: UnitResult, _ region: String = "flash") throws -> RegionState {
    try RegionState.load(batch.file("\(region).evidence.json", of: result))
  }

  @Test("another unit that is stopped as it comes, and comes once more, costs nothing of the first one's image")
  func twoStrangers() async throws {
    try await withUnits([Units.uBoot("first", seed: 11), Units.uBoot("second", seed: 12)]) { units in
      try await StoppedBatch.with { batch in
        var batch = batch
        batch.identity = ""
        batch.otherRegion = Self.more
        let (first, second) = (try #require(units["first"]), try #require(units["second"]))
        let before = try await batch.stop(first, at: 0.3, of: "more")
        #expect(before.regions[0].isVerified)
        let old = try #require(first.contents(address: Units.flash, size: StoppedBatch.size))
        _ = try await batch.stop(second, at: 0.3)
        try batch.expectImage(of: second, try await batch.goOn(second.path), Self.digest)
        let kept = try batch.asides(of: before)
        let there = kept.reduce(RangeSet<Int>()) { $0.union($1.ranges) }
        #expect(there == RangeSet(0..<StoppedBatch.size), "\(there)")
        for (bytes, ranges) in kept { #expect(ranges.ranges.allSatisfy { bytes[$0] == old[$0] }) }
      }
    }
  }

  @Test("an image that cannot be opened is not taken for absent")
  func link() async throws {
    try await withUnits([Units.uBoot("unit")]) { units in
      try await StoppedBatch.with { batch in
        var batch = batch
        batch.otherRegion = Self.more
        let unit = try #require(units["unit"])
        let before = try await batch.stop(unit, at: 0.3, of: "more")
        // Somebody has moved it to another disk.
        let (path, other) = (batch.file("flash.bin", of: before), batch.folder.file("moved.bin"))
        try FileManager.default.moveItem(atPath: path, toPath: other)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: other)
        let failure = try await batch.goOn(unit.path).first?.failure
        #expect(
          failure?.kind == "disk" && failure?.message.contains("flash.bin") == true, "\(String(describing: failure))")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path) == other)
      }
    }
  }

  @Test("an image that was put back beside a partial one is kept when that is complete")
  func restored() async throws {
    try await withUnits([Units.uBoot("unit")]) { units in
      try await StoppedBatch.with { batch in
        let unit = try #require(units["unit"])
        let before = try await batch.stop(unit, at: 0.4)
        let path = batch.file("flash.bin", of: before)
        try Data("from the safe".utf8).write(to: URL(filePath: path))
        try batch.expectImage(of: unit, try await batch.goOn(unit.path), Self.digest)
        #expect(try String(contentsOfFile: path + ".1", encoding: .utf8) == "from the safe")
      }
    }
  }

  @Test("a region that was not looked at again before a stop is still what it was")
  func stoppedAgain() async throws {
    try await withUnits([Units.uBoot("unit")]) { units in
      try await StoppedBatch.with { batch in
        var batch = batch
        batch.otherRegion = Self.more
        let unit = try #require(units["unit"])
        _ = try await batch.stop(unit, at: 0.1)
        let whole = try await batch.goOn(unit.path)
        try FileManager.default.removeItem(atPath: batch.file("flash.bin", of: whole[0]))
        let stopped = try await batch.stop(unit, at: 0.3)
        #expect(stopped.regions.map(\.isComplete) == [false, true])
        #expect(stopped.regions[1].isVerified && stopped.regions[1].sha256 == whole[0].regions[1].sha256)
        let state = try evidence(batch, stopped, "more").result
        #expect(!state.isPartial && state.sha256 == whole[0].regions[1].sha256)
        try batch.expectImage(of: unit, try await batch.goOn(unit.path), Self.digest)
      }
    }
  }

  @Test("the evidence of an image that is opened again does not say that it is complete")
  func openedAgain() async throws {
    let mute = Units.uBoot("mute") { $0.commands.remove(.md) }
    try await withUnits([Units.uBoot("unit"), mute]) { units in
      try await StoppedBatch.with { batch in
        var batch = batch
        batch.otherRegion = Self.more
        let (unit, mute) = (try #require(units["unit"]), try #require(units["mute"]))
        let before = try await batch.stop(unit, at: 0.3, of: "more")
        let result = try #require(try await batch.goOn(mute.path).first)
        #expect(result.failure != nil && result.regions[0].sha256 == nil && !result.regions[0].isComplete)
        let state = try evidence(batch, before).result
        #expect(state.isPartial && state.sha256 == nil)
        // What proved it still does.
        #expect(state.blocks == before.regions[0].blocks && result.regions[0].blocks == state.blocks)
        try batch.expectImage(of: unit, try await batch.goOn(unit.path), Self.digest)
      }
    }
  }
}

/// A unit without digest that nothing is known by but its boot text. Nothing tells of an exchange at its prompt but the
/// silence, so that has to be as long as it takes to plug a cable over: that sleep is what is tested, not waited for.
@Suite("Where another unit may have come unseen, nothing of before is believed", .serialized, .timeLimit(.minutes(3)))
struct UnseenExchangeTests {
  private static let speed = 921_600
  private static let unit = {
    var unit = Units.uBoot("unit", speed: speed) { $0.commands.remove(.crc32) }
    unit.start = .off
    return unit
  }()

  private func with(_ body: (StoppedBatch, RunningUnit) async throws -> Void) async throws {
    try await withUnits([Self.unit]) { units in
      try await StoppedBatch.with { batch in
        var batch = batch
        batch.reply = 1
        batch.identity = #"{ "name": "version", "pattern": "^(U-Boot 20\\S+)" }"#
        try await body(batch, try #require(units["unit"]))
      }
    }
  }

  /// Switches the unit on when the session waits for it; at the first event that `isTime` knows another one comes in its
  /// place, which differs in one bit.
  private func exchange(
    _ unit: RunningUnit, at place: Int, when isTime: @escaping @Sendable (SessionEvent.Kind) -> Bool
  ) -> @Sendable (SessionEvent.Kind) -> Void {
    let isFirst = OnceHeld {
      await unit.freeze()
      try? unit.flipBit(1, address: Units.flash + UInt64(place))
      try? await Task.sleep(for: .seconds(6))
      await unit.thaw()
    }
    return { kind in
      if case .waking = kind { Task { await unit.powerCycle() } }
      if isTime(kind) { isFirst.run() }
    }
  }

  /// Does something once.
  private final class OnceHeld: Sendable {
    private let isDone = Watched(false)
    private let action: @Sendable () async -> Void
    init(_ action: @escaping @Sendable () async -> Void) { self.action = action }

    func run() {
      var isFirst = false
      isDone.update { done in (isFirst, done) = (!done, true) }
      if isFirst { Task { await action() } }
    }
  }

  @Test("in the first pass of a resume, where some was proved and some is lost")
  func firstPass() async throws {
    try await with { batch, unit in
      let before = try await batch.stop(unit, at: 0.75, proving: true, speed: Self.speed) { kind in
        if case .waking = kind { Task { await unit.powerCycle() } }
      }
      let path = batch.file("flash.bin.partial", of: before)
      try FileHandle(forUpdating: URL(filePath: path)).truncate(atOffset: 70_000)
      await unit.powerOff()
      // The first page of 64 KiB is whole, and its samples have been compared when more is held than was left.
      let onEvent = exchange(unit, at: 500) { kind in
        if case .progress(_, let held, _, _) = kind { held > 75_000 } else { false }
      }
      let results = try await batch.goOn(unit.path, speed: Self.speed, onEvent: onEvent)
      #expect(results[0].wire.recoveries > before.wire.recoveries)
      try batch.expectImage(of: unit, results, [.reread])
    }
  }

  @Test("in the second pass, where a stop follows before all is proved anew")
  func stopped() async throws {
    try await with { batch, unit in
      let onEvent = exchange(unit, at: 500) { kind in
        if case .proving(_, let done, _, _) = kind { done > 20_000 } else { false }
      }
      let before = try await batch.stop(unit, at: 0.9, proving: true, speed: Self.speed, onEvent: onEvent)
      #expect(before.wire.recoveries > 0)
      #expect(before.regions[0].blocks.allSatisfy { $0.evidence == .none }, "\(before.regions[0].blocks)")
      #expect(try RegionState.load(batch.file("flash.evidence.json", of: before)).finished.isEmpty)
      await unit.powerOff()
      // Who comes now differs from what was proved before.
      let old = try #require(unit.contents(address: Units.flash, size: StoppedBatch.size))
      try unit.flipBit(2, address: Units.flash + 1000)
      let results = try await batch.goOn(unit.path, speed: Self.speed) { kind in
        if case .waking = kind { Task { await unit.powerCycle() } }
      }
      try batch.expectImage(of: unit, results, [.reread])
      #expect(try batch.asides(of: before).contains { $0.ranges.contains(1000) && $0.bytes[1000] == old[1000] })
    }
  }
}
