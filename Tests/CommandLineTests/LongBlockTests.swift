import DeviceSimulator
import DumpEngine
import Foundation
import TestSupport
import Testing

@Suite("A block that takes long to read", .serialized, .timeLimit(.minutes(3)))
struct LongBlockTests {
  private static let block = 16384

  /// Consoles whose block of 16 KiB takes some twelve seconds.
  enum Console: String, CaseIterable, Sendable, CustomTestStringConvertible {
    /// Reads it with one command.
    case uBoot = "u-boot"
    /// Reads it with 64 commands.
    case w90 = "winbond-w90"

    var testDescription: String { rawValue }

    var address: UInt64 { self == .uBoot ? TestBench.flash : 0x7F02_0000 }

    var unit: SimulatedUnit {
      guard self == .w90 else { return TestBench.unit(speed: 57_600) }
      var unit = SimulatedUnit(
        name: "unit", loader: .w90(W90Options()), speed: 57_600,
        memory: [MemoryArea(address: 0x7F00_0000, size: 0x20_0000, content: .random(seed: 4))])
      unit.start = .prompt
      return unit
    }

    func manifest(_ tty: String) -> String {
      TestBench.manifest([tty], size: block, speed: 57_600, policy: #""verify": "none""#)
        .replacing(#""dialect": "u-boot""#, with: #""dialect": "\#(rawValue)", "readLength": \#(block)"#)
        .replacing(#""address": \#(TestBench.flash)"#, with: #""address": \#(address)"#)
    }
  }

  @Test("is on the disk piece by piece: a kill in the middle costs some seconds of it", arguments: Console.allCases)
  func killed(console: Console) async throws {
    try await TestBench.with(console.unit) { folder, unit in
      try folder.write(console.manifest(unit.path), to: "m.json")
      let map = folder.file("out/A1/flash.map")
      let killed = try await Tool.run(["m.json", "--output", "out"], in: folder) { process in
        await until { Self.held(map)?.isEmpty == false }
        kill(process, SIGKILL)
      }
      #expect(killed.status == SIGKILL, "\(killed)")
      let held = try #require(Self.held(map))
      let count = held.ranges.reduce(0) { $0 + $1.count }
      #expect(count > 0 && count < Self.block, "\(held)")
      let truth = try #require(unit.contents(address: console.address, size: Self.block))
      let partial = try Array(Data(contentsOf: URL(filePath: folder.file("out/A1/flash.bin.partial"))))
      for range in held.ranges {
        #expect(difference(found: Array(partial[range]), expected: Array(truth[range])) == nil)
      }
      let resumed = try await Tool.run(["resume", "out"], in: folder)
      // Complete, and nothing proves it.
      #expect(resumed.status == 3, "\(resumed)")
      let image = try Array(Data(contentsOf: URL(filePath: folder.file("out/A1/flash.bin"))))
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
