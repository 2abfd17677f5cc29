/// How large a session's transcript may get, in bytes.
struct TranscriptLimits: Sendable {
  private static let largestSegment = 8 << 20
  private static let smallestSegment = 64 << 10

  /// A plain file that is larger is closed and compressed.
  var segment: Int
  /// The most that all files of a transcript may take on the disk.
  var total: Int

  /// Limits as a test wants them.
  init(segment: Int, total: Int) {
    self.segment = segment
    self.total = total
  }

  /// Limits for a total. Where that is small, segments are too: what is compressed leaves room for more.
  init(total: Int = 1 << 30) {
    self.init(segment: min(Self.largestSegment, max(Self.smallestSegment, total / 4)), total: total)
  }

  /// The total as a person says it: `256 MiB`.
  var totalText: String {
    for (unit, shift) in [("GiB", 30), ("MiB", 20), ("KiB", 10)] where total > 0 && total % (1 << shift) == 0 {
      return "\(total >> shift) \(unit)"
    }
    return "\(total) bytes"
  }
}
