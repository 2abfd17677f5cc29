/// What many units at once cost, beside what one costs: the lines are independent, so the time should be the same. No two
/// units hold the same, and every byte is read.
struct Scaling: Benchmark {
  let name = "scaling"
  let summary = "1 to 256 simulated units, 1 MiB each at 921600 baud"

  private static let counts = [4, 16, 64, 256]
  private static let size = 1 << 20
  private static let speed = 921_600
  private static let longestTime = 1.03
  private static let largestMemory = 200.0

  func measure() async throws -> [BenchmarkRow] {
    let one = try await Self.run(1)
    var runs: [FleetRun] = []
    // The largest first: an ext4 without a journal takes its time to make files where many were deleted just now.
    for count in Self.counts.reversed() { runs.append(try await Self.run(count)) }
    var rows: [BenchmarkRow] = []
    for (count, all) in zip(Self.counts, runs.reversed()) {
      let isMost = count == Self.counts.last
      let row = { (subject: String, value: KeyPath<FleetRun, Double>, unit: String, target: Target?) in
        BenchmarkRow(
          subject: "\(count) units: \(subject)", measured: all[keyPath: value], reference: one[keyPath: value],
          referenceName: "1 unit", unit: unit, target: isMost ? target : nil)
      }
      rows += [
        row("time from first to last", \.seconds, "s", .ratio(.atMost, Self.longestTime)),
        row("rate of each unit", \.rate, "B/s", nil),
        row("memory of the dumping process", \.memory, "MB", .measured(.atMost, Self.largestMemory)),
        row("memory of the simulator", \.simulatingMemory, "MB", nil),
        row("processor time of the dumping process per MiB", \.dumpingTime, "s", nil),
        row("processor time of the simulator per MiB", \.simulatingTime, "s", nil),
        row("cores that the dumping process took", \.dumpingLoad, "cores", nil),
        row("cores that the simulator took", \.simulatingLoad, "cores", nil),
      ]
    }
    return rows
  }

  private static func run(_ count: Int) async throws -> FleetRun {
    var units = FleetUnit.unequal(count, size: size)
    for index in units.indices { units[index].reuse = "never" }
    return try await FleetTrial(units: units, speed: speed).run()
  }
}
