import ArgumentParser
import Foundation

/// Dumps the simulated units of a ``UnitsWorker`` side by side and tells what that has cost.
struct DumpWorker: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "dump-units", shouldDisplay: false)

  /// A batch that went well.
  struct Outcome: Codable {
    /// From the first link's opening to the last one's closing.
    var seconds: Double
    var usage: ProcessUsage
  }

  @Option var units: Int
  @Option var folder: String

  func run() async throws {
    var manifest = BatchManifest(
      name: "scaling", slots: Unit.all(units).map { .init(name: $0.name, tty: $0.terminal(below: folder)) })
    manifest.console.speed = Unit.speed
    manifest.regions = [.init(name: Unit.region, address: Unit.address, size: Unit.size)]
    let batch = try await TimedBatch.run(manifest, into: Unit.batchFolder(below: folder))
    try Worker.tell(Outcome(seconds: batch.seconds, usage: .current()))
  }
}
