import DumpEngine
import DurableFiles

/// What lies in a batch folder beside the units of which a result holds anything.
///
/// Where a bad disk has hit a unit's state, it may have hit its images as well: nothing but the list that is there tells
/// what they were, so that no file of such a unit is ever listed by what it holds now.
struct OtherUnits {
  /// Units whose state can be read.
  private(set) var readable: [UnitResult] = []
  /// Folders of units whose state cannot be read.
  private(set) var unreadable: Set<String> = []
  /// What the list that is there says of files in those folders.
  private(set) var entries: [ChecksumListText.Entry] = []

  /// Looks through a batch folder; calls block.
  ///
  /// - Parameter isListedOnly: whether those of which the list says nothing are left out.
  /// - Throws: ``DiskError`` where the folder cannot be read.
  init(beside result: BatchResult, isListedOnly: Bool) throws(DiskError) {
    let path = "\(result.folder)/\(ChecksumList.fileName)"
    let listed = (try? ChecksumListText(SmallFile.bytes(path)).entries) ?? []
    let byFolder = Dictionary(grouping: listed) { Self.folder(of: $0.path) ?? "" }
    let held = Set(result.units.filter { $0.regions.contains { !$0.blocks.isEmpty } }.map(\.folder))
    let folder = BatchFolder(existing: result.folder)
    for name in try folder.folders() where !held.contains(name) {
      let old = byFolder[name] ?? []
      if isListedOnly, old.isEmpty { continue }
      if let state = try? UnitState.load(from: "\(result.folder)/\(name)") {
        readable.append(state.unit)
        continue
      }
      if old.isEmpty, try folder.holdsTranscriptsAlone(name) { continue }
      unreadable.insert(name)
      entries += old
    }
  }

  /// Whether a file is in the folder of a unit whose state cannot be read.
  func hasUnreadable(_ path: String) -> Bool { Self.folder(of: path).map(unreadable.contains) ?? false }

  private static func folder(of path: String) -> String? {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 2 ? String(parts[0]) : nil
  }
}
