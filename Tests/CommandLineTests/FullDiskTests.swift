import DeviceSimulator
import DumpEngine
import Foundation
import TestSupport
import Testing

/// On a file system of a few hundred kilobytes, mounted where no other process sees it.
@Suite("A disk that is full", .serialized, .timeLimit(.minutes(5)))
struct FullDiskTests {
  private static let size = 64 << 10
  private static let speed = 921_600

  /// Runs a shell script as whoever may mount; `$OUT` is the mount's folder, `$TOOL` the executable.
  private static func run(_ script: String, _ folder: TemporaryFolder) async throws -> Tool.Outcome {
    let mount = "mount -t tmpfs -o size=$SIZE none out || exit 99\n"
    try folder.write("set -u\nTOOL='\(try Tool.path)'\n" + script.replacing("MOUNT\n", with: mount), to: "script.sh")
    return try await Tool.run(
      ["--user", "--map-root-user", "--mount", "bash", "script.sh"], in: folder, program: "/usr/bin/unshare")
  }

  private static func bench(
    speed: Int = speed, policy: String = "", _ options: UBootOptions = UBootOptions(),
    _ body: (TemporaryFolder, [RunningUnit]) async throws -> Void
  ) async throws {
    try await withTemporaryFolder { folder in
      for name in [".consoles", "out"] {
        try FileManager.default.createDirectory(atPath: folder.file(name), withIntermediateDirectories: true)
      }
      let host = try await SimulatorHost(folder: folder.file(".consoles"))
      do {
        let units = ["one", "two"].map { name in
          var unit = TestBench.unit(name, speed: speed, flashSize: size)
          unit.loader = .uBoot(options)
          return unit
        }
        let running = try await host.start(SimulatedFleet(units: units))
        try folder.write(
          TestBench.manifest(running.map(\.path), size: size, speed: speed, policy: policy), to: "m.json")
        try await body(folder, running)
        await host.stop()
      } catch {
        await host.stop()
        throw error
      }
    }
  }

  @Test("before a run is told before anything is sent")
  func before() async throws {
    try await Self.bench { folder, units in
      let outcome = try await Self.run(
        """
        SIZE=100k
        MOUNT
        $TOOL m.json --output out/batch
        """, folder)
      #expect(outcome.status == 2, "\(outcome)")
      let said = outcome.errors
      #expect(said.contains("expected room for 131,072 bytes of images, found "), "\(outcome)")
      #expect(said.contains("make room there"), "\(outcome)")
      for unit in units { #expect(await unit.counters().bytesIn == 0) }
    }
  }

  @Test("in the middle stops cleanly with a true state, and goes on when there is room again")
  func middle() async throws {
    try await Self.bench { folder, units in
      // Images have their room from the start; the transcripts need five times as much and do not get it.
      let outcome = try await Self.run(
        """
        SIZE=360k
        MOUNT
        $TOOL m.json --output out/batch; echo "ended with $?"
        cp -r out/batch full
        mount -o remount,size=8m out
        $TOOL resume out/batch; echo "then with $?"
        $TOOL verify out/batch >&2; echo "verified with $?"
        cp -r out/batch done
        """, folder)
      #expect(outcome.status == 0, "\(outcome)")
      #expect(outcome.output.contains("ended with 1") || outcome.output.contains("ended with 3"), "\(outcome)")
      #expect((outcome.output + outcome.errors).contains("No space left on device; make room there"), "\(outcome)")
      #expect(outcome.output.contains("then with 0"), "\(outcome)")
      #expect(outcome.output.contains("verified with 0"), "\(outcome)")
      for (slot, unit) in zip(["A1", "A2"], units) {
        let truth = try #require(unit.contents(address: TestBench.flash, size: Self.size))
        let image = FileManager.default.contents(atPath: folder.file("done/\(slot)/flash.bin")).map(Array.init) ?? []
        #expect(difference(found: image, expected: truth) == nil)
        #expect(try wrongBytes(folder.file("full/\(slot)"), truth) == 0)
      }
    }
  }

  @Test("leaves no console at a high rate")
  func raised() async throws {
    var options = UBootOptions()
    options.baudRates = [115_200, 921_600]
    try await Self.bench(speed: 115_200, policy: #""speedUp": { "to": 921600 }"#, options) { folder, units in
      let outcome = try await Self.run(
        """
        SIZE=360k
        MOUNT
        $TOOL m.json --output out/batch; echo "ended with $?"
        """, folder)
      let told = outcome.output + outcome.errors
      #expect(told.contains("No space left on device; make room there"), "\(outcome)")
      #expect(told.contains("921600 baud"), "\(outcome)")
      for unit in units { #expect(await unit.portSpeed() == 115_200, "\(outcome)") }
    }
  }

  /// What a folder claims and the unit does not hold.
  private func wrongBytes(_ folder: String, _ truth: [UInt8]) throws -> Int {
    guard let map = FileManager.default.contents(atPath: "\(folder)/flash.map") else { return 0 }
    let names = ["flash.bin", "flash.bin.partial"]
    let image = names.lazy.compactMap { FileManager.default.contents(atPath: "\(folder)/\($0)") }.first.map(Array.init)
    return try Mapfile(reading: Array(map)).ranges(.finished).ranges.reduce(0) { count, range in
      count + range.count { image?.indices.contains($0) != true || image?[$0] != truth[$0] }
    }
  }
}
