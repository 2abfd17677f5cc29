/// A manifest as it is written: nothing is merged, defaulted or checked yet but the types of its values.
///
/// The names of the members are the keys of the file. `Manifests/manifest.schema.json` describes the same for editors;
/// a test compares the two.
struct ManifestFile: Decodable, Sendable {
  var name: String
  var description: String?
  var slots: [SlotEntry]
  var console: ConsoleEntry?
  var identity: [IdentityEntry]?
  var setup: [String]?
  var regions: [RegionEntry]?
  var policy: BatchPolicyEntry?
  var reset: ResetEntry?
  var hooks: HooksEntry?
  var output: OutputEntry?
  var dialects: [String: DialectEntry]?
}

/// A slot with what it does otherwise than the rest.
struct SlotEntry: Decodable, Sendable {
  var name: String
  var tty: String?
  var link: String?
  var match: [String: String]?
  var console: ConsoleEntry?
  var identity: [IdentityEntry]?
  var setup: [String]?
  var regions: [RegionEntry]?
  var policy: PolicyEntry?
  var reset: ResetEntry?
  var hooks: HooksEntry?
}

/// Where the batch folder is made.
struct OutputEntry: Decodable, Sendable {
  var folder: String?
}
