import DumpEngine
import DumpManifest
import DumpReport
import DurableFiles
import Foundation

/// A batch folder that this process works in and no other: a new one, or one that is gone on with.
struct OpenBatch {
  /// Where it is.
  let folder: String
  /// What it is of.
  let record: BatchRecord
  /// The units that are known from before; their images were read again, unless they are a line's.
  private(set) var earlier: [UnitState]
  /// What is to be told of the folder before anything is done in it.
  private let notes: [String]
  /// Whether there are units of which nobody can say how they are: they are left alone, and their files are in no report.
  let hasDamagedUnits: Bool
  private let isLine: Bool
  private let lock: BatchLock

  /// Begins a batch in a folder that is new.
  init(new folder: String, _ manifest: LoadedManifest) throws(DiskError) {
    self.folder = folder
    lock = try BatchLock(folder)
    record = Self.record(of: manifest, slots: manifest.only, started: Date())
    try record.write(to: folder, manifest: manifest.bytes)
    (earlier, notes, isLine, hasDamagedUnits) = ([], [], false, false)
  }

  /// Opens a batch that was begun before.
  ///
  /// - Parameter isLine: whether it is a line's, with so many units that their images are not read again now.
  init(existing folder: String, isLine: Bool = false) throws(DiskError) {
    self.folder = folder
    lock = try BatchLock(folder)
    record = try BatchRecord.load(from: folder)
    self.isLine = isLine
    let listing = try UnitState.all(in: folder)
    earlier = listing.units.map { state in
      var state = state
      if !isLine { state.unit = state.unit.audited(in: folder) }
      return state
    }
    hasDamagedUnits = !listing.problems.isEmpty
    var notes = listing.problems.map { "\($0); this unit is left as it is" }
    if FileManager.default.fileExists(atPath: "\(folder)/\(ChecksumList.signatureName)") {
      notes.append("the signature of \(folder) ends here: sign it again when the batch has ended")
    }
    self.notes = notes
  }

  private static func record(of manifest: LoadedManifest, slots: [String]?, started: Date) -> BatchRecord {
    var record = BatchRecord(
      name: manifest.plan.name, manifest: manifest.source, bytes: manifest.bytes, folder: manifest.folder,
      started: started)
    record.slots = slots
    return record
  }

  /// The manifest as it was when the batch began, or ends the command with 2.
  func manifest() throws -> LoadedManifest {
    try LoadedManifest(path: "\(folder)/\(record.manifestCopy)", folder: record.manifestFolder)
  }

  /// Gets ready to work by a manifest: from here on what is there may change. Ends the command with 2 where there is no
  /// room for what is to come; a line that is gone on with tells it, for nobody knows how much is.
  mutating func begin(_ manifest: LoadedManifest, note: (String) -> Void) throws {
    do throws(DiskError) {
      try refuseFullDisk(manifest.plan, note)
      try BatchReport.begin(result(manifest))
      // What was of all slots stays so.
      let slots = record.slots.flatMap { before in manifest.only.map { before + $0.filter { !before.contains($0) } } }
      let isOther = manifest.source.digest != record.manifestDigest
      if isOther {
        // Before the record: one that is killed here does it once more.
        earlier = try earlier.map { state throws(DiskError) in try state.checked(by: manifest.plan.slots, in: folder) }
      }
      if isOther || slots != record.slots {
        try Self.record(of: manifest, slots: slots, started: record.started).write(to: folder, manifest: manifest.bytes)
      }
    } catch {
      throw Exit.refuse("batchdump: \(error)")
    }
    notes.forEach(note)
    for unit in earlier.map(\.unit) {
      for region in unit.regions where region.isDamaged {
        note("\(unit.folder)/\(region.file) is not what it was: what is wrong with it is read again")
      }
    }
  }

  /// What is known of the batch when it begins.
  func result(_ manifest: LoadedManifest) -> BatchResult {
    var source = manifest.source
    // A copy is the same manifest, whatever it is called here.
    if source.digest == record.manifestDigest { source.file = record.manifestFile }
    var result = BatchResult(
      name: manifest.plan.name, folder: folder, manifest: source, toolVersion: BatchdumpCommand.version,
      started: record.started)
    result.units = earlier.map(\.unit)
    return result
  }

  private func refuseFullDisk(_ plan: BatchPlan, _ note: (String) -> Void) throws(DiskError) {
    let wanted = plan.slots.reduce(0) { $0 + room(for: $1) }
    guard let free = DiskSpace.free(at: folder) else { return }
    guard free >= wanted else {
      // Most of its units may be done, and a line is not to stand still for the next.
      guard !isLine else {
        return note("only \(free.grouped) bytes are free in \(folder): a unit at each slot takes \(wanted.grouped)")
      }
      throw DiskError(
        "cannot begin in", folder, reason: "expected room for \(wanted.grouped) bytes of images, found \(free.grouped)",
        remedy: "make room there, or choose another folder with --output")
    }
    // A transcript has about five characters for each byte, a third of that compressed.
    guard free < 3 * wanted else { return }
    note(
      "only \(free.grouped) bytes are free in \(folder): images need \(wanted.grouped), transcripts about twice that")
  }

  /// Bytes that the images of a slot still want from the disk: what is there of them has its room already.
  private func room(for slot: SlotPlan) -> Int {
    let before = isLine ? nil : earlier.last { $0.unit.slot == slot.name && $0.scope == DumpScope(slot) }
    return slot.regions.reduce(0) { sum, region in
      let paths = before.map { state in ["", ".partial"].map { "\(folder)/\(state.unit.folder)/\(region.file)\($0)" } }
      let taken = paths?.compactMap(DiskSpace.taken).max() ?? 0
      return sum + max(0, region.size - taken)
    }
  }
}
