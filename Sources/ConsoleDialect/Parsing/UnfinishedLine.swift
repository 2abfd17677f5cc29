/// The line that a chunk ended in, waiting for its rest. Bounded: what is longer than the limit is cut there and
/// marked.
struct UnfinishedLine: Sendable {
  private(set) var storage: [UInt8] = []
  private(set) var count = 0
  /// Whether bytes were dropped; such a line can be no dump line.
  private(set) var isCut = false

  init() {}

  init(limit: Int) { storage = Array(repeating: 0, count: limit) }

  /// Whether anything has been put since the last line end, apart from CRs.
  var isEmpty: Bool { count == 0 }

  /// What is there, without the CRs at its beginning.
  var bytes: [UInt8] { Array(storage.prefix(count)) }

  mutating func append(_ chunk: RawSpan, from start: Int, to end: Int) {
    let begin = count == 0 ? min(chunk.passReturns(from: start), end) : start
    let kept = min(end - begin, storage.count - count)
    isCut = isCut || kept < end - begin
    for at in 0..<kept { storage[count + at] = chunk.byte(begin + at) }
    count += kept
  }

  mutating func clear() {
    count = 0
    isCut = false
  }
}
