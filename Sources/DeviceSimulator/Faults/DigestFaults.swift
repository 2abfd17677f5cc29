/// What is wrong with digest commands over many bytes. Over few, by which they are tried out, they are right.
public struct DigestFaults: Sendable, Hashable {
  /// Bytes of a range above which the unit resets instead of answering; nil where it never does.
  public var resetAbove: Int?
  /// Bytes of a range above which each answer is wrong; nil where none is. A lie is the same for the same range.
  public var lieAbove: Int?
  /// Microseconds that a digest takes for each byte; meanwhile the unit neither prints nor reads.
  public var microsecondsPerByte: Double
  /// Digests over ranges above which it resets or lies that are answered rightly first.
  public var spared: Int
  /// Which kinds have the faults, such as `md5`; all of them where empty. A comparison of memory is of the kind `cmp`:
  /// it is slow as digests are, resets the unit only where it is named here, and never lies.
  public var algorithms: Set<String>

  /// The longest that a byte may take: a second.
  static let slowest = 1_000_000.0

  /// Faults of digest commands; without arguments none.
  public init(
    resetAbove: Int? = nil, lieAbove: Int? = nil, microsecondsPerByte: Double = 0, algorithms: Set<String> = []
  ) {
    self.resetAbove = resetAbove
    self.lieAbove = lieAbove
    self.microsecondsPerByte = microsecondsPerByte
    self.algorithms = algorithms
    spared = 0
  }

  /// Whether digests of a kind have the faults.
  func have(_ algorithm: String) -> Bool { algorithms.isEmpty || algorithms.contains(algorithm) }

  /// The time that a command over the bytes of `request` takes.
  func time(for request: DigestRequest, _ counters: inout FaultCounters) -> Nanoseconds {
    guard microsecondsPerByte > 0 else { return 0 }
    counters.slowDigests += 1
    return Nanoseconds(min(microsecondsPerByte * 1000 * Double(request.count), 0x1p53))
  }
}

extension DigestFaults: Decodable {
  private enum CodingKeys: String, CodingKey {
    case resetAbove, lieAbove, microsecondsPerByte, spared, algorithms
  }

  /// Decodes an object; what is absent does not happen.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      resetAbove: try container.number(.resetAbove, in: 0...Int.max),
      lieAbove: try container.number(.lieAbove, in: 0...Int.max),
      microsecondsPerByte: try container.decodeIfPresent(Double.self, forKey: .microsecondsPerByte) ?? 0,
      algorithms: try container.decodeIfPresent(Set<String>.self, forKey: .algorithms) ?? [])
    spared = try container.number(.spared, in: 0...Int.max) ?? 0
    guard (0...Self.slowest).contains(microsecondsPerByte) else {
      throw DecodingError.dataCorruptedError(
        forKey: .microsecondsPerByte, in: container,
        debugDescription: "found \(microsecondsPerByte); allowed is 0 to \(Int(Self.slowest))")
    }
  }
}

/// A digest that a unit is asked for.
struct DigestRequest: Sendable {
  /// What kind, such as `crc32`.
  var algorithm: String
  /// First address.
  var start: UInt64
  /// Bytes.
  var count: UInt64
}

/// What a unit makes of a digest command.
enum DigestOutcome: Sendable, Equatable {
  case answer([UInt8], after: Nanoseconds)
  case reset
}
