import DumpEngine
import Foundation
import TestSupport
import Testing

@testable import DumpReport

/// A bad disk rarely hits one file alone: where a unit's state is gone, its images have nothing but the old list.
@Suite("A list of checksums vouches for no image of a unit whose state cannot be read")
struct DamagedStateTests {
  /// What a bad disk does to the unit in `unit-A`, besides hitting its image.
  enum Damage: CaseIterable {
    case unit, evidence, unitGone

    func hit(_ batch: BatchSpecimen) throws {
      switch self {
      case .unit: try batch.folder.write(Array("{".utf8), to: "unit-A/unit.json")
      case .evidence: try batch.folder.write(Array("{".utf8), to: "unit-A/linux.evidence.json")
      case .unitGone: try batch.remove("unit-A/unit.json")
      }
      try batch.folder.write(BatchSpecimen.bytes(77), to: "unit-A/linux.bin")
    }
  }

  /// What a batch knows that goes on in the folder.
  private static func known(_ batch: BatchSpecimen) throws -> BatchResult {
    var result = batch.result
    let listing = try UnitState.all(in: batch.folder.path)
    result.units = listing.units.map { $0.unit.audited(in: batch.folder.path) }
    #expect(listing.problems.count == 1, "\(listing.problems)")
    return result
  }

  private static func lines(_ batch: BatchSpecimen) throws -> [String] {
    guard let bytes = try? batch.folder.read(ChecksumList.fileName) else { return [] }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test("what the old list says of it stays, while a batch goes on and when it is at rest", arguments: Damage.allCases)
  func carried(damage: Damage) throws {
    let batch = try BatchSpecimen(.verified)
    let before = try Self.lines(batch).filter { $0.contains("  unit-A/") }
    #expect(before.count == 9, "\(before)")
    try damage.hit(batch)
    let result = try Self.known(batch)

    try BatchReport.begin(result)
    #expect(try Self.lines(batch).filter { $0.contains("  unit-A/") } == before)
    #expect(try !batch.verified().isAtRest)

    _ = try BatchReport.write(result)
    #expect(try Self.lines(batch).filter { $0.contains("  unit-A/") } == before)
    #expect(try batch.verified().isAtRest)
    let check = try batch.folder.checkSums()
    #expect(check.status == 1 && check.output.contains("unit-A/linux.bin: FAILED"), "\(check)")
    #expect(try batch.verified().verdict == .wrong)
  }

  @Test("and where the old list says nothing, the new one does not either", arguments: Damage.allCases)
  func unlisted(damage: Damage) throws {
    let batch = try BatchSpecimen(.verified)
    try damage.hit(batch)
    try batch.remove(ChecksumList.fileName)
    _ = try BatchReport.write(try Self.known(batch))
    let lines = try Self.lines(batch)
    #expect(!lines.contains { $0.contains("  unit-A/") } && lines.contains { $0.hasSuffix("  unit-B/linux.bin") })
    let expected = "wrong unit-A/linux.bin: expected files that SHA256SUMS lists"
    #expect(try batch.findings().contains { $0.hasPrefix(expected) })
  }

  @Test("nor for one whose evidence is gone, which is not taken for a file that is merely new")
  func evidenceGone() throws {
    let batch = try BatchSpecimen(.verified)
    try batch.remove("unit-A/linux.evidence.json")
    try batch.folder.write(BatchSpecimen.bytes(77), to: "unit-A/linux.bin")
    var result = batch.result
    result.units = try UnitState.all(in: batch.folder.path).units.map { $0.unit.audited(in: batch.folder.path) }
    _ = try BatchReport.write(result)
    #expect(try !Self.lines(batch).contains { $0.hasSuffix("  unit-A/linux.bin") })
    #expect(try batch.verified().verdict == .wrong)
  }

  @Test("a folder in which a run was killed before it knew anything of its unit is listed as it is")
  func beginning() throws {
    let batch = try BatchSpecimen(.verified)
    try batch.folder.write([1], to: "unit-E/console.log")
    try batch.folder.write([2], to: "unit-E/console.log.1.gz")
    _ = try BatchReport.write(batch.result)
    #expect(try Self.lines(batch).filter { $0.contains("  unit-E/") }.count == 2)
    #expect(try batch.findings() == [])
  }

  @Test("evidence without its unit's state is wrong, also where nothing else tells of the unit")
  func orphaned() throws {
    let batch = try BatchSpecimen(.verified)
    try batch.remove("unit-A/unit.json")
    let result = try Self.known(batch)
    for name in [ChecksumList.fileName, ReportText.fileName] { try batch.remove(name) }
    _ = try BatchReport.write(audited: result, isAtRest: false)
    let findings = try batch.findings()
    let expected = "wrong unit-A/unit.json: expected the state of the unit whose evidence lies in unit-A, "
    #expect(findings.contains { $0.hasPrefix(expected) }, "\(findings)")
  }
}
