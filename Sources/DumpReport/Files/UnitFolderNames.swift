import DumpEngine

/// Gives every unit of a batch a folder name of its own, made from its identity.
///
/// Two units may claim the same identity (a cloned MAC address), and a console may claim any: what is taken, or is the
/// name of a report, gets `-2`, `-3` and so on. Names that differ only in case count as equal, since a backup may be
/// copied to a file system that thinks so.
public struct UnitFolderNames: Sendable {
  private var taken: Set<String>

  /// No unit has a name yet.
  public init() {
    taken = Set(BatchFolder.reportNames.flatMap { [$0.lowercased(), "\($0).tmp".lowercased()] })
  }

  /// Notes that a folder is there already.
  public mutating func reserve(_ name: String) { taken.insert(name.lowercased()) }

  /// Takes the name of a unit's folder, from its first fact, or else from the slot's name.
  public mutating func take(identity: [IdentityFact], slot: String) -> String {
    let wanted = identity.first.flatMap { FileName($0.value) } ?? FileName(slot) ?? .unnamed
    var name = wanted
    var number = 1
    while !taken.insert(name.description.lowercased()).inserted {
      number += 1
      name = wanted.numbered(number)
    }
    return name.description
  }
}
