import DumpEngine
import DumpManifest
import DurableFiles
import PositionedDocument
import TranscriptReplay

/// The unit's images rebuilt from its transcripts alone, against those in its folder.
struct TranscriptCheck: UnitCheck {
  /// What was to be done at each slot.
  let plan: BatchPlan

  /// The check of a batch by the copy of its manifest.
  ///
  /// - Throws: ``DiskError`` where the manifest cannot be used any more: without it nobody knows how to read a transcript.
  init(_ contents: BatchContents) throws(DiskError) {
    guard let record = contents.record else {
      throw DiskError(
        "cannot rebuild images of", contents.folder, reason: "expected a \(BatchRecord.fileName) that can be read",
        remedy: Remedy.restoreFile)
    }
    let path = "\(contents.folder)/\(record.manifestCopy)"
    do {
      plan = try BatchPlan.parse(SmallFile.bytes(path), name: path, folder: record.manifestFolder)
    } catch {
      throw DiskError(
        "cannot rebuild images by", path, reason: "\(error)",
        remedy: "put back what it names, such as the files of dialects, and verify again")
    }
  }

  func findings(of subject: UnitSubject) -> [VerificationFinding] {
    guard let state = subject.contents?.state, let regions = subject.contents?.regions, !regions.isEmpty else {
      return []
    }
    guard let slot = slot(of: state) else {
      return [
        subject.finding(
          .notable, UnitState.fileName,
          "expected a slot of the manifest that asks for these regions, found none: nothing could be rebuilt; verify it "
            + "with the manifest by which it was dumped")
      ]
    }
    do throws(TranscriptError) {
      let rebuilt = try ImageRebuild(plan: slot, folder: "\(subject.batch.folder)/\(subject.name)").run()
      return rebuilt.flatMap { region -> [VerificationFinding] in
        guard let state = regions[region.name] else { return [] }
        return compare(region, state, subject)
      }
    } catch {
      return [VerificationFinding(.wrong, unit: subject.name, "", "\(error)")]
    }
  }

  /// The slot that had the unit; a unit may have moved on to one that asks for the same.
  private func slot(of state: UnitState) -> SlotPlan? {
    let fitting = plan.slots.filter { DumpScope($0) == state.scope }
    return fitting.first { $0.name == state.unit.slot } ?? fitting.first
  }

  private func compare(
    _ rebuilt: RebuiltRegion, _ state: RegionState, _ subject: UnitSubject
  ) -> [VerificationFinding] {
    let isComplete = subject.batch.scan.isFile(subject.path(rebuilt.file))
    let name = isComplete ? rebuilt.file : rebuilt.file + ".partial"
    guard subject.batch.scan.isFile(subject.path(name)) else { return [] }
    do throws(DiskError) {
      let claimed = isComplete ? nil : state.finished
      let unproven = RangeSet(state.result.blocks.filter { $0.evidence == .none }.map(\.range))
      let path = "\(subject.batch.folder)/\(subject.path(name))"
      return try RebuildComparison(rebuilt).differences(from: path, claimed: claimed).map { difference in
        let isDisputed = difference.range.isEmpty ? false : unproven.contains(difference.range.lowerBound)
        return subject.finding(Self.severity(of: difference, isDisputed), name, "\(difference)")
      }
    } catch {
      return [subject.finding(.wrong, name, "expected an image that can be read, found \(error.reason)")]
    }
  }

  /// What the transcripts do not have says nothing against the image: they are bounded, and may be switched off. Nor
  /// does what the evidence itself calls unproven.
  private static func severity(
    of difference: ImageDifference, _ isDisputed: Bool
  ) -> VerificationFinding.Severity {
    if case .unseen = difference.kind { .notable } else { isDisputed ? .notable : .wrong }
  }
}
