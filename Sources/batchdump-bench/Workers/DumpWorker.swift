import ArgumentParser
import DumpManifest
import Foundation

/// Dumps the units of a ``FleetTrial`` side by side and tells what that has cost.
struct DumpWorker: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "dump-units", shouldDisplay: false)

  /// A batch that went well.
  struct Outcome: Codable {
    /// From the first link's opening to the last one's closing.
    var seconds: Double
    /// The same for each slot.
    var sessions: [String: Double]
    /// From the start to the end of each slot's one region.
    var regions: [String: Double]
    var usage: ProcessUsage
  }

  @Option var folder: String

  func run() async throws {
    let plan = try BatchPlan.load(path: "\(folder)/\(FleetTrial.manifestFile)")
    let batch = try await TimedBatch.run(plan, into: "\(folder)/\(FleetTrial.batchFolder)")
    let times = try plan.slots.map { ($0.name, try batch.sessionTimes(of: $0.name)) }
    try Worker.tell(
      Outcome(
        seconds: batch.seconds, sessions: Dictionary(uniqueKeysWithValues: times.map { ($0, $1.session) }),
        regions: Dictionary(uniqueKeysWithValues: times.map { ($0, $1.region) }), usage: .current()))
  }
}
