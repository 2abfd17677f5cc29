/// A unit whose clock is off: the farther, the more of its characters are lost on the other end, both ways.
public struct ClockDrift: Sendable, Hashable, Decodable {
  /// Up to this many percent all characters arrive: both ends still sample the right bits.
  public static let harmless = 2.0
  /// From this many percent on none does: the stop bit is sampled half a bit away.
  public static let hopeless = 5.0

  /// By how much the clock is off, in percent of the rate; slow below 0.
  public var percent: Double
  /// Characters that the unit prints before; 0 where it is off from the start.
  public var after: Int

  /// A clock that is off by so many percent once `after` characters are printed.
  public init(percent: Double, after: Int = 0) {
    self.percent = percent
    self.after = after
  }

  private enum CodingKeys: String, CodingKey {
    case percent, after
  }

  /// Decodes `percent`; `after` may be absent.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      percent: try container.decode(Double.self, forKey: .percent),
      after: try container.number(.after, in: 0...Int.max) ?? 0)
    guard (-50...50).contains(percent) else {
      throw DecodingError.dataCorruptedError(
        forKey: .percent, in: container, debugDescription: "found \(percent); a clock is off by -50 to 50 percent")
    }
  }

  /// Share of characters that are garbled.
  public var share: Double {
    min(1, max(0, (abs(percent) - Self.harmless) / (Self.hopeless - Self.harmless)))
  }
}

/// A wrong clock at work.
struct DriftStage: Sendable {
  private let share: Double
  private var left: Int
  private var toHost: SeededGenerator
  private var toUnit: SeededGenerator

  /// Nil where the clock is near enough.
  init?(_ drift: ClockDrift?, seed: UInt64) {
    guard let drift, drift.share > 0 else { return nil }
    share = drift.share
    left = drift.after
    toHost = SeededGenerator(seed: seed)
    toUnit = SeededGenerator(seed: ~seed)
  }

  /// Characters that may be printed without a look at each.
  var quiet: Int { left }

  mutating func skip(_ count: Int) { left = max(0, left - count) }

  /// A character that the unit prints, as it arrives.
  mutating func print(_ byte: UInt8, _ counters: inout FaultCounters) -> UInt8 {
    guard left == 0 else {
      left -= 1
      return byte
    }
    return Self.pass(byte, share, &toHost, &counters)
  }

  /// A character for the unit, as it arrives.
  mutating func receive(_ byte: UInt8, _ counters: inout FaultCounters) -> UInt8 {
    left == 0 ? Self.pass(byte, share, &toUnit, &counters) : byte
  }

  private static func pass(
    _ byte: UInt8, _ share: Double, _ generator: inout SeededGenerator, _ counters: inout FaultCounters
  ) -> UInt8 {
    guard generator.chance() < share else { return byte }
    counters.drifted += 1
    return generator.garbled(byte)
  }
}
