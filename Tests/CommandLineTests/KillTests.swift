import DeviceSimulator
import Foundation
import TestSupport
import Testing

@Suite("A run that is killed at any instant", .timeLimit(.minutes(90)))
struct KillTests {
  /// How many kills there are in all; `make soak` sets more.
  static let kills = ProcessInfo.processInfo.environment["TEST_KILLS"].flatMap(Int.init) ?? 100

  /// Half of the kills each: two cores do both at once.
  @Test("leaves nothing that is not so, and is gone on with without reading anything twice", arguments: [1, 2])
  func killed(seed: UInt64) async throws {
    let kills = (Self.kills + Int(seed) - 1) / 2
    try await withTemporaryFolder { folder in
      let consoles = folder.file(".consoles")
      try FileManager.default.createDirectory(atPath: consoles, withIntermediateDirectories: true)
      let host = try await SimulatorHost(folder: consoles)
      let units = try await host.start(SimulatedFleet(units: (1...4).map { KillBench.unit($0, seed: seed) }))
      var bench = KillBench(folder: folder, units: units, kills: kills, seed: seed)
      do { try await bench.run() } catch {
        await host.stop()
        throw error
      }
      await host.stop()
      print("kill test, seed \(seed): \(bench.tally)")
      #expect(bench.tally.kills == kills)
      #expect(bench.tally.claimed > 0 && bench.tally.batches > 0)
      #expect(bench.tally.readAgain == 0, "\(bench.tally)")
    }
  }
}
