/// How one reader did in a comparison, or why it did nothing.
struct PeerRow: ResultRow, Equatable {
  /// Rate of the line in baud.
  var speed: Int
  /// What has read.
  var reader: String
  /// How much, in bytes.
  var size: Int
  /// What came of it; absent where nothing did.
  var outcome: Outcome?
  /// Why nothing came of it: it is absent, or has failed.
  var problem: String?
  /// What is demanded; absent where the row only informs.
  var demand: Demand?

  /// What came of a reading.
  struct Outcome: Sendable, Encodable, Equatable {
    /// From the process's start to its end, or of the part that the row is about.
    var seconds: Double
    /// Payload.
    var bytesPerSecond: Double
    /// Share of the time in which the line was in use.
    var lineUse: Double
    /// The payload rate of batchdump over this one: above 1 where batchdump is ahead. Absent where it is itself the row.
    var lead: Double?
    /// What proves the image; `no` where nothing does.
    var verification: String
    /// Whether the image is what the device holds.
    var isEqual: Bool
  }

  /// What may be demanded of a row.
  enum Demand: Sendable, Encodable, Equatable {
    case lineUse(atLeast: Double)
    /// That batchdump is faster.
    case batchdumpAhead
  }

  var isMet: Bool {
    guard let outcome else { return false }
    return switch demand {
    case .lineUse(let least): outcome.lineUse >= least
    case .batchdumpAhead: (outcome.lead ?? 0) > 1
    case nil: true
    }
  }

  static let columns: [ResultColumn] = [
    .number("baud"), .text("reader"), .number("size"), .number("seconds"), .number("payload"), .number("line used"),
    .number("ratio"), .text("verified"), .text("image"), .text("target"), .text("met"),
  ]

  /// Characters of a problem that the table shows.
  private static let longestProblem = 100

  var cells: [String] {
    let measured =
      outcome.map {
        [
          ResultTable.number($0.seconds), "\(ResultTable.number($0.bytesPerSecond)) B/s",
          ResultTable.ratio($0.lineUse), $0.lead.map(ResultTable.ratio) ?? "", $0.verification,
          $0.isEqual ? "equal" : "DIFFERS",
        ]
      } ?? ["", "", "", "", "", "NONE"]
    let name = problem.map { "\(reader): \($0.prefix(Self.longestProblem))" } ?? reader
    let verdict = demand == nil ? "" : isMet ? "yes" : "NO"
    return [String(speed), name, "\(size >> 10) KiB"] + measured + [demand?.text ?? "", verdict]
  }

  private enum CodingKeys: String, CodingKey {
    case speed, reader, size, outcome, problem, demand, isMet
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(speed, forKey: .speed)
    try container.encode(reader, forKey: .reader)
    try container.encode(size, forKey: .size)
    try container.encodeIfPresent(outcome, forKey: .outcome)
    try container.encodeIfPresent(problem, forKey: .problem)
    try container.encodeIfPresent(demand?.text, forKey: .demand)
    try container.encode(isMet, forKey: .isMet)
  }
}

extension PeerRow.Demand {
  var text: String {
    switch self {
    case .lineUse(let least): "line used at least \(ResultTable.ratio(least))"
    case .batchdumpAhead: "batchdump ahead"
    }
  }
}
