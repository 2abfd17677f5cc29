import DeviceSimulator
import Foundation
import TestSupport
import Testing

@Suite("Ctrl-C", .serialized, .timeLimit(.minutes(2)))
struct InterruptTests {
  /// Slow enough that the dump is still on when the signal comes.
  private static let slow = TestBench.unit(speed: 115_200)
  private static let size = 512 << 10

  /// Under nohup the tests ignore a hangup, and what they start would go on as it should there.
  init() { signal(SIGHUP, SIG_DFL) }

  /// Returns when the unit has printed a good piece of its memory, and the run's partial image is there.
  private static func dumping(_ unit: RunningUnit, _ folder: TemporaryFolder) async {
    await until { await unit.counters().bytesDumped >= 2048 }
    await until { FileManager.default.fileExists(atPath: folder.file("out/A1/flash.bin.partial")) }
  }

  @Test("once, stops in order with 130 and a report that says so", arguments: [SIGINT, SIGTERM, SIGHUP])
  func once(signal: Int32) async throws {
    try await TestBench.with(Self.slow) { folder, unit in
      try folder.write(TestBench.manifest([unit.path], size: Self.size, speed: 115_200), to: "m.json")
      let outcome = try await Tool.run(["m.json", "--output", "out"], in: folder) { process in
        await Self.dumping(unit, folder)
        kill(process, signal)
      }
      #expect(
        outcome.status == 130 && outcome.output.contains("batchdump: stopping: consoles are put back"), "\(outcome)")
      let report = try folder.object("out/report.json")
      #expect(report["interrupted"] as? Bool == true)
      #expect(report["exitStatus"] as? Int == 130)
      #expect(FileManager.default.fileExists(atPath: folder.file("out/A1/flash.bin.partial")))
      #expect(!FileManager.default.fileExists(atPath: folder.file("out/A1/flash.bin")))
      #expect(FileManager.default.fileExists(atPath: folder.file("out/A1/flash.map")))
    }
  }

  @Test("twice, leaves at once with 130")
  func twice() async throws {
    try await TestBench.with(Self.slow) { folder, unit in
      try folder.write(TestBench.manifest([unit.path], size: Self.size, speed: 115_200), to: "m.json")
      let outcome = try await Tool.run(["m.json", "--output", "out"], in: folder) { process in
        await Self.dumping(unit, folder)
        // Two of one kind may be merged into one by the kernel; either kind counts.
        kill(process, SIGINT)
        kill(process, SIGTERM)
      }
      #expect(outcome.status == 130, "\(outcome)")
      #expect(!FileManager.default.fileExists(atPath: folder.file("out/A1/flash.bin")))
    }
  }

  @Test(
    "a terminal that goes, and says so again or takes its session along, leaves the console at its own rate",
    arguments: [SIGHUP, SIGTERM])
  func hangUp(second: Int32) async throws {
    try await TestBench.with(Self.fast) { folder, unit in
      try folder.write(Self.fastManifest(unit), to: "m.json")
      let outcome = try await Tool.run(["m.json", "--output", "out"], in: folder) { process in
        await Self.dumping(unit, folder)
        await until { await unit.portSpeed() == 921_600 }
        kill(process, SIGHUP)
        // Once more when the first was heeded; before, the kernel might make one of the two.
        await until { await unit.portSpeed() != 921_600 }
        kill(process, second)
      }
      #expect(outcome.status == 130, "\(outcome)")
      #expect(try folder.object("out/report.json")["interrupted"] as? Bool == true)
      #expect(await unit.portSpeed() == 115_200)
    }
  }

  @Test("a run that was told to ignore a terminal that goes, as by nohup, goes on")
  func ignored() async throws {
    try await TestBench.with(Self.fast) { folder, unit in
      try folder.write(Self.fastManifest(unit), to: "m.json")
      let script = "trap '' HUP; exec '\(try Tool.path)' m.json --output out"
      let outcome = try await Tool.run(["-c", script], in: folder, program: "/bin/sh") { process in
        await Self.dumping(unit, folder)
        kill(process, SIGHUP)
      }
      #expect(outcome.status == 0, "\(outcome)")
      #expect(FileManager.default.fileExists(atPath: folder.file("out/A1/flash.bin")))
    }
  }

  @Test("a run that is killed cannot put the console's rate back: the next one finds it there, and does")
  func killedAtSpeed() async throws {
    try await TestBench.with(Self.fast) { folder, unit in
      try folder.write(Self.fastManifest(unit), to: "m.json")
      let killed = try await Tool.run(["m.json", "--output", "out"], in: folder) { process in
        await Self.dumping(unit, folder)
        await until { await unit.portSpeed() == 921_600 }
        kill(process, SIGKILL)
      }
      #expect(killed.status == SIGKILL, "\(killed)")
      #expect(await unit.portSpeed() == 921_600)
      let resumed = try await Tool.run(["resume", "out"], in: folder)
      #expect(resumed.status == 0, "\(resumed)")
      #expect(await unit.portSpeed() == 115_200)
      let image = FileManager.default.contents(atPath: folder.file("out/A1/flash.bin")).map(Array.init) ?? []
      let truth = try #require(unit.contents(address: TestBench.flash, size: 256 << 10))
      #expect(difference(found: image, expected: truth) == nil)
    }
  }

  /// A unit whose rate can be raised.
  private static let fast = {
    var options = UBootOptions()
    options.baudRates = [115_200, 921_600]
    var unit = slow
    unit.loader = .uBoot(options)
    return unit
  }()

  private static func fastManifest(_ unit: RunningUnit) -> String {
    TestBench.manifest([unit.path], size: 256 << 10, speed: 115_200, policy: #""speedUp": { "to": 921600 }"#)
  }
}
