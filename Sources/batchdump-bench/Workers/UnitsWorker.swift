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

  @Option var units: Int
  @Option var folder: String

  func run() async throws {
    let host = try await SimulatorHost(folder: folder)
    try await host.start(SimulatedFleet(units: Unit.all(units).map(\.simulated)))
    let before = try ProcessUsage.current()
    try Worker.tell(Ready(units: units))
    await Worker.untilInputEnds()
    var usage = try ProcessUsage.current()
    usage.processorSeconds -= before.processorSeconds
    try Worker.tell(usage)
    await host.stop()
  }
}
