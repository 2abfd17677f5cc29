/// Learns whether it pays to ask for the digests of halves, size by size, from how it went before.
///
/// A digest costs about as many characters as a line of a dump. Where changes are few and small, one half is nearly
/// always known; where all is new, none is, and asking costs something for nothing.
struct SplitGains {
  /// How much experience the first guess counts for, in splits.
  private static let weight = 5.0

  /// What share of splits is thought to find a known half, before there is any experience.
  private let guess: Double
  private var counts: [Int: (splits: Double, known: Double)] = [:]

  /// - Parameter guess: what share of splits may find a known half, 0 to 1.
  init(guess: Double) { self.guess = guess }

  /// How many halves of a block of this size a split may find known.
  func expected(of size: Int) -> Double {
    let count = counts[Self.scale(size), default: (0, 0)]
    return (count.known + guess * Self.weight) / (count.splits + Self.weight)
  }

  /// Notes how many halves a split has found known.
  mutating func note(_ size: Int, known: Int) {
    counts[Self.scale(size), default: (0, 0)].splits += 1
    counts[Self.scale(size), default: (0, 0)].known += Double(known)
  }

  /// Sizes within a factor of two are alike.
  private static func scale(_ size: Int) -> Int { Int.bitWidth - size.leadingZeroBitCount }
}
