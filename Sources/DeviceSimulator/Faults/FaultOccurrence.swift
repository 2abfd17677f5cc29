/// When a fault happens: at random, at one place, or both.
public struct FaultOccurrence: Decodable, Sendable, Hashable {
  /// Share of characters at which it happens; 0 to 1.
  public var rate: Double
  /// It happens once when this many characters have passed since the faults were set; at least 1.
  public var after: Int?
  /// It happens no more often than this; nil for no limit.
  public var limit: Int?

  /// A fault that happens at `rate`, once `after` so many characters, and at most `limit` times.
  public init(rate: Double = 0, after: Int? = nil, limit: Int? = nil) {
    self.rate = rate
    self.after = after
    self.limit = limit
  }

  private enum CodingKeys: String, CodingKey {
    case rate, after, limit
  }

  /// Decodes an object with `rate`, `after` or both; `limit` may be absent.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      rate: try container.share(.rate) ?? 0, after: try container.number(.after, in: 1...Int.max),
      limit: try container.number(.limit, in: 1...Int.max))
    guard rate > 0 || after != nil else {
      throw DecodingError.dataCorruptedError(
        forKey: .rate, in: container,
        debugDescription: "it would never happen; write a `rate` above 0, or `after` how many it happens once")
    }
  }
}

extension KeyedDecodingContainer {
  /// A share from 0 to 1.
  func share(_ key: Key) throws -> Double? {
    guard let share = try decodeIfPresent(Double.self, forKey: key) else { return nil }
    guard (0...1).contains(share) else {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self, debugDescription: "found \(share); a share is from 0 to 1")
    }
    return share
  }

  /// A whole number within `range`.
  func number(_ key: Key, in range: ClosedRange<Int>) throws -> Int? {
    guard let number = try decodeIfPresent(Int.self, forKey: key) else { return nil }
    guard range.contains(number) else {
      let allowed =
        range.upperBound == Int.max
        ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self, debugDescription: "found \(number); allowed is \(allowed)")
    }
    return number
  }
}
