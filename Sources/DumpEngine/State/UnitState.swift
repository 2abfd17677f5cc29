import DurableFiles
import Foundation

/// What is to be known of a unit to go on with it, as it stands in its folder: `unit.json`; the regions have files of
/// their own (``RegionState``).
public struct UnitState: Sendable, Codable {
  /// What `format` always is.
  public static let format = "batchdump-unit"
  /// The version that this program writes.
  public static let version = 1
  /// The file's name.
  public static let fileName = "unit.json"

  /// `batchdump-unit`.
  public var format = Self.format
  /// Version of the form.
  public var version = Self.version
  /// What was to be dumped.
  public var scope: DumpScope
  /// The unit, and what became of it so far.
  public var unit: UnitResult

  /// The state of a unit.
  public init(unit: UnitResult, scope: DumpScope) {
    self.unit = unit
    self.scope = scope
  }

  /// Writes the unit's file, whole or not at all; calls block.
  package func save(in folder: String) throws(DiskError) {
    let path = "\(folder)/\(Self.fileName)"
    var state = self
    state.unit.regions = unit.regions.map(\.unread)
    try DurableFile(path).write(StateText.bytes(of: state, path))
  }

  /// Reads a unit's own file, and none of those that it names; calls block.
  ///
  /// - Throws: ``DiskError`` where it cannot be read, or is none of this version.
  package static func own(_ path: String) throws(DiskError) -> UnitState {
    try UnitState(reading: StateText.read(path), from: path)
  }

  /// Reads a unit's file and those of its regions; calls block.
  ///
  /// - Throws: ``DiskError`` where one cannot be read, or is none of this version.
  public static func load(from folder: String) throws(DiskError) -> UnitState {
    let path = "\(folder)/\(fileName)"
    var state = try own(path)
    state.unit.folder = folder.split(separator: "/").last.map(String.init) ?? folder
    for index in state.unit.regions.indices {
      let evidence = RegionState.path(folder, region: state.unit.regions[index].name)
      guard FileManager.default.fileExists(atPath: evidence) else { continue }
      let result = try RegionState.load(evidence).result
      guard result.isSameRegion(as: state.unit.regions[index]) else {
        throw DiskError(
          "cannot use", evidence, reason: "it is of another region than \(path) tells",
          remedy: "something has moved files between folders: put them back")
      }
      state.unit.regions[index] = result
    }
    return state
  }

  /// Reads the bytes of a unit's file, without those of its regions; messages say that they are from `path`.
  package init(reading bytes: [UInt8], from path: String) throws(DiskError) {
    let state = try StateText.decode(UnitState.self, bytes, from: path)
    guard state.format == Self.format, state.version == Self.version else {
      throw DiskError(
        "cannot use", path, reason: "expected \(Self.format) of version \(Self.version), found \(state.version)",
        remedy: "use the version of batchdump that wrote it")
    }
    if let problem = state.unit.problem {
      throw DiskError("cannot use", path, reason: problem, remedy: "something else has changed the file")
    }
    self = state
  }

  /// What a batch folder holds of units.
  public struct Listing: Sendable {
    /// The units' states, in the order in which their sessions began.
    public var units: [UnitState] = []
    /// Why the state of others cannot be read.
    public var problems: [DiskError] = []
  }

  /// The states of all units in a batch folder; one that cannot be read is no reason to leave the others. Calls block.
  ///
  /// - Throws: ``DiskError`` where the folder cannot be read.
  public static func all(in batchFolder: String) throws(DiskError) -> Listing {
    var listing = Listing()
    for name in try folders(in: batchFolder) {
      do throws(DiskError) {
        listing.units.append(try load(from: "\(batchFolder)/\(name)"))
      } catch {
        listing.problems.append(error)
      }
    }
    listing.units.sort { $0.unit.started < $1.unit.started }
    return listing
  }

  /// The names of folders in a batch folder that are units', sorted: those with a state, or with evidence, from which
  /// something has taken the state away. Calls block.
  ///
  /// - Throws: ``DiskError`` where the folder cannot be read.
  public static func folders(in batchFolder: String) throws(DiskError) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: batchFolder).sorted().filter { name in
        let files = (try? FileManager.default.contentsOfDirectory(atPath: "\(batchFolder)/\(name)")) ?? []
        return files.contains { $0 == fileName || $0.hasSuffix(RegionState.suffix) }
      }
    } catch {
      throw DiskError(
        "cannot read the folder", batchFolder, reason: "\(error)", remedy: "see whether it is still there")
    }
  }
}

extension RegionResult {
  /// The same region, of which nothing is known.
  public var unread: RegionResult {
    var region = RegionResult(name: name, file: file, address: address, size: size)
    region.isPartial = true
    return region
  }

  /// Whether both are of the same place in a unit, and go into the same file.
  package func isSameRegion(as other: RegionResult) -> Bool {
    name == other.name && file == other.file && address == other.address && size == other.size
  }
}
