/// Bytes of memory that do not always read back as what they hold.
public struct UnstableCells: Sendable, Hashable, Decodable {
  /// Addresses of such bytes.
  public var addresses: [UInt64]
  /// How many more there are, at places that follow from the seed.
  public var count: Int
  /// Where those are; anywhere in the unit's memory where nil.
  public var within: MemoryRange?
  /// Share of reads that give another value, never the same one twice in a row; above 0 up to 1.
  public var probability: Double

  /// Cells at `addresses` and `count` others.
  public init(addresses: [UInt64] = [], count: Int = 0, within: MemoryRange? = nil, probability: Double = 0.5) {
    self.addresses = addresses
    self.count = count
    self.within = within
    self.probability = probability
  }

  private enum CodingKeys: String, CodingKey {
    case addresses, count, within, probability
  }

  /// Decodes an object with `addresses`, `count` or both; `probability` is 0.5 where absent.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      addresses: try container.decodeIfPresent([Quantity].self, forKey: .addresses)?.map(\.value) ?? [],
      count: try container.number(.count, in: 0...65_536) ?? 0,
      within: try container.decodeIfPresent(MemoryRange.self, forKey: .within),
      probability: try container.share(.probability) ?? 0.5)
    guard !addresses.isEmpty || count > 0 else {
      throw DecodingError.dataCorruptedError(
        forKey: .addresses, in: container, debugDescription: "no cell is unstable; write `addresses`, or a `count`")
    }
    guard probability > 0 else {
      throw DecodingError.dataCorruptedError(
        forKey: .probability, in: container, debugDescription: "found 0; a cell that never changes is not unstable")
    }
  }
}

extension UnstableCells {
  /// The addresses given and those drawn, in order and each once.
  func chosen(from memory: [MemoryRange], seed: UInt64) -> [UInt64] {
    let ranges = within.map { [$0] } ?? memory
    let total = ranges.reduce(0) { $0 + $1.size }
    var generator = SeededGenerator(seed: seed)
    var drawn: Set<UInt64> = []
    while drawn.count < min(count, total) {
      var place = Int(generator.next() % UInt64(total))
      for range in ranges {
        if place < range.size {
          drawn.insert(range.address + UInt64(place))
          break
        }
        place -= range.size
      }
    }
    return drawn.union(addresses).sorted()
  }
}
