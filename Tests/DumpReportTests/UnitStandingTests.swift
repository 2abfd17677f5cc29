import DumpEngine
import DumpReport
import Testing

@Suite("How far a unit came")
struct UnitStandingTests {
  @Test(
    "is one word and its reasons",
    arguments: [
      (Specimen.unit(), UnitStanding.verified, []),
      (
        Specimen.unit("A1", [Specimen.region(evidence: .none)]), .complete,
        ["linux.bin: nothing proves 12,288 of 12,288 bytes"]
      ),
      (
        Specimen.unit("A1", [Specimen.region(), Specimen.region("romfs", held: 0x1000)]), .partial,
        ["romfs.bin: 8,192 of 12,288 bytes are missing"]
      ),
      (Specimen.unit("A1", failure: "link lost"), .partial, ["link lost"]),
      (Specimen.unit("A1", interrupted: true), .partial, ["stopped by the user"]),
      (
        Specimen.unit("A1", [Specimen.region(checks: [Specimen.passed, Specimen.broken])]), .failed,
        ["linux.bin: gzip at 0x0: CRC wrong"]
      ),
      (
        Specimen.unit("A1", [Specimen.region(held: 0)], failure: "no prompt"), .failed,
        ["no prompt", "linux.bin: 12,288 of 12,288 bytes are missing"]
      ),
      (Specimen.unit("A1", []), .failed, []),
    ])
  func standing(unit: UnitResult, expected: UnitStanding, reasons: [String]) {
    #expect(unit.standing == expected)
    #expect(unit.shortcomings == reasons)
  }

  @Test(
    "missing ranges are what no block covers",
    arguments: [
      ([], [0..<100]), ([0..<100], []), ([0..<10], [10..<100]), ([90..<100], [0..<90]),
      ([50..<60, 10..<20], [0..<10, 20..<50, 60..<100]), ([0..<50, 50..<100], []), ([0..<60, 20..<40], [60..<100]),
    ])
  func missing(held: [Range<Int>], expected: [Range<Int>]) {
    var region = RegionResult(name: "r", file: "r.bin", address: 0, size: 100)
    region.blocks = held.map { BlockRange(range: $0, evidence: .reread, provenance: .wire) }
    #expect(region.missing == expected)
  }
}
