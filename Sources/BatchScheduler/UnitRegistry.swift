import DumpEngine
import DumpManifest
import DumpReport
import Foundation

/// Which unit is at which slot, in which folder its files are, and what became of it; all sessions of a batch share it.
actor UnitRegistry {
  private struct Member {
    var identity: [IdentityFact]
    var folder: String
    /// What was to be dumped of it, and how: images of something else go into another folder.
    var scope: DumpScope
    /// The slot that has the unit now.
    var slot: String?
    var result: UnitResult?
  }

  private let batchFolder: String
  private var members: [Member] = []
  private var folders = UnitFolderNames()
  /// Changes whenever a slot lets go of its unit.
  nonisolated let releases = Watched(0)

  init(batchFolder: String) { self.batchFolder = batchFolder }

  /// Says what is to be done with the unit at a slot, and makes its folder, named after its first fact, or after the
  /// slot where it has none.
  ///
  /// - Throws: `SessionError.Kind.identity` where another slot holds a unit with the same facts: an image must never
  ///   be two units', and one of the two is not what it says.
  func claim(_ plan: SlotPlan, _ identity: [IdentityFact]) throws -> UnitClaim {
    let known = members.indices.filter { members[$0].identity.areOfSameUnit(as: identity) }
    for index in known { try refuse(members[index], at: plan.name) }
    let scope = DumpScope(plan)
    if let index = known.last(where: { members[$0].scope == scope }), let result = members[index].result,
      let purpose = purpose(of: result, plan.policy)
    {
      members[index].slot = plan.name
      members[index].identity = members[index].identity.merged(with: identity)
      try remakeFolder(members[index].folder)
      return UnitClaim(folder: members[index].folder, purpose: purpose)
    }
    let folder = folders.take(identity: identity, slot: plan.name)
    try BatchFolder(existing: batchFolder).makeUnitFolder(named: folder)
    members.append(Member(identity: identity, folder: folder, scope: scope, slot: plan.name))
    return UnitClaim(folder: folder)
  }

  /// Takes what became of a unit that was claimed.
  func record(_ result: UnitResult) {
    guard let index = members.lastIndex(where: { $0.folder == result.folder }) else { return }
    members[index].result = result
  }

  /// Notes that a slot's unit has left it, or is done with.
  func release(_ slot: String) {
    for index in members.indices where members[index].slot == slot { members[index].slot = nil }
    releases.update { $0 += 1 }
  }

  /// What is to be done with a unit that is back; nil where it is to be dumped beside the first time.
  private func purpose(of before: UnitResult, _ policy: DumpPolicy) -> UnitClaim.Purpose? {
    let result = before.withoutLostImages(in: batchFolder)
    // A unit that was found to differ is compared again, whatever else is done with known ones.
    let differs = result.failure?.kind == SessionError.Kind.differs.rawValue
    if policy.again == .dump, differs || result.meets(policy) { return nil }
    if !differs, result.meets(policy) { return policy.again == .verify ? .verify(result) : .skip(result) }
    // Where nothing is missing there is nothing to read, and only a comparison can tell more of what is not proved.
    let lacksProof = !result.regions.allSatisfy { policy.verify == .none ? $0.isUsable : $0.isVerified }
    return differs || lacksProof && result.regions.allSatisfy(\.isComplete) ? .verify(result) : .resume(result)
  }

  /// Somebody may have taken the folder away meanwhile.
  private func remakeFolder(_ folder: String) throws {
    guard !FileManager.default.fileExists(atPath: "\(batchFolder)/\(folder)") else { return }
    try BatchFolder(existing: batchFolder).makeUnitFolder(named: folder)
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

/// What a slot's dump is of: results of one scope can be gone on with, those of another cannot.
struct DumpScope: Sendable, Equatable {
  private let regions: [RegionPlan]
  private let setup: [String]
  private let dialect: String

  /// The scope of a slot's plan.
  init(_ plan: SlotPlan) {
    regions = plan.regions
    setup = plan.setup
    dialect = plan.console.dialect.name
  }
}

extension [IdentityFact] {
  /// Whether both name the same unit: by the first fact, and by all others that both have. A fact from the boot text
  /// is there only when the unit has just booted.
  fileprivate func areOfSameUnit(as other: [IdentityFact]) -> Bool {
    guard let name = first, let otherName = other.first, name == otherName else { return false }
    return allSatisfy { fact in other.first { $0.name == fact.name }.map { $0 == fact } ?? true }
  }

  /// All facts that either has.
  fileprivate func merged(with other: [IdentityFact]) -> [IdentityFact] {
    self + other.filter { fact in !contains { $0.name == fact.name } }
  }
}

extension UnitResult {
  /// Whether the unit is dumped as its policy demands; where that demands no proof, the lack of it is no failure.
  func meets(_ policy: DumpPolicy) -> Bool {
    guard policy.verify == DumpPolicy.Verify.none else { return isVerified }
    return failure == nil && !interrupted && regions.allSatisfy(\.isUsable)
  }

  /// The result without what it says of images that are not on the disk any more.
  fileprivate func withoutLostImages(in batchFolder: String) -> UnitResult {
    var result = self
    for index in regions.indices where regions[index].isComplete {
      let path = "\(batchFolder)/\(folder)/\(regions[index].file)"
      let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
      guard size != regions[index].size else { continue }
      var lost = RegionResult(
        name: regions[index].name, file: regions[index].file, address: regions[index].address,
        size: regions[index].size)
      lost.isPartial = true
      result.regions[index] = lost
    }
    return result
  }
}
