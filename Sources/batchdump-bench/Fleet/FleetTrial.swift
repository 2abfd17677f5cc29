import Foundation
import TestSupport

/// A fleet of simulated units that is dumped, and what that takes.
///
/// The devices are simulated in a process of their own and dumped in another one, so that the memory and the processor
/// time of the two can be told apart.
struct FleetTrial {
  /// Below the folder of the trial.
  static let batchFolder = "batch"
  static let fleetFile = "fleet.json"
  static let manifestFile = "manifest.json"

  var units: [FleetUnit]
  /// Of the lines, in baud.
  var speed = 115_200
  /// Bytes that a unit digests in a second; absent: at once.
  var digestRate: Double?

  /// Runs the trial and compares the images with what the units hold.
  func run() async throws -> FleetRun {
    try await withTemporaryFolder { folder in
      try write(to: folder.path)
      let arguments = ["--folder", folder.path]
      var simulator = try Worker.start(UnitsWorker.self, arguments)
      _ = try await simulator.report(UnitsWorker.Ready.self)
      var dumper = try Worker.start(DumpWorker.self, arguments)
      let dump = try await dumper.report(DumpWorker.Outcome.self)
      dumper.finish()
      simulator.finish()
      let simulation = try await simulator.report(ProcessUsage.self)
      for unit in units { try unit.compareImage(in: folder.path) }
      return FleetRun(
        dump: dump, simulation: simulation, units: units.count,
        bytes: units.reduce(0) { $0 + ($1.size ?? $1.content.count) })
    }
  }

  private func write(to folder: String) throws {
    let fleet = try FleetFile(units, speed: speed, digestRate: digestRate, in: folder)
    try JSONEncoder().encode(fleet).write(to: URL(filePath: "\(folder)/\(Self.fleetFile)"))
    var manifest = BatchManifest(name: "fleet", slots: [])
    manifest.console.speed = speed
    for unit in units {
      var slot = BatchManifest.Slot(name: unit.name, tty: unit.terminal(in: folder))
      var region = BatchManifest.Region(
        name: FleetUnit.region, address: FleetUnit.address, size: unit.size ?? unit.content.count)
      if let reference = unit.reference {
        let path = "\(folder)/\(unit.name).reference"
        try Data(reference).write(to: URL(filePath: path))
        region.reference = path
      }
      slot.regions = [region]
      slot.policy = unit.reuse.map { BatchManifest.Policy(reuse: $0) }
      manifest.slots.append(slot)
    }
    try JSONEncoder().encode(manifest).write(to: URL(filePath: "\(folder)/\(Self.manifestFile)"))
  }
}

/// What a run over a fleet took.
struct FleetRun {
  fileprivate let dump: DumpWorker.Outcome
  fileprivate let simulation: ProcessUsage
  fileprivate let units: Int
  fileprivate let bytes: Int

  /// Seconds from the first link's opening to the last one's closing.
  var seconds: Double { dump.seconds }

  /// Seconds from opening a unit's link to closing it.
  func seconds(of unit: FleetUnit) throws -> Double {
    guard let seconds = dump.sessions[unit.name] else { throw BenchmarkFailure("no session of \(unit.name)") }
    return seconds
  }

  /// Seconds from the start of a unit's region to its end.
  func regionSeconds(of unit: FleetUnit) throws -> Double {
    guard let seconds = dump.regions[unit.name] else { throw BenchmarkFailure("no region of \(unit.name)") }
    return seconds
  }

  /// Payload of one unit, in bytes per second.
  var rate: Double { Double(bytes) / Double(units) / seconds }

  /// The most memory that the dumping process ever had resident, in MB.
  var memory: Double { Double(dump.usage.peakMemory) / 1e6 }
  /// The same of the simulating process.
  var simulatingMemory: Double { Double(simulation.peakMemory) / 1e6 }
  /// Processor seconds of the dumping process per MiB of images, its start included.
  var dumpingTime: Double { dump.usage.processorSeconds / mebibytes }
  /// Processor seconds of the simulating process per MiB of images, its start left out.
  var simulatingTime: Double { simulation.processorSeconds / mebibytes }
  /// The share of a core that the dumping process took.
  var dumpingLoad: Double { dump.usage.processorSeconds / dump.seconds }
  /// The share of a core that the simulating process took.
  var simulatingLoad: Double { simulation.processorSeconds / dump.seconds }

  private var mebibytes: Double { Double(bytes) / Double(1 << 20) }
}
