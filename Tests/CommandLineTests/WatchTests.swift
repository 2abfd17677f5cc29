import DeviceSimulator
import DumpEngine
import Foundation
import TestSupport
import Testing

@Suite("batchdump watch", .timeLimit(.minutes(3)))
struct WatchTests {
  /// Waits until a file that grows contains a text, `count` times. Each look follows a change of the file.
  private func wait(for text: String, _ count: Int = 1, in path: String) async throws {
    let source = try FileGrowth(path: path)
    for await _ in source.changes {
      let content = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
      if content.components(separatedBy: text).count > count { return }
    }
    throw CancellationError()
  }

  @Test("dumps what comes, reads the manifest again at SIGHUP, and ends with 0 at SIGTERM with its report")
  func life() async throws {
    try await TestBench.with { folder, unit in
      try folder.write(TestBench.manifest([unit.path]), to: "m.json")
      let outcome = try await Tool.run(["watch", "m.json", "--output", "out"], in: folder) { pid in
        let log = folder.file(".stdout")
        try await wait(for: "A1 done with the unit", in: log)
        #expect(FileManager.default.fileExists(atPath: folder.file("out/SHA256SUMS")))
        try folder.write("{", to: "m.json")
        kill(pid, SIGHUP)
        try await wait(for: "kept the manifest as it was", in: log)
        try folder.write(TestBench.manifest([unit.path], size: 8192), to: "m.json")
        kill(pid, SIGHUP)
        try await wait(for: "read m.json again", in: log)
        try await wait(for: "A1 done with the unit", 2, in: log)
        kill(pid, SIGTERM)
      }
      #expect(outcome.status == 0, "\(outcome)")
      let report = try folder.object("out/report.json")
      let units = try #require(report["units"] as? [[String: Any]])
      #expect(units.map { $0["standing"] as? String } == ["verified", "verified"])
      #expect(outcome.output.contains("2 units: 2 verified"))
    }
  }

  @Test("a second process on the same adapter is refused and names the first")
  func twoProcesses() async throws {
    try await TestBench.with { folder, unit in
      try folder.write(TestBench.manifest([unit.path]), to: "m.json")
      _ = try await Tool.run(["watch", "m.json", "--output", "first"], in: folder) { pid in
        try await wait(for: "A1 done with the unit", in: folder.file(".stdout"))
        try await withTemporaryFolder { other in
          try other.write(TestBench.manifest([unit.path]), to: "m.json")
          let second = try await Tool.run(["m.json", "--output", "second"], in: other)
          #expect(second.status == 1)
          #expect(second.output.contains("is held by batchdump (pid \(pid))"), "\(second)")
        }
        kill(pid, SIGINT)
      }
    }
  }

  @Test("goes on after a kill -9 when it is started again in the same folder")
  func killed() async throws {
    let (size, speed) = (64 << 10, 460_800)
    var simulated = TestBench.unit(speed: speed, flashSize: size)
    var options = UBootOptions()
    options.environment["serial#"] = "W-1"
    simulated.loader = .uBoot(options)
    try await TestBench.with(simulated) { folder, unit in
      let text = TestBench.manifest(
        [unit.path], size: size, speed: speed,
        identity: #"{ "name": "serial", "command": "printenv serial#", "pattern": "^serial#=(\\S+)$" }"#)
      // What is read is saved at each block's end.
      let small = text.replacing(#""dialect": "u-boot""#, with: #""dialect": "u-boot", "readLength": 8192"#)
      try folder.write(small, to: "m.json")
      let log = folder.file(".stdout")
      let killed = try await Tool.run(["watch", "m.json", "--output", "out"], in: folder) { pid in
        try await wait(for: "A1 reading flash:", 3, in: log)
        kill(pid, SIGKILL)
      }
      #expect(killed.status == SIGKILL)
      let own = folder.file("out/W-1")
      let map = try Mapfile(reading: Array(try #require(FileManager.default.contents(atPath: "\(own)/flash.map"))))
      let held = map.ranges(.finished).union(map.ranges(.unproven))
      #expect(!held.isEmpty && held != RangeSet(0..<size))
      let outcome = try await Tool.run(["watch", "m.json", "--output", "out"], in: folder) { pid in
        try await wait(for: "A1 done with the unit", in: log)
        kill(pid, SIGTERM)
      }
      #expect(outcome.status == 0 && outcome.output.contains("1 unit: 1 verified"), "\(outcome)")
      let image = FileManager.default.contents(atPath: "\(own)/flash.bin").map(Array.init) ?? []
      let truth = try #require(unit.contents(address: TestBench.flash, size: size))
      #expect(difference(found: image, expected: truth) == nil)
      let second = try String(contentsOfFile: "\(own)/console-2.log", encoding: .utf8)
      let again = RangeSet(DumpCommands(second).ranges(from: Int(TestBench.flash))).intersection(held)
      #expect(again.isEmpty, "\(again) was held and read again")
    }
  }

  @Test("a node that is no adapter is refused before anything is made")
  func noAdapter() async throws {
    try await withTemporaryFolder { folder in
      try folder.write(TestBench.manifest(["/dev/null"]), to: "m.json")
      let outcome = try await Tool.run(["run", "--adapter", "/dev/null", "m.json", "--output", "out"], in: folder)
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains("expected /dev/null to be a USB-serial adapter"), "\(outcome)")
      #expect(!FileManager.default.fileExists(atPath: folder.file("out")))
    }
  }
}
