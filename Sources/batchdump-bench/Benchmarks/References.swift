import TestSupport

/// How much faster a unit is done of which an image from before is there, by how much has changed since.
///
/// All runs are real and side by side, for the lines are independent. Only the full read is extrapolated from the first
/// half MiB, read without any help in the same run: it would take 99 minutes.
struct References: Benchmark {
  let name = "references"
  let summary = "16 MiB at 115200 baud against an image from before, the unit digesting 10 MB a second (52 minutes)"

  private static let size = 16 << 20
  private static let fullPart = 512 << 10
  private static let block = 4096
  private static let digestRate = 10e6

  private struct Case {
    var subject: String
    var change: FlashChange
    /// How many times as fast as a full read it is to be.
    var target: Double
  }

  private static let cases = [
    Case(subject: "nothing has changed", change: change(0), target: 500),
    Case(subject: "1 % of the 4 KiB blocks have changed", change: change(0.01), target: 75),
    Case(subject: "1 % of them have changed in 16 bytes each", change: change(0.01, bytes: 16), target: 250),
    Case(subject: "5 % of them have changed", change: change(0.05), target: 17),
    Case(subject: "50 % of them have changed", change: change(0.5), target: 1.9),
  ]

  private static func change(_ share: Double, bytes: Int = block) -> FlashChange {
    FlashChange(share: share, of: block, bytes: bytes, seed: 31)
  }

  func measure() async throws -> [BenchmarkRow] {
    let before = seededBytes(count: Self.size, seed: 30)
    var full = FleetUnit(name: "full", content: before)
    (full.size, full.reuse) = (Self.fullPart, "never")
    let units = Self.cases.enumerated().map { index, entry in
      var unit = FleetUnit(name: "case\(index)", content: entry.change.applied(to: before))
      // From others of the fleet nothing is taken.
      (unit.reuse, unit.reference) = ("reference", before)
      return unit
    }
    let run = try await FleetTrial(units: [full] + units, digestRate: Self.digestRate).run()
    // Its start is there once.
    let fullSeconds = try run.seconds(of: full) + run.regionSeconds(of: full) * Double(Self.size / Self.fullPart - 1)
    return try zip(Self.cases, units).map { entry, unit in
      BenchmarkRow(
        subject: "\(entry.subject): a full read's time (from 512 KiB) over this", measured: fullSeconds,
        reference: try run.seconds(of: unit), referenceName: "against the image", unit: "s",
        target: .ratio(.atLeast, entry.target))
    }
  }
}
