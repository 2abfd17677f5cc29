import BatchScheduler
import DeviceSimulator
import DumpEngine
import Foundation
import TestSupport
import Testing

@Suite("What a unit cannot compare is read, and no more is believed than it has said", .timeLimit(.minutes(2)))
struct UnconfirmedFillTests {
  /// Blocks of which one half is erased.
  private static let content = (0..<4).flatMap { block in
    seededBytes(count: 2048, seed: UInt64(30 + block)) + [UInt8](repeating: 0xFF, count: 2048)
  }

  /// The digest loses the console at any of the questions about the blocks, or at what is asked after them.
  @Test("bytes of a reference that a digest had shown which is given up are no first of two reads", arguments: 3...16)
  func givenUp(spared: Int) async throws {
    var simulated = Units.uBoot("unit")
    if case .uBoot(var options) = simulated.loader {
      options.commands.remove(.cmp)
      simulated.loader = .uBoot(options)
    }
    simulated.memory = [
      MemoryArea(
        address: Quantity(Units.flash), size: Quantity(UInt64(Self.content.count)), content: .bytes(Self.content))
    ]
    var faults = DigestFaults(resetAbove: 0)
    faults.spared = spared
    simulated.faults = FaultPlan()
    simulated.faults?.digests = faults
    try await withUnits([simulated]) { running in
      try await withTemporaryFolder { folder in
        let unit = try #require(running["unit"])
        let path = folder.file("golden.bin")
        try Data(Self.content).write(to: URL(filePath: path))
        let size = #""size": \#(Self.content.count)"#
        let text = manifest([("A1", unit.path)], size: Self.content.count)
          .replacing(size, with: #"\#(size), "reference": "\#(path)""#)
          .replacing(#""speed": 3000000,"#, with: #""speed": 3000000, "readLength": 4096,"#)
        let result = try #require(await Batch(plan: try plan(text), folder: folder.path) { _ in }.run().first)
        #expect(result.isVerified, "\(String(describing: result.failure))")
        let image = FileManager.default.contents(atPath: folder.file("\(result.folder)/flash.bin")).map(Array.init)
        #expect(difference(found: image ?? [], expected: Self.content) == nil)
        let twice = result.regions[0].blocks.filter { $0.evidence == .reread }.reduce(0) { $0 + $1.range.count }
        let read = await unit.counters().rangesDumped.filter { $0.size > 256 }.reduce(0) { $0 + $1.size }
        #expect(read >= 2 * twice, "\(twice) bytes are said to be read twice, of \(read) that were read")
      }
    }
  }
}
