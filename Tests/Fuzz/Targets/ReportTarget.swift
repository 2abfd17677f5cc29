import DumpEngine
import DumpReport
import DurableFiles
import Foundation

extension FuzzTarget {
  /// The JSON files that a run leaves and a later one reads: `report.json`, `unit.json`, `NAME.evidence.json`.
  static let report = FuzzTarget("report") { bytes in
    let isReport = try checkReport(bytes)
    let isRegion = try checkRegion(bytes)
    let isUnit = try checkUnit(bytes)
    return isReport || isRegion || isUnit || bytes.first == 0x7B
  }

  private static func checkReport(_ bytes: [UInt8]) throws -> Bool {
    guard let report = try? Report(json: bytes) else { return false }
    let text = try report.json()
    let again = try Report(json: text)
    try expect(try again.json() == text, "a report that was read and written again is another one")
    return true
  }

  private static func checkRegion(_ bytes: [UInt8]) throws -> Bool {
    guard let state = try region(bytes) else { return false }
    let size = state.result.size
    let finished = state.finished
    try expect(finished.ranges.allSatisfy { 0 <= $0.lowerBound && $0.upperBound <= size }, "finished: \(finished)")
    let map = Mapfile(state)
    try check(map)
    try expect(map.blocks.last?.range.upperBound == size, "the map does not end at \(size)")
    var unit = try JSONDecoder().decode(UnitResult.self, from: Data(silentUnit.utf8))
    unit.regions = [state.result]
    try checkReport(of: unit)
    return true
  }

  private static func region(_ bytes: [UInt8]) throws -> RegionState? {
    do {
      return try RegionState(reading: bytes, from: "r")
    } catch {
      try expect(!error.reason.isEmpty, "an error without a reason")
      return nil
    }
  }

  private static func checkUnit(_ bytes: [UInt8]) throws -> Bool {
    do {
      let state = try UnitState(reading: bytes, from: "u")
      try expect(state.unit.regions.allSatisfy { $0.size > 0 }, "a region without bytes")
      try checkReport(of: state.unit)
      return true
    } catch let error as DiskError {
      try expect(!error.reason.isEmpty, "an error without a reason")
      return false
    }
  }

  private static let silentUnit = """
    {"slot": "A1", "link": "", "dialect": "", "identity": [], "folder": "", "regions": [], "started": 0, "ended": 0,
    "wire": {"received": 0, "sent": 0, "malformedLines": 0, "gutterMismatches": 0, "addressGaps": 0, "foreignLines": 0,
    "digestMismatches": 0, "rereadMismatches": 0, "recoveries": 0, "resets": 0}, "interrupted": false}
    """

  /// What is read ends in the next report; units are added up there.
  private static func checkReport(of unit: UnitResult) throws {
    var batch = BatchResult(
      name: "b", folder: "none", manifest: BatchResult.Manifest(file: "m", digest: ""), toolVersion: "0",
      started: unit.started)
    batch.units = [unit, unit]
    try expect(try checkReport(try Report(batch).json()), "a report that cannot be read back")
  }
}
