/// The usual row of a table: a value, what it is compared with, and what is demanded.
struct BenchmarkRow: ResultRow, Equatable {
  /// What was measured.
  var subject: String
  /// The value.
  var measured: Double
  /// What it is compared with: a limit, or the same thing measured otherwise.
  var reference: Double
  /// What the reference is.
  var referenceName: String
  /// Unit of both.
  var unit: String
  /// Absent where the row only informs.
  var target: Target?

  /// The measured value over the reference.
  var ratio: Double { measured / reference }

  /// Whether the target is met; true where there is none.
  var isMet: Bool { target?.isMet(by: self) ?? true }

  private enum CodingKeys: String, CodingKey {
    case subject, measured, reference, referenceName, unit, ratio, target, isMet
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(subject, forKey: .subject)
    try container.encode(measured, forKey: .measured)
    try container.encode(reference, forKey: .reference)
    try container.encode(referenceName, forKey: .referenceName)
    try container.encode(unit, forKey: .unit)
    try container.encode(ratio, forKey: .ratio)
    try container.encodeIfPresent(target, forKey: .target)
    try container.encode(isMet, forKey: .isMet)
  }
}

/// What is demanded of a row.
struct Target: Sendable, Encodable, Equatable {
  /// Which of a row's numbers is meant.
  enum Number: String, Sendable, Encodable { case measured, ratio }
  /// On which side of the limit the number has to be.
  enum Side: String, Sendable, Encodable { case atLeast, atMost }

  var number: Number
  var side: Side
  var limit: Double

  static func ratio(_ side: Side, _ limit: Double) -> Target { Target(number: .ratio, side: side, limit: limit) }
  static func measured(_ side: Side, _ limit: Double) -> Target { Target(number: .measured, side: side, limit: limit) }

  func isMet(by row: BenchmarkRow) -> Bool {
    let value = number == .ratio ? row.ratio : row.measured
    return side == .atLeast ? value >= limit : value <= limit
  }
}
