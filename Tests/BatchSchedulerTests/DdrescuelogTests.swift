import DeviceSimulator
import DumpEngine
import Foundation
import TestSupport
import Testing

@Suite("GNU ddrescue's tools read our maps", .serialized, .timeLimit(.minutes(3)))
struct DdrescuelogTests {
  /// Runs `ddrescuelog` (Debian package gddrescue) and returns what it printed.
  private static func ddrescuelog(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["ddrescuelog"] + arguments
    process.standardOutput = output
    try process.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
  }

  /// Bytes that `ddrescuelog -t` shows behind a word.
  private static func shown(_ word: String, _ output: String) throws -> Int {
    let line = try #require(output.split(separator: "\n").first { $0.contains("\(word):") }, "\(output)")
    return try #require(Int(line.split(separator: ":")[1].split(separator: " ")[0]), "\(line)")
  }

  @Test("their summary says what ours does, for a partial and for a complete region")
  func summary() async throws {
    try await withUnits([Units.uBoot("unit")]) { units in
      try await StoppedBatch.with { batch in
        let unit = try #require(units["unit"])
        let partial = try await batch.stop(unit, at: 0.5)
        let path = batch.file("flash.map", of: partial)
        let shown = try Self.ddrescuelog(["--show-status", path])
        #expect(shown.status == 0)
        let proven = partial.regions[0].blocks.filter { $0.evidence != .none }.reduce(0) { $0 + $1.range.count }
        let held = partial.regions[0].blocks.reduce(0) { $0 + $1.range.count }
        #expect(proven > 0)
        #expect(try Self.shown("rescued", shown.output) == proven, "\(shown.output)")
        #expect(try Self.shown("non-trimmed", shown.output) == held - proven, "\(shown.output)")
        #expect(try Self.shown("non-tried", shown.output) == StoppedBatch.size - held, "\(shown.output)")
        #expect(try Self.ddrescuelog(["--done-status", path]).status == 1)
        _ = try await batch.goOn(unit.path)
        #expect(try Self.ddrescuelog(["--done-status", path]).status == 0)
        let whole = try Self.ddrescuelog(["--show-status", path]).output
        #expect(try Self.shown("rescued", whole) == StoppedBatch.size, "\(whole)")
      }
    }
  }

  /// Two partial runs of one unit: what their maps have together is what the third does not read.
  @Test("two partial maps that they merge say what a third run leaves alone")
  func merge() async throws {
    let names = ["first", "second", "third"]
    try await withUnits(names.map { Units.uBoot($0) }) { units in
      try await StoppedBatch.with { batch in
        let (first, second, third) = (
          try #require(units["first"]), try #require(units["second"]), try #require(units["third"])
        )
        let one = try await batch.stop(first, at: 0.3)
        let map = batch.file("flash.map", of: one)
        try FileManager.default.copyItem(atPath: map, toPath: batch.folder.file("one.map"))
        _ = try await batch.stop(second, at: 0.7)
        let merged = try Self.ddrescuelog(["--or-mapfile=\(batch.folder.file("one.map"))", map])
        #expect(merged.status == 0)
        let both = try Mapfile(reading: Array(merged.output.utf8)).ranges(.finished)
        let own = try Mapfile(reading: Array(FileManager.default.contents(atPath: map) ?? Data())).ranges(.finished)
        #expect(both == own, "\(merged.output)")
        #expect(!both.isEmpty && both != RangeSet(0..<StoppedBatch.size))

        try batch.expectImage(of: third, try await batch.goOn(third.path), [.deviceDigest(.crc32)])
        let read = await third.counters().rangesDumped.filter { $0.address >= Units.flash }.map { range in
          Int(range.address - Units.flash)..<Int(range.address - Units.flash) + range.size
        }
        let again = RangeSet(read).intersection(both).ranges.reduce(0) { $0 + $1.count }
        // The way a console prints is tried out on some lines at a few places.
        #expect(again <= 1024, "\(again) bytes that both maps had were read again")
      }
    }
  }
}
