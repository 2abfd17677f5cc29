import BatchScheduler
import DeviceDigests
import DeviceSimulator
import DumpEngine
import DumpManifest
import Foundation
import TestSupport
import Testing

/// Units whose flash is known, dumped side by side, and what each had to read for it.
enum SharingBench {
  static let size = Units.flashSize
  static let block = 16 << 10

  /// A unit with a MAC of its own.
  static func unit(_ number: Int, _ bytes: [UInt8]) -> SimulatedUnit {
    var unit = Units.uBoot("unit\(number)", mac: "02:00:5e:00:00:0\(number)")
    unit.memory[0].content = .bytes(bytes)
    return unit
  }

  /// Random bytes that follow from a seed.
  static func bytes(_ seed: UInt64, count: Int = size) -> [UInt8] {
    var generator = SplitMix64(state: seed)
    return (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
  }

  /// Bytes with a record in them that ends with its own CRC-32, as a serial number may.
  static func with(record: [UInt8], at place: Int, in bytes: [UInt8]) -> [UInt8] {
    let crc = UInt32(HostDigest.hex(.crc32, of: record), radix: 16) ?? 0
    var bytes = bytes
    let whole = record + (0..<4).map { UInt8(truncatingIfNeeded: crc >> (8 * $0)) }
    bytes.replaceSubrange(place..<place + whole.count, with: whole)
    return bytes
  }

  struct Outcome {
    var results: [UnitResult]
    /// Bytes of flash that each unit has printed, beside small samples.
    var read: [Int]
    /// Which places of the flash each has printed, from its start.
    var places: [RangeSet<Int>]
    var events: [SessionEvent]
  }

  /// Dumps units side by side; their images are what they hold.
  ///
  /// - Parameters:
  ///   - region: more of the region's entry.
  ///   - reuse: of each unit; empty: the policy's.
  ///   - onEvent: called with each event and the units by name; must not block.
  static func dump(
    _ units: [SimulatedUnit], policy: String = "", region: String = "", reuse: [String] = [],
    onEvent: @escaping @Sendable (SessionEvent, [String: RunningUnit]) -> Void = { _, _ in }
  ) async throws -> Outcome {
    try await withUnits(units) { running in
      try await withTemporaryFolder { folder in
        let slots = units.enumerated().map { (name: "A\($0 + 1)", tty: running[$1.name]?.path ?? "") }
        var text = manifest(slots, size: size, policy: policy)
          .replacing(#""speed": 3000000,"#, with: #""speed": \#(units[0].speed), "readLength": \#(block),"#)
          .replacing(#""size": \#(size)"#, with: #""size": \#(size)\#(region)"#)
        for (slot, reuse) in zip(slots, reuse) {
          let entry = #""tty": "\#(slot.tty)""#
          text.replace(entry, with: entry + #", "policy": { "reuse": "\#(reuse)" }"#)
        }
        let log = EventLog { onEvent($0, running) }
        let results = await Batch(plan: try plan(text), folder: folder.path, emit: log.take).run()
        var (read, places): ([Int], [RangeSet<Int>]) = ([], [])
        for (unit, result) in zip(units, results) {
          let now = try #require(running[unit.name])
          #expect(result.isVerified, "\(result.failure?.message ?? "unproven")")
          let image = FileManager.default.contents(atPath: folder.file("\(result.folder)/flash.bin")).map(Array.init)
          let truth = try #require(now.contents(address: Units.flash, size: size))
          #expect(difference(found: image ?? [], expected: truth) == nil, "\(result.slot)")
          let counters = await now.counters()
          read.append(counters.rangesDumped.filter { $0.size > 256 }.reduce(0) { $0 + $1.size })
          places.append(Self.places(counters))
        }
        return Outcome(results: results, read: read, places: places, events: log.events)
      }
    }
  }

  /// The places of the flash that a unit has printed, from its start.
  static func places(_ counters: UnitCounters) -> RangeSet<Int> {
    RangeSet(counters.rangesDumped.map { Int($0.address - Units.flash)..<Int($0.end - Units.flash) })
  }

  static func count(_ result: UnitResult, _ isWanted: (Provenance) -> Bool) -> Int {
    result.regions[0].blocks.filter { isWanted($0.provenance) }.reduce(0) { $0 + $1.range.count }
  }

  static func isSibling(_ provenance: Provenance) -> Bool {
    if case .sibling = provenance { true } else { false }
  }
}
