/// A region as its transcripts alone show it. All ranges are bytes from the region's start.
public struct RebuiltRegion: Sendable {
  /// The region's name.
  public let name: String
  /// The image's file name.
  public let file: String
  /// As many bytes as the region has; zero where nothing was seen.
  public let bytes: [UInt8]
  /// What no transcript shows.
  public let missing: RangeSet<Int>
  /// What a digest bears out that the unit has said of it.
  public let confirmed: RangeSet<Int>
  /// What was printed more than once, with the same bytes.
  public let seenTwice: RangeSet<Int>
  /// What was printed only once, with these bytes.
  public let seenOnce: RangeSet<Int>
  /// The last digests of ranges that nothing which was seen agrees with, by place. One that was hit on its way is among
  /// them; so is every one of memory that has changed.
  public let contradicted: [UnitDigest]
  /// The last digests of ranges that were not printed whole, and so say something of bytes that came from elsewhere.
  public let ofUnseen: [UnitDigest]

  init(name: String, file: String, _ choice: DigestChoice) {
    self.name = name
    self.file = file
    let (held, twice) = choice.sightings.ranges
    bytes = choice.sightings.bytes
    missing = RangeSet(0..<choice.sightings.size).subtracting(held)
    confirmed = choice.confirmed
    seenTwice = twice
    seenOnce = held.subtracting(twice)
    contradicted = choice.contradicted
    ofUnseen = choice.ofUnseen
  }

  /// Whether every byte was seen.
  public var isComplete: Bool { missing.isEmpty }

  /// Whether every byte was seen, and borne out by a digest or a second time.
  public var isProven: Bool { isComplete && seenOnce.isSubset(of: confirmed) }
}
