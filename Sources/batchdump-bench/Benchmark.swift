/// Something that is measured, in a file of its own below `Benchmarks`.
protocol Benchmark: Sendable {
  /// What its rows are.
  associatedtype Row: ResultRow

  /// One word for the command line and the table.
  var name: String { get }
  /// What is measured, in a few words.
  var summary: String { get }

  /// Measures. What was dumped on the way is compared with what was there: a fast wrong image is worth nothing.
  func measure() async throws -> [Row]
}

/// All benchmarks, in the order in which they run and are printed.
let allBenchmarks: [any Benchmark] = [
  ParserSpeed(),
  // The issue of the first release asks for 98 % at the usual speed.
  LineUse(speed: 115_200, demanded: 0.98),
  LineUse(speed: 921_600, demanded: nil),
  Peers(),
  Scaling(),
  Sharing(),
  RealFlash(),
  References(),
]

/// Why a benchmark has no result.
struct BenchmarkFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
