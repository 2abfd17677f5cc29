/// Which bytes of a dump are held, and which line is to come next. Offsets are in bytes from the address asked for.
struct DumpProgress: Sendable {
  /// A line with its place, which for one kept aside is further ahead than the next line should be, or in doubt.
  struct Ahead: Sendable {
    var offset: Int
    var count: Int
    var isReadable: Bool
    var end: Int { offset + count }
  }

  /// Bytes asked for, rounded up to whole cells.
  let total: Int
  /// Everything from here on is missing.
  private(set) var next = 0
  /// What is missing before ``next``, merged, in order.
  private(set) var gaps: [Range<Int>] = []
  /// A line kept aside because lines before it may be missing, or because its address is wrong: the next line tells.
  var ahead: Ahead?

  init(total: Int) { self.total = total }

  var isDone: Bool { next == total }
  var heldBytes: Int { gaps.reduce(next) { $0 - $1.count } }

  /// Holds the next bytes.
  @inline(__always)
  mutating func hold(_ count: Int) { next += count }

  /// Passes over bytes that will not come any more.
  mutating func skip(to offset: Int) {
    guard offset > next else { return }
    if let last = gaps.last, last.upperBound == next {
      gaps[gaps.count - 1] = last.lowerBound..<offset
    } else {
      gaps.append(next..<offset)
    }
    next = offset
  }

  /// What is missing of the first `length` bytes.
  func missing(of length: Int) -> [Range<Int>] {
    var missing = gaps
    if next < total {
      if let last = missing.last, last.upperBound == next {
        missing[missing.count - 1] = last.lowerBound..<total
      } else {
        missing.append(next..<total)
      }
    }
    return missing.map { $0.clamped(to: 0..<length) }.filter { !$0.isEmpty }
  }
}
