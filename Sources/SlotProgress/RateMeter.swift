import Foundation

/// How fast something grows, over the last seconds, so that a pause of the past does not slow the present.
struct RateMeter: Sendable, Equatable {
  private struct Sample: Equatable {
    var time: Date
    var count: Int
  }

  /// Seconds that the meter looks back: from this much to twice as much.
  private static let window = 5.0

  private var older: Sample
  private var newer: Sample
  private var latest: Sample

  /// Begins at a count.
  init(time: Date, count: Int) {
    latest = Sample(time: time, count: count)
    (older, newer) = (latest, latest)
  }

  /// Takes a new count. One that is lower, or from before the last, begins anew.
  mutating func note(time: Date, count: Int) {
    guard time >= latest.time && count >= latest.count else {
      self = RateMeter(time: time, count: count)
      return
    }
    latest = Sample(time: time, count: count)
    if time.timeIntervalSince(newer.time) >= Self.window { (older, newer) = (newer, latest) }
  }

  /// Takes the last count of another meter.
  mutating func note(_ other: RateMeter) {
    note(time: other.latest.time, count: other.latest.count)
  }

  /// Units a second; absent where nothing can be said yet.
  var perSecond: Double? {
    let seconds = latest.time.timeIntervalSince(older.time)
    let count = latest.count - older.count
    return seconds > 0 && count > 0 ? Double(count) / seconds : nil
  }
}
