/// The rates of a console in the order in which they are tried, in baud. Pure: it neither knows a line nor changes one.
struct SpeedLadder: Sendable, Hashable {
  /// Rates this close together are one to a UART, in percent: it samples each bit in its middle and drifts by half a bit
  /// over a character at 5 %, of which either end brings its own share.
  private static let tolerance = 3
  /// Below this no rate mends a line that a higher one does not: a grain takes a quarter of a minute.
  private static let lowest = 9600

  /// The rate that the manifest says: where a unit is after a reset, and where it is left.
  let base: Int
  /// The dialect's other rates, each once, low to high.
  private let others: [Int]

  /// A ladder that begins at `base` and has the rates of a dialect, in whatever order it names them.
  init(base: Int, rates: [Int]) {
    self.base = base
    others = rates.sorted().reduce(into: []) { others, rate in
      if rate > 0, !Self.areOne(rate, base), !Self.areOne(rate, others.last ?? 0) { others.append(rate) }
    }
  }

  /// The rates to climb to one after the other, up to a limit.
  func rungs(upTo limit: Int) -> [Int] { others.filter { $0 > base && $0 <= limit } }

  /// The next lower rate; absent where there is none.
  ///
  /// - Parameter mayLeaveBase: whether it may be lower than the manifest's.
  func below(_ rate: Int, mayLeaveBase: Bool) -> Int? {
    let bottom = mayLeaveBase ? min(base, Self.lowest) : base
    return (others + [base]).filter { $0 >= bottom && $0 < rate && !Self.areOne($0, rate) }.max()
  }

  /// Where to look for a console that does not answer at the manifest's rate: what was left by a run that was killed is
  /// most often high.
  var hidingPlaces: [Int] { others.reversed() }

  private static func areOne(_ first: Int, _ second: Int) -> Bool {
    abs(first - second) * 100 <= max(first, second) * tolerance
  }
}
