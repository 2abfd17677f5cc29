import Glibc

/// Counts off the characters up to the next time that a fault happens.
///
/// Distances are drawn instead of a chance for each character, so that a fault costs nothing while it does not happen.
struct FaultSchedule: Sendable {
  private static let never = Int.max

  /// Logarithm of the share of characters at which nothing happens; 0 where it never does.
  private let logOfQuiet: Double
  private var generator: SeededGenerator
  private var timesLeft: Int
  /// Characters up to and with the next one drawn.
  private var drawn = never
  /// Characters up to and with the one place.
  private var placed: Int

  init(_ occurrence: FaultOccurrence?, seed: UInt64) {
    logOfQuiet = log(1 - (occurrence?.rate ?? 0))
    generator = SeededGenerator(seed: seed)
    timesLeft = occurrence == nil ? 0 : occurrence?.limit ?? Self.never
    placed = occurrence?.after.map { max(1, $0) } ?? Self.never
    draw()
  }

  /// Characters that may pass without a look at each.
  var quiet: Int { timesLeft > 0 ? min(drawn, placed) - 1 : Self.never }

  /// Lets `count` characters pass, which are no more than `quiet`.
  mutating func skip(_ count: Int) {
    guard timesLeft > 0 else { return }
    drawn -= count
    placed -= count
  }

  /// Lets one character pass; true where it happens.
  mutating func isDue() -> Bool {
    guard timesLeft > 0 else { return false }
    skip(1)
    let isDue = drawn == 0 || placed == 0
    if drawn == 0 { draw() }
    if placed == 0 { placed = Self.never }
    if isDue { timesLeft -= 1 }
    return isDue
  }

  /// The distance of successes in trials of equal chance is distributed geometrically.
  private mutating func draw() {
    guard logOfQuiet < 0 else { return drawn = Self.never }
    drawn = 1 + Int(min(log(generator.positiveChance()) / logOfQuiet, 0x1p62))
  }
}

extension SeededGenerator {
  /// A number from 0 up to, but not 1; 53 bits make one that a Double holds exactly.
  mutating func chance() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number above 0 up to and with 1.
  fileprivate mutating func positiveChance() -> Double { Double((next() >> 11) + 1) * 0x1p-53 }

  /// Another byte than `byte`.
  mutating func garbled(_ byte: UInt8) -> UInt8 { byte ^ UInt8(truncatingIfNeeded: 1 + next() % 255) }
}
