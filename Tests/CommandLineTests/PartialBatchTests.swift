import DeviceSimulator
import Foundation
import TestSupport
import Testing

@Suite("A batch of some slots of its manifest", .timeLimit(.minutes(2)))
struct PartialBatchTests {
  @Test("is gone on with at these alone")
  func resume() async throws {
    try await TestBench.with { folder, unit in
      try folder.write(TestBench.manifest([unit.path, folder.file("nobody")]), to: "m.json")
      let first = try await Tool.run(["run", "m.json", "--output", "out"], in: folder)
      #expect(first.status == 3 && first.output.contains("Go on:  batchdump resume out"), "\(first)")
      // As `run --adapter` writes it.
      var record = try folder.object("out/batch.json")
      record["slots"] = ["A1"]
      try JSONSerialization.data(withJSONObject: record).write(to: URL(filePath: folder.file("out/batch.json")))
      let second = try await Tool.run(["resume", "out"], in: folder)
      #expect(second.status == 0 && !second.output.contains("A2"), "\(second)")
      try folder.write(TestBench.manifest([unit.path]).replacing(#""A1""#, with: #""B1""#), to: "other.json")
      let other = try await Tool.run(["resume", "out", "--manifest", "other.json"], in: folder)
      #expect(other.status == 2 && other.errors.contains("is of A1 alone"), "\(other)")
    }
  }
}
