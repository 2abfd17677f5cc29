import ConsoleDialect

/// The bytes of one chunk as they come in, and which of them are held. Offsets are bytes from the region's start.
struct ChunkBuffer {
  /// The chunk's place in the region.
  let range: Range<Int>
  /// Bytes of the chunk; trustworthy only where held.
  private(set) var bytes: [UInt8]
  /// What is not held yet.
  private(set) var missing: RangeSet<Int>
  /// Held, but a digest says that something in it is wrong.
  private(set) var doubtful = RangeSet<Int>()
  /// Held because the disk holds it.
  private(set) var loaded = RangeSet<Int>()
  /// Held because digests say so, and from where; not read.
  private(set) var matched: [(ranges: RangeSet<Int>, provenance: Provenance)] = []
  /// Parts that are held because each one's own digest says so.
  private(set) var digested: [Range<Int>] = []
  /// What of the range is looked at.
  private let wanted: RangeSet<Int>

  /// An empty buffer.
  init(_ range: Range<Int>) { self.init(range, wanting: RangeSet(range)) }

  /// An empty buffer for parts of a range.
  init(_ range: Range<Int>, wanting wanted: RangeSet<Int>) {
    self.range = range
    self.wanted = wanted
    bytes = [UInt8](repeating: 0, count: range.count)
    missing = wanted
  }

  /// What is held.
  var held: RangeSet<Int> { wanted.subtracting(missing) }

  /// What is held and not in doubt.
  var sound: RangeSet<Int> { held.subtracting(doubtful) }

  /// Whether everything is held and nothing in doubt.
  var isSound: Bool { missing.isEmpty && doubtful.isEmpty }

  /// The sound bytes that do not come from the disk, with their places.
  var pieces: [(offset: Int, bytes: [UInt8])] {
    sound.subtracting(loaded).ranges.map { ($0.lowerBound, self[$0]) }
  }

  /// Bytes of a range of the region within the chunk.
  subscript(part: Range<Int>) -> [UInt8] {
    part == range ? bytes : Array(bytes[part.moved(by: -range.lowerBound)])
  }

  /// The reads that would fill what is missing, none longer than `longest`; gaps closer than `joining` are read in one.
  func requests(longest: Int, joining: Int) -> [Range<Int>] {
    var joined: [Range<Int>] = []
    for gap in missing.ranges {
      if let last = joined.last, gap.lowerBound - last.upperBound <= joining {
        joined[joined.count - 1] = last.lowerBound..<gap.upperBound
      } else {
        joined.append(gap)
      }
    }
    return joined.flatMap { gap in
      let step = min(longest, gap.count)
      return stride(from: gap.lowerBound, to: gap.upperBound, by: step).map { $0..<min($0 + step, gap.upperBound) }
    }
  }

  /// How many bytes of a range a read has been past already: what lies behind all that is held was never reached.
  func passedOver(in part: Range<Int>) -> Int {
    let read = matched.reduce(held) { $0.subtracting($1.ranges) }
    return min(part.upperBound, max(part.lowerBound, read.ranges.last?.upperBound ?? 0)) - part.lowerBound
  }

  /// The reads that would fill what is missing where each brings `fixed` bytes, wanted or not.
  func requests(fixed: Int) -> [Range<Int>] {
    var reads: [Range<Int>] = []
    var end = range.lowerBound
    for gap in missing.ranges {
      var start = max(gap.lowerBound, end)
      while start < gap.upperBound {
        end = min(start + fixed, range.upperBound)
        reads.append(start..<end)
        start = end
      }
    }
    return reads
  }

  /// Takes what a parser holds of a dump that began at `offset`; only what was missing.
  mutating func take(_ parser: DumpParser, at offset: Int) {
    let dumped = parser.bytes
    var held = RangeSet(offset..<offset + dumped.count)
    for gap in parser.missing { held.remove(contentsOf: gap.lowerBound + offset..<gap.upperBound + offset) }
    for part in held.intersection(missing).ranges {
      bytes.replaceSubrange(part.moved(by: -range.lowerBound), with: dumped[part.moved(by: -offset)])
      missing.remove(contentsOf: part)
    }
  }

  /// Takes bytes that the disk holds.
  mutating func fill(_ part: Range<Int>, with held: [UInt8]) {
    bytes.replaceSubrange(part.lowerBound - range.lowerBound..<part.upperBound - range.lowerBound, with: held)
    missing.remove(contentsOf: part)
    loaded.insert(contentsOf: part)
  }

  /// Takes what another read gave.
  mutating func replace(_ part: Range<Int>, with read: [UInt8]) {
    fill(part, with: read)
    loaded.remove(contentsOf: part)
    unmatch(part)
  }

  /// Takes what a part holds by its own digest.
  ///
  /// - Parameter known: as many bytes as the part has, and where each of them comes from.
  mutating func match(_ part: Range<Int>, with known: SimilarBlock) {
    for origin in known.origins {
      match(origin.range, with: Array(known.bytes[origin.range.moved(by: -part.lowerBound)]), origin.provenance)
    }
    digested.append(part)
  }

  private mutating func match(_ part: Range<Int>, with known: [UInt8], _ provenance: Provenance) {
    replace(part, with: known)
    matched.append((RangeSet(part), provenance))
  }

  /// Takes what a block holds by its digest, but for some ranges.
  mutating func take(_ match: BlockMatch, without others: RangeSet<Int>) {
    for origin in match.origins {
      for part in RangeSet(origin.range).subtracting(others).ranges {
        self.match(part, with: Array(match.bytes[part.moved(by: -match.range.lowerBound)]), origin.provenance)
      }
    }
  }

  private mutating func unmatch(_ part: Range<Int>) {
    for index in matched.indices { matched[index].ranges.remove(contentsOf: part) }
    matched.removeAll { $0.ranges.isEmpty }
    digested.removeAll { $0.overlaps(part) }
  }

  /// Forgets all that was not read: nothing proves it yet.
  mutating func forgetMatched() {
    for range in matched.flatMap(\.ranges.ranges) { forget(range) }
  }

  /// Forgets what the disk held, but for what is held still.
  mutating func forgetLoaded(besides held: RangeSet<Int>) {
    for range in loaded.subtracting(held).ranges { forget(range) }
  }

  /// Forgets a part, so that it is read again.
  mutating func forget(_ part: Range<Int>) {
    missing.insert(contentsOf: part.clamped(to: range))
    loaded.remove(contentsOf: part)
    unmatch(part)
  }

  /// Notes that something in a part is wrong, or that nothing is after all.
  mutating func doubt(_ part: Range<Int>, _ isDoubtful: Bool) {
    if isDoubtful { doubtful.insert(contentsOf: part) } else { doubtful.remove(contentsOf: part) }
  }
}

extension ReadMethod {
  /// The most bytes that one command can be asked for.
  var longestRead: Int { fixedLength ?? maxLength ?? Int.max }

  /// What to ask for to get `length` bytes from `address` on: from an aligned place, in the length the command takes.
  func request(for address: UInt64, length: Int) -> (address: UInt64, length: Int) {
    let lead = Int(address % UInt64(align))
    return (address - UInt64(lead), fixedLength ?? (lead + length + align - 1) / align * align)
  }
}
