import DumpEngine
import DumpManifest
import DurableFiles
import Foundation

extension UnitState {
  /// The state after running what a slot of the same scope asks to be checked on each complete image: what was dumped by
  /// one manifest may be gone on with by another that has more checks, or fewer. What comes of it is the evidence's from
  /// then on. Calls block.
  ///
  /// - Throws: ``DiskError`` where the evidence cannot be read or written.
  public func checked(by slots: [SlotPlan], in batchFolder: String) throws(DiskError) -> UnitState {
    let fitting = slots.filter { DumpScope($0) == scope }
    guard let slot = fitting.first(where: { $0.name == unit.slot }) ?? fitting.first else { return self }
    let folder = "\(batchFolder)/\(unit.folder)"
    var state = self
    for (index, region) in unit.regions.enumerated() where region.isComplete && !region.isDamaged {
      let path = "\(folder)/\(region.file)"
      // One that is gone or cut short is dumped again, and checked then.
      guard let plan = slot.regions.first(where: { $0.name == region.name }),
        (try? DiskFile(reading: path).size) == region.size
      else { continue }
      let checks = ImageChecks.run(rules: plan.checks, on: path)
      guard checks != region.checks else { continue }
      var evidence = try RegionState.load(RegionState.path(folder, region: region.name))
      evidence.result.checks = checks
      try evidence.saveEvidence(in: folder)
      state.unit.regions[index].checks = checks
    }
    return state
  }
}
