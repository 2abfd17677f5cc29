import DeviceSimulator
import DumpEngine
import Foundation
import TestSupport
import Testing

@Suite("A block that takes long to read", .serialized, .timeLimit(.minutes(3)))
struct LongBlockTests {
  private static let block = 16384
  /// Named for the MAC address that a simulated W90 has.
  private static let w90Folder = "0E-F2-B3-DC-08-05"

  /// Consoles whose block of 16 KiB takes some twelve seconds.
  enum Console: String, CaseIterable, Sendable, CustomTestStringConvertible {
    /// Reads it with one command.
    case uBoot = "u-boot"
    /// Reads it with 64 commands.
    case w90 = "winbond-w90"

    var testDescription: String { rawValue }

    var address: UInt64 { self == .uBoot ? TestBench.flash : 0x7F02_0000 }

    var unit: SimulatedUnit {
      var unit = TestBench.unit(speed: 57_600)
      unit.loader = self == .w90 ? .w90(W90Options()) : .uBoot(TestBench.known)
      if self == .w90 { unit.memory = [MemoryArea(address: 0x7F00_0000, size: 0x20_0000, content: .random(seed: 4))] }
      return unit
    }

    func manifest(_ tty: String) -> String {
      let fact =
        self == .uBoot
        ? #""command": "printenv ethaddr", "pattern": "^ethaddr=([0-9a-f:]{17})$""#
        : #""command": "set", "pattern": "([0-9A-F]{2}(:[0-9A-F]{2}){5})""#
      return TestBench.manifest(
        [tty], size: block, speed: 57_600, policy: self == .w90 ? #""verify": "none""# : "",
        identity: #"{ "name": "mac", \#(fact) }"#
      )
      .replacing(#""dialect": "u-boot""#, with: #""dialect": "\#(rawValue)", "readLength": \#(block)"#)
      .replacing(#""address": \#(TestBench.flash)"#, with: #""address": \#(address)"#)
    }
  }

  @Test("is on the disk piece by piece: a kill in the middle costs some seconds of it", arguments: Console.allCases)
  func killed(console: Console) async throws {
    try await TestBench.with(console.unit) { folder, unit in
      try folder.write(console.manifest(unit.path), to: "m.json")
      let unitFolder = console == .w90 ? Self.w90Folder : "02-00-5e-00-00-01"
      let map = folder.file("out/\(unitFolder)/flash.map")
      let killed = try await Tool.run(["m.json", "--output", "out"], in: folder) { process in
        await until { Self.held(map)?.isEmpty == false }
        kill(process, SIGKILL)
      }
      #expect(killed.status == SIGKILL, "\(killed)")
      let held = try #require(Self.held(map))
      let count = held.ranges.reduce(0) { $0 + $1.count }
      #expect(count > 0 && count < Self.block, "\(held)")
      let truth = try #require(unit.contents(address: console.address, size: Self.block))
      let partial = try Array(Data(contentsOf: URL(filePath: folder.file("out/\(unitFolder)/flash.bin.partial"))))
      for range in held.ranges {
        #expect(difference(found: Array(partial[range]), expected: Array(truth[range])) == nil)
      }
      let before = await unit.counters().bytesDumped
      let resumed = try await Tool.run(["resume", "out"], in: folder)
      // Nothing proves what a W90 was asked for once.
      #expect(resumed.status == (console == .w90 ? 3 : 0), "\(resumed)")
      // What is held is believed, but for the samples that show that it is still the same.
      let again = await unit.counters().bytesDumped - before
      #expect(again < Self.block, "\(again) bytes printed where \(Self.block - count) were missing")
      let image = try Array(Data(contentsOf: URL(filePath: folder.file("out/\(unitFolder)/flash.bin"))))
      #expect(difference(found: image, expected: truth) == nil)
    }
  }

  /// What a mapfile says is held, with or without proof; nil where there is none.
  private static func held(_ path: String) -> RangeSet<Int>? {
    guard let bytes = FileManager.default.contents(atPath: path), let map = try? Mapfile(reading: Array(bytes)) else {
      return nil
    }
    return map.ranges(.finished).union(map.ranges(.unproven))
  }
}
