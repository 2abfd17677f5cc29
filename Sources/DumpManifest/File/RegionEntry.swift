import ConsoleDialect

/// A region as it is written.
struct RegionEntry: Decodable, Sendable {
  var name: String
  var file: String?
  var address: Quantity?
  var staging: StagingEntry?
  var size: Quantity
  var checks: [CheckEntry]?
  var reference: String?
  var reuse: DumpPolicy.Reuse?
}

/// How a region comes into RAM, as it is written.
struct StagingEntry: Decodable, Sendable {
  var command: CommandTemplate
  var ram: Quantity
  var offset: Quantity?
  var piece: Quantity?
  var expect: Pattern?
  var blockSize: Quantity?
}

/// A check of a finished image, as it is written.
struct CheckEntry: Decodable, Sendable {
  var kind: ImageCheckRule.Kind
  var offset: Quantity?
}

/// A fact to know the unit by, as it is written.
struct IdentityEntry: Decodable, Sendable {
  var name: String
  var command: String?
  var pattern: Pattern
  var required: Bool?
}
