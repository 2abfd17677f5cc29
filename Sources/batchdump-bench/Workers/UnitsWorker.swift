import ArgumentParser
import DeviceSimulator
import Foundation

/// Simulates units until its input ends, and then tells what that has cost.
struct UnitsWorker: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "simulate-units", shouldDisplay: false)

  /// The units can be dumped.
  struct Ready: Codable {
    var units: Int
  }

  @Option var folder: String

  func run() async throws {
    let host = try await SimulatorHost(folder: folder)
    let fleet = try SimulatedFleet.load(path: "\(folder)/\(FleetTrial.fleetFile)")
    try await host.start(fleet)
    let before = try ProcessUsage.current()
    try Worker.tell(Ready(units: fleet.units.count))
    await Worker.untilInputEnds()
    var usage = try ProcessUsage.current()
    usage.processorSeconds -= before.processorSeconds
    try Worker.tell(usage)
    await host.stop()
  }
}
