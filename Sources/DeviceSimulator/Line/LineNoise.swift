/// Faults that a line adds to characters: reproducible from a seed, and counted.
public struct LineNoise: Decodable, Sendable {
  /// Which way the characters go that are disturbed.
  public enum Direction: String, Decodable, Sendable, CaseIterable {
    /// From the unit to the host.
    case toHost
    /// From the host to the unit.
    case toUnit
    case both
  }

  /// What the faults follow from.
  public var seed: UInt64
  /// Share of characters in which one bit is turned over; 0 to 1.
  public var flips: Double
  /// Share of characters that vanish; 0 to 1.
  public var drops: Double
  /// Share of characters that come twice; 0 to 1.
  public var doublings: Double
  /// Share of characters behind which one comes that nobody sent; 0 to 1.
  public var insertions: Double
  /// Which way.
  public var direction: Direction
  /// Only while the unit's port is faster than this, in baud: a poor cable carries slow characters well. With `flips` of
  /// 1 no character survives above.
  public var above: Int

  /// Noise with these rates, at any speed unless said otherwise.
  public init(
    seed: UInt64, flips: Double = 0, drops: Double = 0, doublings: Double = 0, insertions: Double = 0,
    direction: Direction = .toHost, above: Int = 0
  ) {
    self.seed = seed
    self.flips = flips
    self.drops = drops
    self.doublings = doublings
    self.insertions = insertions
    self.direction = direction
    self.above = above
  }

  private enum CodingKeys: String, CodingKey {
    case seed, flips, drops, doublings, insertions, direction, above
  }

  /// Decodes an object; rates that are absent are 0, and without `above` they hold at any speed.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func rate(_ key: CodingKeys) throws -> Double {
      let rate = try container.decodeIfPresent(Double.self, forKey: key) ?? 0
      guard (0...1).contains(rate) else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: container, debugDescription: "found \(rate); a share of characters is from 0 to 1")
      }
      return rate
    }
    self.init(
      seed: try container.decodeIfPresent(Quantity.self, forKey: .seed)?.value ?? 1,
      flips: try rate(.flips), drops: try rate(.drops), doublings: try rate(.doublings),
      insertions: try rate(.insertions),
      direction: try container.decodeIfPresent(Direction.self, forKey: .direction) ?? .toHost,
      above: try container.number(.above, in: 0...4_000_000) ?? 0)
  }
}

/// Noise at work on one direction of a line.
struct NoiseStage: Sendable {
  private let noise: LineNoise
  private var generator: SeededGenerator

  init(_ noise: LineNoise, salt: UInt64) {
    self.noise = noise
    generator = SeededGenerator(seed: noise.seed &+ salt)
  }

  /// Passes one character, at the speed of the unit's port, on as none, one or two.
  mutating func pass(_ byte: UInt8, at speed: Int, _ counters: inout NoiseCounters, _ line: (UInt8) -> Void) {
    guard speed > noise.above else { return line(byte) }
    let word = generator.next()
    // 53 bits make a number from 0 up to 1 that a Double holds exactly.
    let chance = Double(word >> 11) * 0x1p-53
    if chance < noise.flips {
      counters.flipped += 1
      line(byte ^ 1 << UInt8(truncatingIfNeeded: word & 7))
    } else if chance < noise.flips + noise.drops {
      counters.dropped += 1
    } else {
      line(byte)
      let rest = chance - noise.flips - noise.drops
      if rest < noise.doublings {
        counters.doubled += 1
        line(byte)
      } else if rest < noise.doublings + noise.insertions {
        counters.inserted += 1
        line(UInt8(truncatingIfNeeded: generator.next()))
      }
    }
  }
}
