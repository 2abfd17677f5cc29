import Foundation
import TestSupport

/// What 64 units at once cost, beside what one costs: the lines are independent, so the time should be the same.
///
/// The devices are simulated in a process of their own and dumped in another one, so that the memory and the processor
/// time of the two can be told apart. No two units hold the same.
struct Scaling: Benchmark {
  let name = "scaling"
  let summary = "1 and 64 simulated units, 64 KiB each at 115200 baud"

  private static let most = 64
  private static let longestTime = 1.05
  private static let largestMemory = 100.0

  func measure() async throws -> [BenchmarkRow] {
    let one = try await FleetRun.run(units: 1)
    let all = try await FleetRun.run(units: Self.most)
    let row = { (subject: String, value: KeyPath<FleetRun, Double>, unit: String, target: Target?) in
      BenchmarkRow(
        subject: "\(subject), \(Self.most) units", measured: all[keyPath: value], reference: one[keyPath: value],
        referenceName: "1 unit", unit: unit, target: target)
    }
    return [
      row("time from first to last", \.seconds, "s", .ratio(.atMost, Self.longestTime)),
      row("memory of the dumping process", \.memory, "MB", .measured(.atMost, Self.largestMemory)),
      row("processor time of the dumping process per MiB", \.dumpingTime, "s", nil),
      row("processor time of the simulator per MiB", \.simulatingTime, "s", nil),
    ]
  }
}

/// What one run over a fleet of simulated units took.
private struct FleetRun {
  /// From the first link's opening to the last one's closing.
  var seconds: Double
  /// The most memory that the dumping process ever had resident, in MB.
  var memory: Double
  /// Processor seconds of the dumping process per MiB dumped, its start included.
  var dumpingTime: Double
  /// Processor seconds of the simulating process per MiB dumped, its start left out.
  var simulatingTime: Double

  static func run(units count: Int) async throws -> FleetRun {
    try await withTemporaryFolder { folder in
      let fleet = ["--units", String(count), "--folder", folder.path]
      var simulator = try Worker.start(UnitsWorker.self, fleet)
      _ = try await simulator.report(UnitsWorker.Ready.self)
      var dumper = try Worker.start(DumpWorker.self, fleet)
      let dump = try await dumper.report(DumpWorker.Outcome.self)
      dumper.finish()
      simulator.finish()
      let simulation = try await simulator.report(ProcessUsage.self)
      try Unit.all(count).forEach { try $0.compareImage(below: folder.path) }
      let mebibytes = Double(count * Unit.size) / Double(1 << 20)
      return FleetRun(
        seconds: dump.seconds, memory: Double(dump.usage.peakMemory) / 1e6,
        dumpingTime: dump.usage.processorSeconds / mebibytes,
        simulatingTime: simulation.processorSeconds / mebibytes)
    }
  }
}
