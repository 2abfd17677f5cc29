import DumpEngine
import DumpManifest
import DumpReport
import Foundation

/// Finds the images of before that a slot's plan names.
struct ReferenceShelf: Sendable {
  let plan: SlotPlan
  /// The batch's own folder.
  let batchFolder: String

  /// Path of the image for a region of a unit, nil where there is none; calls block.
  func path(of region: RegionPlan, _ identity: [IdentityFact]) -> String? {
    if let path = region.reference { return path }
    switch plan.policy.reference {
    case .batch(let folder): return image(of: region, identity, in: folder)
    case .previous: return previous(region, identity)
    case nil: return nil
    }
  }

  /// In a batch, the unit's own image comes first, then any that is verified.
  private func image(of region: RegionPlan, _ identity: [IdentityFact], in folder: String) -> String? {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    let own = identity.isEmpty ? nil : ownName(identity)
    // One after the other, for each is read whole: where the first serves, a folder of a thousand units costs no more.
    for name in names.filter({ $0 == own }) + names {
      guard let unit = (try? UnitState.load(from: "\(folder)/\(name)"))?.unit else { continue }
      if let path = Self.image(of: region, unit, in: "\(folder)/\(name)") { return path }
    }
    return nil
  }

  /// The folder that a unit has in a batch, as long as no other has its name.
  private func ownName(_ identity: [IdentityFact]) -> String {
    var names = UnitFolderNames()
    return names.take(identity: identity, slot: plan.name)
  }

  /// The last image of the unit in any batch beside this one. A unit that nothing is known by has none.
  private func previous(_ region: RegionPlan, _ identity: [IdentityFact]) -> String? {
    guard !identity.isEmpty else { return nil }
    let name = ownName(identity)
    let own = URL(filePath: batchFolder)
    let batches = own.deletingLastPathComponent()
    let others = ((try? FileManager.default.contentsOfDirectory(atPath: batches.path)) ?? [])
      .filter { $0 != own.lastPathComponent }
    let found = others.compactMap { batch -> (path: String, ended: Date)? in
      let folder = batches.appending(path: batch).appending(path: name).path
      guard let unit = (try? UnitState.load(from: folder))?.unit, unit.identity.first == identity.first else {
        return nil
      }
      return Self.image(of: region, unit, in: folder).map { ($0, unit.ended) }
    }
    return found.max { $0.ended < $1.ended }?.path
  }

  /// A unit's image of the same place, where it is complete and proved.
  private static func image(of region: RegionPlan, _ unit: UnitResult, in folder: String) -> String? {
    guard let before = unit.image(of: region) else { return nil }
    let path = "\(folder)/\(before.file)"
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }
}

extension UnitResult {
  /// The unit's image of the same place, where it is complete and proved.
  func image(of region: RegionPlan) -> RegionResult? {
    regions.first { before in
      before.name == region.name && before.isComplete && before.address == region.start
        && !before.blocks.contains { $0.evidence == .none }
    }
  }
}

extension RegionPlan {
  /// Its address in the unit, or its offset in the flash.
  fileprivate var start: UInt64 {
    switch source {
    case .mapped(let address): address
    case .staged(let staging): staging.offset
    }
  }
}
