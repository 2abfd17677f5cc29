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
  /// Which way.
  public var direction: Direction

  /// Noise with these rates.
  public init(
    seed: UInt64, flips: Double = 0, drops: Double = 0, doublings: Double = 0, direction: Direction = .toHost
  ) {
    self.seed = seed
    self.flips = flips
    self.drops = drops
    self.doublings = doublings
    self.direction = direction
  }

  private enum CodingKeys: String, CodingKey {
    case seed, flips, drops, doublings, direction
  }

  /// Decodes an object; rates that are absent are 0.
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
      direction: try container.decodeIfPresent(Direction.self, forKey: .direction) ?? .toHost)
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

  /// Passes one character on as none, one or two.
  mutating func pass(_ byte: UInt8, _ counters: inout NoiseCounters, _ line: (UInt8) -> Void) {
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
      guard chance < noise.flips + noise.drops + noise.doublings else { return }
      counters.doubled += 1
      line(byte)
    }
  }
}
