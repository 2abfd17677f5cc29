import Foundation
import HookRunner

/// How much faster the flash of a router is read whose parts are real: what is erased, or a fill otherwise, is not carried.
struct RealFlash: Benchmark {
  let name = "real-flash"
  let summary = "a router's flash of 16 MiB at 921600 baud, with a kernel, filesystems and erased sectors"

  private static let speed = 921_600
  private static let digestRate = 10e6
  private static let script = "Tests/Bench/build-flash"
  private static let buildTime = Duration.seconds(300)
  private static let target = 1.8

  func measure() async throws -> [BenchmarkRow] {
    let flash = try await Self.flash()
    var (whole, usual) = (FleetUnit(name: "whole", content: flash), FleetUnit(name: "usual", content: flash))
    (whole.reuse, usual.reuse) = ("never", "constant")
    // Side by side: the lines are independent.
    let run = try await FleetTrial(units: [whole, usual], speed: Self.speed, digestRate: Self.digestRate).run()
    return [
      BenchmarkRow(
        subject: "every byte read: its time over this", measured: try run.seconds(of: whole),
        reference: try run.seconds(of: usual), referenceName: "fills not read", unit: "s",
        target: .ratio(.atLeast, Self.target))
    ]
  }

  /// The flash, put together where that was not done before.
  private static func flash() async throws -> [UInt8] {
    let folder = ExecutableFolder.path(of: "batchdump-bench-flash")
    let path = "\(folder)/flash.bin"
    if !FileManager.default.fileExists(atPath: path) {
      let outcome = await HookCommand(arguments: [script, folder], limit: buildTime).run()
      guard outcome.succeeded else {
        throw BenchmarkFailure("no flash to read: `\(script) \(folder)` \(outcome.problem); run it in the repository")
      }
    }
    return try Array(Data(contentsOf: URL(filePath: path)))
  }
}
