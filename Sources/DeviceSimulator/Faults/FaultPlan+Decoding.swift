extension FaultPlan: Decodable {
  private enum CodingKeys: String, CodingKey {
    case seed, bursts, foreignLines, stalls, resets, hangUps, deadAfter, lies, digests, unstableCells, drift
  }

  /// Decodes an object; what is absent does not happen.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(seed: try container.decodeIfPresent(Quantity.self, forKey: .seed)?.value ?? 1)
    bursts = try container.decodeIfPresent(Bursts.self, forKey: .bursts)
    foreignLines = try container.decodeIfPresent(ForeignLines.self, forKey: .foreignLines)
    stalls = try container.decodeIfPresent(Stalls.self, forKey: .stalls)
    resets = try container.decodeIfPresent(FaultOccurrence.self, forKey: .resets)
    hangUps = try container.decodeIfPresent(FaultOccurrence.self, forKey: .hangUps)
    deadAfter = try container.number(.deadAfter, in: 1...Int.max)
    lies = try container.decodeIfPresent(FaultOccurrence.self, forKey: .lies)
    digests = try container.decodeIfPresent(DigestFaults.self, forKey: .digests)
    unstableCells = try container.decodeIfPresent(UnstableCells.self, forKey: .unstableCells)
    drift = try container.decodeIfPresent(ClockDrift.self, forKey: .drift)
  }
}

extension FaultPlan.Bursts: Decodable {
  private enum CodingKeys: String, CodingKey {
    case length
  }

  /// Decodes `length` beside the keys of an occurrence.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try FaultOccurrence(from: decoder), length: try container.number(.length, in: 1...1_000_000) ?? 8)
  }
}

extension FaultPlan.ForeignLines: Decodable {
  private enum CodingKeys: String, CodingKey {
    case placement, texts
  }

  /// Decodes `placement` and `texts`, which may be absent, beside the keys of an occurrence.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try FaultOccurrence(from: decoder),
      placement: try container.decodeIfPresent(Placement.self, forKey: .placement) ?? .anywhere,
      texts: try container.decodeIfPresent([String].self, forKey: .texts) ?? [])
    guard texts.allSatisfy({ $0.utf8.allSatisfy { $0 != Control.lineFeed && $0 != Control.carriageReturn } }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .texts, in: container, debugDescription: "a text holds a line end; write each line as a text of its own"
      )
    }
  }
}

extension FaultPlan.Stalls: Decodable {
  private enum CodingKeys: String, CodingKey {
    case milliseconds
  }

  /// Decodes `milliseconds` beside the keys of an occurrence.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let milliseconds = try container.number(.milliseconds, in: 1...86_400_000)
    self.init(
      try FaultOccurrence(from: decoder),
      milliseconds: try milliseconds ?? container.decode(Int.self, forKey: .milliseconds))
  }
}
