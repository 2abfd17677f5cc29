/// How careful to be, as far as it is said in one place. A slot's entry is merged with the manifest's key by key.
struct PolicyEntry: Decodable, Sendable {
  var verify: DumpPolicy.Verify?
  var retries: Int?
  var reuse: DumpPolicy.Reuse?
  var reference: String?
  var speedUp: SpeedUpEntry?
  var again: DumpPolicy.Again?
  var noAdapter: DumpPolicy.NoAdapter?
  var transcript: Quantity?
}

/// The highest rate that the line may be raised to, or that it is not to be.
enum SpeedUpEntry: Decodable, Sendable {
  case never
  case to(Int)

  enum CodingKeys: String, CodingKey {
    case to
  }

  init(from decoder: any Decoder) throws {
    if let table = try? decoder.container(keyedBy: CodingKeys.self) {
      self = .to(try table.decode(Int.self, forKey: .to))
      return
    }
    let container = try decoder.singleValueContainer()
    guard (try? container.decode(String.self)) == "never" else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected `never`, or the highest rate as in { \"to\": 921600 }")
    }
    self = .never
  }
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
