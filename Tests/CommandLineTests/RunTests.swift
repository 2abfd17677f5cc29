import DeviceSimulator
import Foundation
import TestSupport
import Testing

@Suite("batchdump MANIFEST", .serialized, .timeLimit(.minutes(2)))
struct RunTests {
  @Test("ends with 0 when all is verified; its report tells so and sha256sum agrees", arguments: [["run"], []])
  func verified(command: [String]) async throws {
    try await TestBench.with { folder, unit in
      try folder.write(TestBench.manifest([unit.path]), to: "m.json")
      let outcome = try await Tool.run(command + ["m.json", "--output", "out"], in: folder)
      #expect(outcome.status == 0, "\(outcome)")
      let image = FileManager.default.contents(atPath: folder.file("out/A1/flash.bin")).map(Array.init) ?? []
      let expected = try #require(unit.contents(address: TestBench.flash, size: TestBench.size))
      #expect(difference(found: image, expected: expected) == nil)
      #expect(FileManager.default.fileExists(atPath: folder.file("out/A1/console.log")))
      let report = try folder.object("out/report.json")
      #expect(report["format"] as? String == "batchdump-report")
      #expect(report["exitStatus"] as? Int == 0)
      #expect(report["interrupted"] as? Bool == false)
      let sums = try await Tool.run(["-c", "cd out && sha256sum -c SHA256SUMS"], in: folder, program: "/bin/sh")
      #expect(sums.status == 0 && sums.output.contains("flash.bin: OK"), "\(sums)")
    }
  }

  @Test("ends with 1 when nothing is usable")
  func nothing() async throws {
    try await withTemporaryFolder { folder in
      try folder.write(TestBench.manifest([folder.file("nobody")]), to: "m.json")
      let outcome = try await Tool.run(["m.json", "--output", "out"], in: folder)
      #expect(outcome.status == 1, "\(outcome)")
      #expect(try folder.object("out/report.json")["exitStatus"] as? Int == 1)
      #expect((outcome.output + outcome.errors).contains("nobody"), "\(outcome)")
    }
  }

  @Test(
    "ends with 3 when only one of two slots is done or nothing proves the image, and with 1 when its check fails",
    arguments: [("slot", 3), ("unproven", 3), ("check", 1)] as [(String, Int32)])
  func partial(cause: String, status: Int32) async throws {
    try await TestBench.with { folder, unit in
      let ttys = cause == "slot" ? [unit.path, folder.file("nobody")] : [unit.path]
      let manifest = TestBench.manifest(
        ttys, checks: cause == "check" ? #"{ "kind": "gzip", "offset": 0 }"# : "",
        policy: cause == "unproven" ? #""verify": "none""# : "")
      try folder.write(manifest, to: "m.json")
      let outcome = try await Tool.run(["m.json", "--output", "out"], in: folder)
      #expect(outcome.status == status, "\(outcome)")
      #expect(try folder.object("out/report.json")["exitStatus"] as? Int == Int(status))
    }
  }

  @Test("a folder that is not empty is left alone, and nothing is sent")
  func notEmpty() async throws {
    try await TestBench.with { folder, unit in
      try folder.write(TestBench.manifest([unit.path]), to: "m.json")
      try FileManager.default.createDirectory(atPath: folder.file("out"), withIntermediateDirectories: true)
      try folder.write("precious", to: "out/flash.bin")
      let outcome = try await Tool.run(["m.json", "--output", "out"], in: folder)
      #expect(outcome.status == 2, "\(outcome)")
      #expect(outcome.errors.contains("expected it to be empty, new or a batch's, found flash.bin in it"), "\(outcome)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("out")) == ["flash.bin"])
      #expect(await unit.counters().bytesIn == 0)
    }
  }

  @Test("a slot whose adapter is not plugged in fails and says which rules none meets")
  func matchRules() async throws {
    try await withTemporaryFolder { folder in
      let text = TestBench.manifest(["/dev/null"]).replacing(
        #""tty": "/dev/null""#, with: #""match": { "serial": "nobody has this" }"#)
      try folder.write(text, to: "m.json")
      let outcome = try await Tool.run(["m.json", "--output", "out"], in: folder)
      #expect(outcome.status == 1, "\(outcome)")
      #expect(outcome.output.contains("no adapter matches serial=nobody has this: plug it in"), "\(outcome)")
      let units = try folder.object("out/report.json")["units"] as? [[String: Any]]
      #expect((units?.first?["failure"] as? [String: Any])?["kind"] as? String == "link")
    }
  }
}
