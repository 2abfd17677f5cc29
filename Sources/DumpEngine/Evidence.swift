import ConsoleDialect

/// Why a block is believed.
public enum Evidence: Sendable, Hashable {
  /// The unit's own digest over a range that contains the block equals ours.
  case deviceDigest(DigestAlgorithm)
  /// Two reads gave the same bytes.
  case reread
  /// The image's own footer is right.
  case imageFooter
  /// Nothing but the checks on each line.
  case none
}

/// Where a block's bytes came from.
public enum Provenance: Sendable, Hashable {
  /// This unit's wire, in this run.
  case wire
}

/// A range of a region whose bytes have the same evidence and provenance. Offsets are bytes from the region's start.
public struct BlockRange: Sendable, Hashable {
  /// First byte, and first byte behind.
  public var range: Range<Int>
  /// Why it is believed.
  public var evidence: Evidence
  /// Where it came from.
  public var provenance: Provenance

  /// A range with its evidence and provenance.
  public init(range: Range<Int>, evidence: Evidence, provenance: Provenance) {
    self.range = range
    self.evidence = evidence
    self.provenance = provenance
  }
}
