import Foundation
import TestSupport
import Testing

@Suite("batchdump resume by a manifest with other checks", .serialized, .timeLimit(.minutes(2)))
struct AddedCheckTests {
  private static let identity =
    #"{ "name": "mac", "command": "printenv ethaddr", "pattern": "ethaddr=([0-9a-f:]{17})" }"#

  @Test("runs them on images that are complete already, and reads nothing again")
  func added() async throws {
    var unit = TestBench.unit()
    unit.loader = .uBoot(TestBench.known)
    try await TestBench.with(unit) { folder, unit in
      let manifest = TestBench.manifest([unit.path], identity: Self.identity)
      try folder.write(manifest, to: "m.json")
      #expect(try await Tool.run(["m.json", "--output", "out"], in: folder).status == 0)
      let dumped = await unit.counters().bytesDumped
      let checked = TestBench.manifest(
        [unit.path], checks: #"{ "kind": "gzip", "offset": 0 }"#, identity: Self.identity)
      try folder.write(checked, to: "checked.json")
      let resumed = try await Tool.run(["resume", "out", "--manifest", "checked.json"], in: folder)
      #expect(resumed.status == 1, "\(resumed)")
      #expect(resumed.output.contains("gzip"), "\(resumed)")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("out"))
      #expect(!names.contains { $0.hasSuffix("-2") }, "\(names)")
      #expect(await unit.counters().bytesDumped == dumped)
      // Report, evidence and list tell the same of it.
      let verified = try await Tool.run(["verify", "out"], in: folder)
      #expect(verified.status == 3, "\(verified)")
      // Without the check it is what it was.
      let back = try await Tool.run(["resume", "out", "--manifest", "m.json"], in: folder)
      #expect(back.status == 0, "\(back)")
      #expect(try await Tool.run(["verify", "out"], in: folder).status == 0)
    }
  }
}
