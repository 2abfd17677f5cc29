/// What a chunk was read as, before and again: a byte that two reads in a row give alike is believed.
struct Sightings {
  private static let line = 16

  /// The chunk's place in the region.
  let range: Range<Int>
  /// The latest bytes of the chunk; meaningless where nothing was read.
  private(set) var bytes: [UInt8]
  /// Read before.
  private let held: RangeSet<Int>
  /// Read for the first time now.
  private(set) var new = RangeSet<Int>()
  /// Read again and alike.
  private(set) var agreed = RangeSet<Int>()
  /// Read again and differently.
  private(set) var differing = RangeSet<Int>()

  /// What was held of a chunk; `bytes` has its length, with anything where nothing is held.
  init(_ range: Range<Int>, held: RangeSet<Int>, bytes: [UInt8]) {
    self.range = range
    self.held = held
    self.bytes = bytes
  }

  /// Lines that were read differently.
  var differingLines: Int { differing.ranges.reduce(0) { $0 + $1.grains(of: Self.line).count } }

  /// Takes another read of parts of the chunk.
  mutating func take(_ again: ChunkBuffer) {
    for part in again.held.subtracting(held).ranges {
      replace(part, again[part])
      new.insert(contentsOf: part)
    }
    for line in again.held.intersection(held).ranges.flatMap({ $0.grains(of: Self.line) }) {
      let now = again[line]
      if Array(bytes[place(line)]) == now {
        agreed.insert(contentsOf: line)
      } else {
        replace(line, now)
        differing.insert(contentsOf: line)
      }
    }
  }

  /// The bytes that are not what the disk has, with their places.
  var pieces: [(offset: Int, bytes: [UInt8])] {
    new.union(differing).ranges.map { ($0.lowerBound, Array(bytes[place($0)])) }
  }

  private mutating func replace(_ part: Range<Int>, _ now: [UInt8]) { bytes.replaceSubrange(place(part), with: now) }

  private func place(_ part: Range<Int>) -> Range<Int> {
    part.lowerBound - range.lowerBound..<part.upperBound - range.lowerBound
  }
}

extension Range<Int> {
  /// The range in pieces that end at multiples of `size`.
  func grains(of size: Int) -> [Range<Int>] {
    var pieces: [Range<Int>] = []
    var start = lowerBound
    while start < upperBound {
      let end = Swift.min((start / size + 1) * size, upperBound)
      pieces.append(start..<end)
      start = end
    }
    return pieces
  }

  /// As messages write it.
  var place: String { "0x\(String(lowerBound, radix: 16))+0x\(String(count, radix: 16))" }
}
