import DumpEngine
import DumpReport

/// Which unit is at which slot, and in which folder its files are; all sessions of a batch share it.
actor UnitRegistry {
  private let batchFolder: String
  private var slotOfUnit: [[IdentityFact]: String] = [:]
  private var folders = UnitFolderNames()

  init(batchFolder: String) { self.batchFolder = batchFolder }

  /// Makes the folder for the unit at a slot, named after its first fact, or after the slot where it has none.
  ///
  /// - Throws: `SessionError.Kind.identity` where another slot holds a unit with the same facts: an image must never
  ///   be two units', and one of the two is not what it says.
  func claim(_ slot: String, _ identity: [IdentityFact]) throws -> String {
    if !identity.isEmpty {
      if let other = slotOfUnit[identity], other != slot {
        let facts = identity.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
        throw SessionError(
          .identity,
          "slots \(other) and \(slot) both have a unit with \(facts): check the manifest's identity rules, or whether "
            + "both adapters reach the same unit")
      }
      slotOfUnit[identity] = slot
    }
    let name = folders.take(identity: identity, slot: slot)
    try BatchFolder(existing: batchFolder).makeUnitFolder(named: name)
    return name
  }
}
