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

  /// An empty buffer.
  init(_ range: Range<Int>) {
    self.range = range
    bytes = [UInt8](repeating: 0, count: range.count)
    missing = RangeSet(range)
  }

  /// A buffer for a second read of parts of a range.
  init(_ range: Range<Int>, wanting wanted: RangeSet<Int>) {
    self.init(range)
    missing = wanted
  }

  /// A buffer that already holds all of its range.
  init(_ range: Range<Int>, holding bytes: [UInt8]) {
    self.init(range)
    self.bytes = bytes
    missing = RangeSet()
  }

  /// What is held.
  var held: RangeSet<Int> {
    var held = RangeSet(range)
    for gap in missing.ranges { held.remove(contentsOf: gap) }
    return held
  }

  /// What is held and not in doubt.
  var sound: RangeSet<Int> {
    var sound = held
    for part in doubtful.ranges { sound.remove(contentsOf: part) }
    return sound
  }

  /// The sound bytes with their places, for the disk.
  var pieces: [(offset: Int, bytes: [UInt8])] {
    sound.ranges.map { ($0.lowerBound, self[$0]) }
  }

  /// Bytes of a range of the region within the chunk.
  subscript(part: Range<Int>) -> [UInt8] {
    Array(bytes[part.lowerBound - range.lowerBound..<part.upperBound - range.lowerBound])
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

  /// Takes what a parser holds of a dump that began at `offset`; only what was missing.
  mutating func take(_ parser: DumpParser, at offset: Int) {
    let dumped = parser.bytes
    var held = RangeSet(offset..<offset + dumped.count)
    for gap in parser.missing { held.remove(contentsOf: gap.lowerBound + offset..<gap.upperBound + offset) }
    for part in held.intersection(missing).ranges {
      for place in part { bytes[place - range.lowerBound] = dumped[place - offset] }
      missing.remove(contentsOf: part)
    }
  }

  /// Takes bytes that are held already.
  mutating func fill(_ part: Range<Int>, with held: [UInt8]) {
    bytes.replaceSubrange(part.lowerBound - range.lowerBound..<part.upperBound - range.lowerBound, with: held)
    missing.remove(contentsOf: part)
  }

  /// Forgets a part, so that it is read again.
  mutating func forget(_ part: Range<Int>) {
    missing.insert(contentsOf: part.clamped(to: range))
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
