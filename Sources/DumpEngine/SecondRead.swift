/// A range that is read until two reads in a row are equal, line by line.
struct SecondRead {
  private static let line = 16

  private let part: Range<Int>
  /// The latest bytes of each line.
  private(set) var bytes: [UInt8]
  /// Not yet seen twice in a row.
  private(set) var pending: RangeSet<Int>
  /// Seen differently, and not yet twice in a row.
  private(set) var unstable = RangeSet<Int>()

  init(_ part: Range<Int>, first: [UInt8]) {
    self.part = part
    bytes = first
    pending = RangeSet(part)
  }

  /// Seen twice in a row.
  var agreed: RangeSet<Int> { RangeSet(part).subtracting(pending) }

  /// Compares another read with the latest; returns how many lines differ.
  mutating func compare(_ again: ChunkBuffer) -> Int {
    var differing = 0
    for line in again.held.intersection(pending).ranges.flatMap({ $0.grains(of: Self.line) }) {
      let place = line.lowerBound - part.lowerBound..<line.upperBound - part.lowerBound
      let new = again[line]
      if Array(bytes[place]) == new {
        pending.remove(contentsOf: line)
        unstable.remove(contentsOf: line)
      } else {
        differing += 1
        bytes.replaceSubrange(place, with: new)
        unstable.insert(contentsOf: line)
      }
    }
    return differing
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
