import DumpEngine
import DurableFiles

/// What a folder below a batch's holds of a unit: its state, and those of its regions.
struct UnitContents {
  /// The folder's name.
  let name: String
  /// What unit.json says; absent where it is not there or cannot be read.
  let state: UnitState?
  /// The evidence of regions, by the regions' names.
  let regions: [String: RegionState]
  /// What is wrong with the states themselves, by file name.
  let problems: [(file: String, text: String)]

  /// A region as unit.json names it.
  var regionNames: [RegionResult] { state?.unit.regions ?? [] }

  /// The regions as far as they are known: by their evidence, or as never begun.
  var results: [RegionResult] { regionNames.map { regions[$0.name]?.result ?? $0.unread } }

  /// Whether anything is held of the unit.
  var holdsAnything: Bool { regions.values.contains { !$0.result.blocks.isEmpty } }

  /// The unit as its states tell.
  var unit: UnitResult? {
    guard var unit = state?.unit else { return nil }
    unit.folder = name
    unit.regions = results
    return unit
  }

  /// Reads the states of a folder; calls block. Never opens anything but plain files in it.
  init(_ folder: String, _ name: String, _ scan: FolderScan) {
    self.name = name
    var problems: [(String, String)] = []
    var regions: [String: RegionState] = [:]
    var state: UnitState?
    let path = "\(folder)/\(name)"
    if scan.isFile("\(name)/\(UnitState.fileName)") {
      do throws(DiskError) {
        let found = try UnitState.own("\(path)/\(UnitState.fileName)")
        problems += Self.problems(of: found, name, path).map { (UnitState.fileName, $0) }
        if found.unit.regions.allSatisfy(\.hasPlainNames) { state = found }
      } catch {
        problems.append((UnitState.fileName, "expected a unit's state, found \(error.reason); \(Remedy.edited)"))
      }
    }
    for region in state?.unit.regions ?? [] where regions[region.name] == nil {
      let file = region.name + RegionState.suffix
      guard scan.isFile("\(name)/\(file)") else { continue }
      do throws(DiskError) {
        let found = try RegionState.load("\(path)/\(file)")
        if let problem = Self.problem(of: found, as: region, "\(path)/\(file)") {
          problems.append((file, problem))
        }
        if found.result.isSameRegion(as: region) { regions[region.name] = found }
      } catch {
        problems.append((file, "expected a region's evidence, found \(error.reason); \(Remedy.edited)"))
      }
    }
    (self.state, self.regions, self.problems) = (state, regions, problems)
  }

  private static func problems(of state: UnitState, _ name: String, _ path: String) -> [String] {
    var problems: [String] = []
    for region in state.unit.regions where !region.hasPlainNames {
      problems.append(
        "expected plain names of regions and files, found \(region.name) and \(region.file), which could lead out of the "
          + "folder and were not opened; \(Remedy.edited)")
    }
    if Set(state.unit.regions.map(\.name)).count != state.unit.regions.count {
      problems.append("expected each region once, found one twice; \(Remedy.edited)")
    }
    if state.unit.folder != name {
      problems.append(
        "expected the state of the unit in \(name), found that of \(state.unit.folder): something has moved files "
          + "between folders; \(Remedy.restoreFile)")
    }
    var written = state
    written.unit.regions = state.unit.regions.map(\.unread)
    if (try? StateText.bytes(of: written, path)) != (try? SmallFile.bytes("\(path)/\(UnitState.fileName)")) {
      problems.append("expected the bytes that batchdump writes for what it says, found other ones; \(Remedy.edited)")
    }
    return problems
  }

  private static func problem(of state: RegionState, as region: RegionResult, _ path: String) -> String? {
    let result = state.result
    guard result.isSameRegion(as: region) else {
      return "expected the evidence of \(region.name) (\(region.file), \(region.size.grouped) bytes at "
        + "\(region.address.hex)), found that of \(result.name) (\(result.file), \(result.size.grouped) bytes at "
        + "\(result.address.hex)): something has moved files between folders; \(Remedy.restoreFile)"
    }
    let held = RangeSet(result.blocks.map(\.range))
    if let bad = result.bad.first(where: { !held.intersection(RangeSet($0)).isEmpty }) {
      return "expected what was given up apart from what is held, found \(bad.words) in both; \(Remedy.edited)"
    }
    if (try? StateText.bytes(of: state, path)) != (try? SmallFile.bytes(path)) {
      return "expected the bytes that batchdump writes for what it says, found other ones; \(Remedy.edited)"
    }
    return nil
  }
}

extension RegionResult {
  /// Whether neither name can lead out of a folder.
  fileprivate var hasPlainNames: Bool {
    [name, file].allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && !$0.utf8.contains { $0 == 0x2F || $0 == 0 } }
  }
}
