/// How careful to be, as far as it is said in one place. A slot's entry is merged with the manifest's key by key.
struct PolicyEntry: Decodable, Sendable {
  var verify: DumpPolicy.Verify?
  var retries: Int?
  var reuse: DumpPolicy.Reuse?
  var speedUp: SpeedUpEntry?
  var again: DumpPolicy.Again?
  var noAdapter: DumpPolicy.NoAdapter?
}

/// The rate that the line may be raised to.
struct SpeedUpEntry: Decodable, Sendable {
  var to: Int
}

/// The manifest's policy: what slots may do otherwise, and what concerns the batch as a whole.
struct BatchPolicyEntry: Decodable, Sendable {
  var slots: PolicyEntry
  var onFailure: BatchPlan.OnFailure?
  var maxParallel: Int?

  enum CodingKeys: String, CodingKey {
    case onFailure, maxParallel
  }

  init(from decoder: any Decoder) throws {
    slots = try PolicyEntry(from: decoder)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    onFailure = try container.decodeIfPresent(BatchPlan.OnFailure.self, forKey: .onFailure)
    maxParallel = try container.decodeIfPresent(Int.self, forKey: .maxParallel)
  }
}
