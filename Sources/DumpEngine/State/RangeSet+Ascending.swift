extension RangeSet where Bound == Int {
  /// The set of ranges that come in order, and of which neighbours mostly join: many need no sorting then.
  init(ascending ranges: some Sequence<Range<Int>>) {
    self.init(
      ranges.reduce(into: [Range<Int>]()) { joined, range in
        if let last = joined.last, last.upperBound == range.lowerBound {
          joined[joined.count - 1] = last.lowerBound..<range.upperBound
        } else {
          joined.append(range)
        }
      })
  }
}
