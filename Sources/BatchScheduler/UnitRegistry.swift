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
    /// The slot that had it last.
    var lastSlot: String
    var result: UnitResult?
  }

  private let batchFolder: String
  /// Whether units come and go at a slot. Where they do not, a slot whose unit is not done waits for that one.
  private let isLine: Bool
  private var members: [Member] = []
  private var folders = UnitFolderNames()
  /// Changes whenever a slot lets go of its unit.
  nonisolated let releases = Watched(0)

  /// The units of a batch, of which these are known from a run before.
  init(batchFolder: String, isLine: Bool, earlier: [UnitState] = []) {
    self.batchFolder = batchFolder
    self.isLine = isLine
    // Those whose state cannot be read are among them.
    for name in (try? UnitState.folders(in: batchFolder)) ?? [] { folders.reserve(name) }
    for state in earlier {
      folders.reserve(state.unit.folder)
      members.append(
        Member(
          identity: state.unit.identity, folder: state.unit.folder, scope: state.scope, slot: nil,
          lastSlot: state.unit.slot, result: state.unit))
    }
  }

  /// Says what is to be done with the unit at a slot, and makes its folder, named after its first fact, or after the
  /// slot where it has none.
  ///
  /// - Throws: `SessionError.Kind.identity` where another slot holds a unit with the same facts: an image must never
  ///   be two units', and one of the two is not what it says. `otherUnit` where the slot waits for the rest of another.
  func claim(_ plan: SlotPlan, _ identity: [IdentityFact]) throws -> UnitClaim {
    let known = members.indices.filter { isSame(members[$0], identity, at: plan.name) }
    for index in known { try refuse(members[index], at: plan.name) }
    let scope = DumpScope(plan)
    if let index = known.last(where: { members[$0].scope == scope }), let result = members[index].result,
      let purpose = purpose(of: result, plan)
    {
      // First what the disk may refuse: nobody releases a unit of which a slot does not know that it has it.
      try remakeFolder(members[index].folder)
      members[index].slot = plan.name
      members[index].lastSlot = plan.name
      members[index].identity = members[index].identity.merged(with: identity)
      return UnitClaim(folder: members[index].folder, purpose: purpose)
    }
    if known.isEmpty { try refuseStranger(identity, at: plan) }
    let folder = try makeFolder(identity, plan.name)
    var claim = UnitClaim(folder: folder)
    if let last = known.last, !known.contains(where: { members[$0].scope == scope }) {
      claim.note = note(of: members[last], scope, folder)
    }
    members.append(Member(identity: identity, folder: folder, scope: scope, slot: plan.name, lastSlot: plan.name))
    return claim
  }

  /// Why a unit that is known is dumped anew all the same.
  private func note(of member: Member, _ scope: DumpScope, _ folder: String) -> String {
    let unit = member.identity.isEmpty ? "the unit of slot \(member.lastSlot)" : "the unit with \(member.identity.text)"
    let others = scope.differences(from: member.scope).joined(separator: " and ")
    return "\(unit) was dumped before in \(member.folder), by other \(others) than the manifest has now: begun anew, "
      + "into \(folder)"
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

  /// What is known from before of the unit that a slot had last, and is of what its plan asks for.
  func earlier(at plan: SlotPlan) -> UnitResult? {
    members.last { $0.lastSlot == plan.name && $0.scope == DumpScope(plan) }?.result
  }

  /// What is known from before of units whose folders are not among these, and of which anything is held.
  func others(than folders: Set<String>) -> [UnitResult] {
    members.compactMap(\.result).filter { result in
      !folders.contains(result.folder) && result.regions.contains { !$0.blocks.isEmpty }
    }
  }

  /// The image of a region that was proved last, of whatever unit.
  func image(of region: RegionPlan) -> KnownImage? {
    for member in members.reversed() {
      guard let image = member.result?.image(of: region) else { continue }
      return KnownImage(path: "\(batchFolder)/\(member.folder)/\(image.file)", unit: member.folder)
    }
    return nil
  }

  /// Whether a member is the unit with these facts. One that nothing is known by is where it was, as long as units do
  /// not come and go; its bytes are all proved anew.
  private func isSame(_ member: Member, _ identity: [IdentityFact], at slot: String) -> Bool {
    if member.identity.areOfSameUnit(as: identity) { return true }
    return !isLine && member.identity.isEmpty && identity.isEmpty && member.lastSlot == slot
  }

  /// What is to be done with a unit that is back; nil where it is to be dumped beside the first time.
  private func purpose(of before: UnitResult, _ plan: SlotPlan) -> UnitClaim.Purpose? {
    let result = before.withoutLostImages(in: batchFolder)
    // A unit that was found to differ is compared again, whatever else is done with known ones.
    let differs = result.failure?.kind == SessionError.Kind.differs.rawValue
    if plan.policy.again == .dump, differs || result.meets(plan) { return nil }
    if !differs, result.meets(plan) { return plan.policy.again == .verify ? .verify(result) : .skip(result) }
    if differs { return .verify(result) }
    let rest = result.withUnmetPartial(plan)
    // Where all is held and proved, only checks have failed: reading it again would give the same.
    let isDone = rest.regions.allSatisfy(\.isComplete) && rest.failure == nil && !rest.interrupted
    return isDone ? plan.policy.again == .verify ? .verify(result) : .skip(result) : .resume(rest)
  }

  /// Makes a folder for a new unit. A name is spent only on a folder that is there: on a full disk each try would else
  /// leave the unit with another one.
  private func makeFolder(_ identity: [IdentityFact], _ slot: String) throws -> String {
    var names = folders
    let folder = names.take(identity: identity, slot: slot)
    defer { if FileManager.default.fileExists(atPath: "\(batchFolder)/\(folder)") { folders = names } }
    try BatchFolder(existing: batchFolder).makeUnitFolder(named: folder)
    return folder
  }

  /// Somebody may have taken the folder away meanwhile.
  private func remakeFolder(_ folder: String) throws {
    guard !FileManager.default.fileExists(atPath: "\(batchFolder)/\(folder)") else { return }
    try BatchFolder(existing: batchFolder).makeUnitFolder(named: folder)
  }

  private func refuse(_ member: Member, at slot: String) throws(SessionError) {
    guard let other = member.slot, other != slot else { return }
    throw SessionError(
      .identity,
      "slots \(other) and \(slot) both have a unit with \(member.identity.text): check the manifest's identity rules, "
        + "or whether both adapters reach the same unit")
  }

  /// In a batch that is gone on with, a slot whose unit is not done has to have that one.
  private func refuseStranger(_ identity: [IdentityFact], at plan: SlotPlan) throws(SessionError) {
    guard !isLine, let before = earlier(at: plan), !before.identity.isEmpty, !before.meets(plan) else { return }
    throw SessionError(
      .otherUnit,
      "slot \(plan.name) has a unit with \(identity.text.isEmpty ? "nothing to know it by" : identity.text), expected "
        + "\(before.identity.text), which is not done: put that one back, or dump this one into another folder")
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

  /// As messages write them.
  fileprivate var text: String { map { "\($0.name) \($0.value)" }.joined(separator: ", ") }
}

extension UnitResult {
  /// Whether the unit is dumped as its policy demands; where that demands no proof, the lack of it is no failure.
  func meets(_ plan: SlotPlan) -> Bool {
    guard regions.allSatisfy({ $0.isAllowed(by: plan) }) else { return false }
    guard plan.policy.verify == DumpPolicy.Verify.none else { return isVerified }
    return failure == nil && !interrupted && regions.allSatisfy(\.isUsable)
  }

  /// The result with those regions partial that hold what the plan wants proved and nothing proves, or from where it
  /// wants nothing to be.
  fileprivate func withUnmetPartial(_ plan: SlotPlan) -> UnitResult {
    var result = self
    for index in regions.indices {
      let isUnproven = regions[index].blocks.contains { $0.evidence == .none }
      guard isUnproven && plan.policy.verify != .none || !regions[index].isAllowed(by: plan) else { continue }
      result.regions[index].isPartial = true
    }
    return result
  }

  /// The result without the names of images that are not on the disk any more, or not as they were: what is left of
  /// them is partial.
  fileprivate func withoutLostImages(in batchFolder: String) -> UnitResult {
    var result = self
    for index in regions.indices where regions[index].isComplete {
      let path = "\(batchFolder)/\(folder)/\(regions[index].file)"
      let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
      guard size != regions[index].size || regions[index].isDamaged else { continue }
      result.regions[index].isPartial = true
      (result.regions[index].sha256, result.regions[index].crc32) = (nil, nil)
      result.regions[index].checks = []
    }
    return result
  }
}

extension RegionResult {
  /// Whether all bytes come from where the plan lets them.
  fileprivate func isAllowed(by plan: SlotPlan) -> Bool {
    let reuse = plan.regions.first { $0.name == name }?.reuse ?? plan.policy.reuse
    return blocks.allSatisfy { reuse.allows($0.provenance) }
  }
}
