import BatchScheduler
import DeviceSimulator
import DumpEngine
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite("A reference saves time and can do no harm", .serialized, .timeLimit(.minutes(2)))
struct ReferenceTests {
  private static let size = Units.flashSize

  /// What somebody does to the file while it is in use.
  enum Change: String, CaseIterable, Sendable {
    case cut, rewritten, removed

    func make(at path: String) throws {
      switch self {
      case .cut:
        let file = try FileHandle(forUpdating: URL(filePath: path))
        try file.truncate(atOffset: UInt64(ReferenceTests.size / 4))
        try file.close()
      case .rewritten:
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        try file.write(contentsOf: seededBytes(count: ReferenceTests.size, seed: 99))
        try file.close()
      case .removed: try FileManager.default.removeItem(atPath: path)
      }
    }
  }

  private struct Outcome {
    var result: UnitResult
    var troubles: [String]
    /// Bytes that the unit has printed, beside small samples.
    var read: Int
  }

  /// Dumps a unit against a file with these bytes.
  ///
  /// - Parameter change: made when the first bytes are known.
  private func dump(
    _ content: [UInt8], against golden: [UInt8], policy: String = "", _ change: Change? = nil
  ) async throws -> Outcome {
    var simulated = Units.uBoot("unit")
    simulated.memory[0].content = .bytes(content)
    return try await withUnits([simulated]) { running in
      try await withTemporaryFolder { folder in
        let unit = try #require(running["unit"])
        let path = folder.file("golden.bin")
        try Data(golden).write(to: URL(filePath: path))
        let text = manifest([("A1", unit.path)], size: Self.size, policy: policy)
          .replacing(#""size": \#(Self.size)"#, with: #""size": \#(Self.size), "reference": "\#(path)""#)
          .replacing(#""speed": 3000000,"#, with: #""speed": 3000000, "readLength": 1024,"#)
        let left = Mutex(change)
        let log = EventLog { event in
          guard case .progress = event.kind, let change = left.withLock({ $0.take() }) else { return }
          #expect(throws: Never.self) { try change.make(at: path) }
        }
        let result = try #require(await Batch(plan: try plan(text), folder: folder.path, emit: log.take).run().first)
        let image = FileManager.default.contents(atPath: folder.file("\(result.folder)/flash.bin")).map(Array.init)
        #expect(result.isVerified, "\(String(describing: result.failure))")
        #expect(difference(found: image ?? [], expected: content) == nil)
        let troubles = log.events.compactMap { if case .trouble(let text) = $0.kind { text } else { nil } }
        let read = await unit.counters().rangesDumped.filter { $0.size > 256 }.reduce(0) { $0 + $1.size }
        return Outcome(result: result, troubles: troubles, read: read)
      }
    }
  }

  @Test("changed while it is in use, it is dropped or not believed", arguments: Change.allCases)
  func changed(change: Change) async throws {
    // Its first block is another, so that there is something to be read: nothing is known at once.
    let content = seededBytes(count: Self.size, seed: 3)
    var golden = content
    golden[5] ^= 1
    let outcome = try await dump(content, against: golden, change)
    let said = outcome.troubles.filter { $0.contains("reference") }
    #expect(said.count == (change == .cut ? 1 : 0), "\(outcome.troubles)")
    if change == .cut { #expect(said.first?.contains("goes on without the reference") == true) }
    // A file without a name is still open, and what it has is compared.
    #expect(change == .removed ? outcome.read <= 4096 : outcome.read > 4096, "\(outcome.read)")
  }

  @Test(
    "shorter or longer than the region, it serves as far as it reaches",
    arguments: [size / 2, size / 2 + 300, size + 5000])
  func otherSize(length: Int) async throws {
    let content = seededBytes(count: Self.size, seed: 3)
    let golden = Array((content + seededBytes(count: 5000, seed: 4)).prefix(length))
    let outcome = try await dump(content, against: golden)
    #expect(outcome.troubles == [])
    #expect(outcome.result.regions[0].reused == min(length, Self.size))
  }

  @Test("where no digest is asked for it is not used, and that is said once")
  func reread() async throws {
    let content = seededBytes(count: Self.size, seed: 3)
    let outcome = try await dump(content, against: content, policy: #""verify": "reread""#)
    #expect(outcome.troubles.count == 1, "\(outcome.troubles)")
    #expect(outcome.troubles.first?.contains("golden.bin is not used") == true)
    #expect(outcome.result.regions[0].reused == 0)
  }
}
