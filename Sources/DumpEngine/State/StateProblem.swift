import Foundation

/// What state files may hold. They lie on a disk for months, and whoever reads one adds its numbers to others, prints its
/// times and opens what it names.
enum StateLimits {
  /// Bytes of a region; far above what a manifest may ask for.
  static let sizes = 1...1 << 40
  /// Anything that is counted.
  static let counts = 0...1 << 53
  /// Seconds spent, which a clock that was set back makes negative.
  static let seconds = -1e12...1e12
  /// The years 1 to 9999.
  static let times = Date(timeIntervalSince1970: -62_135_596_800)...Date(timeIntervalSince1970: 253_402_300_799)
}

extension RegionResult {
  /// What cannot be true of any region; absent where nothing is.
  var problem: String? {
    guard StateLimits.sizes.contains(size) else { return "expected a size from 1 to 2^40, found \(size)" }
    let names = [name, file]
    guard !names.contains(where: { $0.contains("/") || $0 == ".." }) else {
      return "expected names without a folder, found \(names)"
    }
    guard StateLimits.counts.contains(rereadBytes), StateLimits.counts.contains(lineFaults),
      StateLimits.seconds.contains(seconds)
    else { return "expected counts from 0 on, found \([rereadBytes, lineFaults]) and \(seconds) seconds" }
    return rangeProblem
  }

  private var rangeProblem: String? {
    for range in blocks.map(\.range) + bad + faults.map(\.range)
    where range.isEmpty || range.lowerBound < 0 || range.upperBound > size {
      return "expected ranges within \(size) bytes, found \(range)"
    }
    for (left, right) in zip(blocks, blocks.dropFirst()) where left.range.upperBound > right.range.lowerBound {
      return "expected blocks in order, found \(right.range) behind \(left.range)"
    }
    let known = (blocks.map(\.range) + bad).sorted { $0.lowerBound < $1.lowerBound }
    for (left, right) in zip(known, known.dropFirst()) where left.overlaps(right) {
      return "expected what is held and what was given up apart, found \(left) and \(right)"
    }
    return nil
  }
}

extension UnitResult {
  /// What cannot be true of any unit; absent where nothing is.
  var problem: String? {
    for time in [started, ended, skipped?.last ?? ended] where !StateLimits.times.contains(time) {
      return "expected times from the year 1 to 9999, found \(time.timeIntervalSince1970) seconds from 1970 on"
    }
    for count in wire.all + [skipped?.count ?? 0] where !StateLimits.counts.contains(count) {
      return "expected counts from 0 on, found \(count)"
    }
    return regions.lazy.compactMap(\.problem).first
  }
}

extension WireCounters {
  fileprivate var all: [Int] {
    [
      received, sent, malformedLines, gutterMismatches, addressGaps, foreignLines, digestMismatches, rereadMismatches,
      recoveries, resets,
    ]
  }
}
