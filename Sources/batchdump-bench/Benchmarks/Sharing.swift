import TestSupport

/// How much faster equal units are done together: each block is read by one of them. The time is that until all have all.
struct Sharing: Benchmark {
  let name = "sharing"
  let summary = "1 to 32 equal simulated units, 4 MiB each at 921600 baud, that digest 10 MB a second"

  private static let size = 4 << 20
  private static let speed = 921_600
  private static let digestRate = 10e6
  /// Of blocks of 4 KiB, all over the flash.
  private static let uniqueShare = 0.02

  func measure() async throws -> [BenchmarkRow] {
    let common = seededBytes(count: Self.size, seed: 21)
    let alone = try await Self.seconds(1, common, unique: 0)
    func row(_ count: Int, unique: Double, atMost limit: Double?) async throws -> BenchmarkRow {
      let seconds = try await Self.seconds(count, common, unique: unique)
      let text = unique == 0 ? "\(count) equal units" : "\(count) units, each with 2 % of its own"
      return BenchmarkRow(
        subject: "\(text): time until all are done", measured: seconds, reference: alone, referenceName: "one alone",
        unit: "s", target: limit.map { .ratio(.atMost, $0) })
    }
    return [
      try await row(2, unique: 0, atMost: nil),
      try await row(4, unique: 0, atMost: nil),
      try await row(8, unique: 0, atMost: 0.14),
      try await row(16, unique: 0, atMost: nil),
      try await row(32, unique: 0, atMost: 0.045),
      try await row(8, unique: Self.uniqueShare, atMost: 0.165),
      try await row(32, unique: Self.uniqueShare, atMost: 0.07),
    ]
  }

  private static func seconds(_ count: Int, _ common: [UInt8], unique: Double) async throws -> Double {
    let units = (1...count).map { number in
      let change = FlashChange(share: unique, of: 4096, bytes: 4096, seed: UInt64(number))
      return FleetUnit(name: "unit\(number)", content: change.applied(to: common))
    }
    return try await FleetTrial(units: units, speed: speed, digestRate: digestRate).run().seconds
  }
}
