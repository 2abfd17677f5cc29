import DumpEngine
import DumpManifest
import DumpReport

/// Which unit is at which slot, in which folder its files are, and what became of it; all sessions of a batch share it.
actor UnitRegistry {
  private struct Member {
    var identity: [IdentityFact]
    var folder: String
    /// The slot that has the unit now.
    var slot: String?
    var result: UnitResult?
  }

  private let batchFolder: String
  private var members: [Member] = []
  private var folders = UnitFolderNames()

  init(batchFolder: String) { self.batchFolder = batchFolder }

  /// What became of all units, in the order in which they came.
  var results: [UnitResult] { members.compactMap(\.result) }

  /// Says what is to be done with the unit at a slot, and makes its folder, named after its first fact, or after the
  /// slot where it has none.
  ///
  /// - Throws: `SessionError.Kind.identity` where another slot holds a unit with the same facts: an image must never
  ///   be two units', and one of the two is not what it says.
  func claim(_ slot: String, _ identity: [IdentityFact], again: DumpPolicy.Again) throws -> UnitClaim {
    if let index = members.lastIndex(where: { $0.identity.areOfSameUnit(as: identity) }) {
      try refuse(members[index], at: slot)
      if let result = members[index].result, !result.isDone || again != .dump {
        members[index].slot = slot
        return UnitClaim(folder: members[index].folder, purpose: Self.purpose(result, again))
      }
    }
    let folder = folders.take(identity: identity, slot: slot)
    try BatchFolder(existing: batchFolder).makeUnitFolder(named: folder)
    members.append(Member(identity: identity, folder: folder, slot: slot))
    return UnitClaim(folder: folder)
  }

  /// Takes what became of a unit that was claimed.
  func record(_ result: UnitResult) {
    guard let index = members.lastIndex(where: { $0.folder == result.folder }) else { return }
    members[index].result = result
  }

  /// Notes that a slot's unit has left it.
  func release(_ slot: String) {
    for index in members.indices where members[index].slot == slot { members[index].slot = nil }
  }

  private static func purpose(_ result: UnitResult, _ again: DumpPolicy.Again) -> UnitClaim.Purpose {
    guard result.isDone else { return .resume(result) }
    return again == .verify ? .verify(result) : .skip(result)
  }

  private func refuse(_ member: Member, at slot: String) throws(SessionError) {
    guard let other = member.slot, other != slot else { return }
    let facts = member.identity.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
    throw SessionError(
      .identity,
      "slots \(other) and \(slot) both have a unit with \(facts): check the manifest's identity rules, or whether "
        + "both adapters reach the same unit")
  }
}

extension [IdentityFact] {
  /// Whether both name the same unit: by the first fact, and by all others that both have. A fact from the boot text
  /// is there only when the unit has just booted.
  fileprivate func areOfSameUnit(as other: [IdentityFact]) -> Bool {
    guard let name = first, let otherName = other.first, name == otherName else { return false }
    return allSatisfy { fact in other.first { $0.name == fact.name }.map { $0 == fact } ?? true }
  }
}

extension UnitResult {
  /// Whether there is nothing left to do for the unit.
  fileprivate var isDone: Bool { failure == nil && !interrupted && regions.allSatisfy(\.isUsable) }
}
