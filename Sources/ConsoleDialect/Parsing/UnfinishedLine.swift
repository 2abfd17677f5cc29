/// The line that a chunk ended in, waiting for its rest. Bounded: what is longer than the limit is cut there and
/// marked.
struct UnfinishedLine: Sendable {
  private(set) var storage: [UInt8] = []
  private(set) var count = 0
  /// Whether bytes were dropped; such a line can be no dump line.
  private(set) var isCut = false

  init() {}

  init(limit: Int) { storage = Array(repeating: 0, count: limit + 1) }

  /// Whether anything has been put since the last line end, apart from CRs.
  var isEmpty: Bool { count == 0 }

  /// What is there, without the CRs at its beginning.
  var bytes: [UInt8] { Array(storage.prefix(count)) }

  mutating func append(_ chunk: RawSpan, from start: Int, to end: Int) {
    let begin = count == 0 ? min(chunk.passReturns(from: start), end) : start
    let kept = min(end - begin, storage.count - 1 - count)
    isCut = isCut || kept < end - begin
    copy(chunk.extracting(begin..<(begin + kept)))
  }

  /// Eight bytes at a time: where pieces are shorter than lines, all of a dump comes through here.
  private mutating func copy(_ bytes: RawSpan) {
    let start = count
    count += bytes.byteCount
    var span = storage.mutableSpan
    var kept = unsafe span.mutableBytes
    var at = 0
    while at + 8 <= bytes.byteCount {
      kept.storeBytes(of: bytes.eight(at).littleEndian, toByteOffset: start + at, as: UInt64.self)
      at += 8
    }
    while at < bytes.byteCount {
      kept.storeBytes(of: bytes.byte(at), toByteOffset: start + at, as: UInt8.self)
      at += 1
    }
  }

  /// Puts the line's end, for which there is always room.
  mutating func end() {
    storage[count] = ASCII.lineFeed
    count += 1
  }

  mutating func clear() {
    count = 0
    isCut = false
  }
}
