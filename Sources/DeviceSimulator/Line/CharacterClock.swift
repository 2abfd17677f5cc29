/// Nanoseconds on a monotonic clock; differences are meaningful, the origin is not.
typealias Nanoseconds = Int64

/// Tells how many characters a line at a given speed has had time for.
///
/// It counts from the moment the line became busy, so that neither rounding nor a late timer makes the line faster or
/// slower than its speed on average.
struct CharacterClock {
  /// Start bit, eight data bits, stop bit: 8N1, the framing of both dialects simulated here.
  static let bitsPerCharacter = 10

  private(set) var speed: Int
  private var start: Nanoseconds
  private var taken = 0

  init(speed: Int, now: Nanoseconds) {
    self.speed = speed
    start = now
  }

  /// Forgets time that passed while the line was idle, or at another speed.
  mutating func restart(speed: Int, now: Nanoseconds) {
    self.speed = speed
    start = now
    taken = 0
  }

  /// Characters whose last bit has passed by `now` and which were not taken yet.
  func due(now: Nanoseconds) -> Int {
    guard now > start else { return 0 }
    // Seconds and the rest apart: nanoseconds times baud overflow after three hours at 921600.
    let (seconds, rest) = (now - start).quotientAndRemainder(dividingBy: 1_000_000_000)
    let bits = seconds * Int64(speed) + rest * Int64(speed) / 1_000_000_000
    return Int(bits) / Self.bitsPerCharacter - taken
  }

  /// Marks `count` characters as carried.
  mutating func take(_ count: Int) {
    taken += count
    foldWholeMinutes()
  }

  /// Keeps the numbers in `due` small on a line that stays busy for days. A minute carries six times
  /// `speed` characters of ten bits, a whole number at any speed.
  private mutating func foldWholeMinutes() {
    guard taken > 6 * speed else { return }
    taken -= 6 * speed
    start += 60 * 1_000_000_000
  }
}
