import ConsoleDialect

/// A digest that a unit has said of a range of a region, in a transcript.
public struct UnitDigest: Sendable, Hashable, CustomStringConvertible {
  /// Bytes from the region's start.
  public var range: Range<Int>
  /// What was computed.
  public var algorithm: DigestAlgorithm
  /// Lower-case hex.
  public var value: String

  /// As messages write it.
  public var description: String { "\(algorithm.rawValue) \(value) of \(range.place)" }
}

extension Range<Int> {
  /// As messages write it, in bytes from a region's start: `0x1000+0x40`.
  var place: String { "0x\(String(lowerBound, radix: 16))+0x\(String(count, radix: 16))" }
}
