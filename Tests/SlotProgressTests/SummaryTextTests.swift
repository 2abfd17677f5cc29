import DumpEngine
import Foundation
import Testing

@testable import DumpReport
@testable import SlotProgress

@Suite("The summary of a batch")
struct SummaryTextTests {
  private func text(
    _ units: [UnitResult], folder: String = "Reports/x", interrupted: Bool = false, watching line: String? = nil
  ) -> String {
    var batch = BatchResult(
      name: "x", folder: folder, manifest: BatchResult.Manifest(file: "x.json", digest: "00"), toolVersion: "0.1.0",
      started: Specimen.start)
    batch.units = units
    batch.interrupted = interrupted
    return SummaryText.text(
      BatchReport(result: batch, reportPath: "\(folder)/report.json", checksumsPath: "\(folder)/SHA256SUMS"),
      watching: line)
  }

  private func headline(_ units: [UnitResult], interrupted: Bool = false) -> String {
    String(text(units, interrupted: interrupted).prefix { $0 != "\n" })
  }

  static let footer = Specimen.region(evidence: [.imageFooter])
  static let unproven = Specimen.region(evidence: [.none])

  @Test("names the command that goes on as it was run", arguments: [nil, "a line.json"])
  func goesOn(line: String?) {
    let text = text([Specimen.unit("A1", [Specimen.region(held: 0)])], watching: line)
    let command = line == nil ? "resume Reports/x" : "watch 'a line.json' --output Reports/x"
    #expect(text.hasSuffix("\nGo on:  batchdump \(command)"), "\(text)")
  }

  @Test("is a table between how it was verified and where to look")
  func whole() {
    let units = [
      Specimen.unit("A1", [Specimen.region(), Specimen.region("romfs")]),
      Specimen.unit(
        "Bench 2", [Self.footer, Specimen.region("romfs", evidence: [.imageFooter], held: 98_000)],
        identity: [IdentityFact(name: "serial", value: "7\u{1B}[2J")]),
      Specimen.unit("A3", [Specimen.region(held: 0)], failure: "no prompt within 60 s", identity: []),
    ]
    let expected = """
      3 units: 1 verified (by the unit's own digest 1), 1 partial, 1 failed

      SLOT     UNIT               REGIONS    BYTES  EVIDENCE   TIME  RESULT
      A1       00:11:22:33:44:55      2/2  200,000  own crc32  1:01  PASS
      Bench 2  7?[2J                  1/2  198,000  footer     1:01  PARTIAL
          romfs.bin: 2,000 of 100,000 bytes are missing
      A3       -                      0/1        0  -          1:01  FAIL
          no prompt within 60 s
          linux.bin: 100,000 of 100,000 bytes are missing

      Report: Reports/x/report.json
      Check:  batchdump verify Reports/x
      Go on:  batchdump resume Reports/x
      """
    #expect(text(units) == expected)
  }

  @Test("then what was not read, and how it is known")
  func reuse() {
    func region(_ provenances: [Provenance]) -> RegionResult {
      var region = Specimen.region(evidence: provenances.map { _ in .deviceDigest(.crc32) })
      for index in region.blocks.indices { region.blocks[index].provenance = provenances[index] }
      return region
    }
    let units = [
      Specimen.unit("A1", [region([.wire, .constant, .sibling("A1"), .earlier])]),
      Specimen.unit("A2", [region([.sibling("A1"), .reference])]),
    ]
    let line = text(units).split(separator: "\n")[1]
    #expect(
      line
        == "50,000 bytes were read; not read, but equal by the units' own digests: 25,000 from constant fills, 50,000 "
        + "from the reference, 25,000 from equal places of the same unit, 50,000 from other units "
        + "(`reuse: batch` is the default, `never` reads all)")
    #expect(!text([Specimen.unit("A1")]).contains("not read"))
  }

  @Test(
    "says first how the units were verified",
    arguments: [
      (
        (1...6).map { Specimen.unit("A\($0)") } + [Specimen.unit("W1", [footer]), Specimen.unit("W2", [footer])],
        "8 units: 8 verified (by the unit's own digest 6, by image footer 2)"
      ),
      (
        [Specimen.unit("A1", [Specimen.region(evidence: [.reread, .deviceDigest(.md5)])])],
        "1 unit: 1 verified (by the unit's own digest and a second read 1)"
      ),
      // Different digests are one way.
      (
        [Specimen.unit("A1", [Specimen.region(evidence: [.deviceDigest(.sha1), .deviceDigest(.md5)])])],
        "1 unit: 1 verified (by the unit's own digest 1)"
      ),
      ([Specimen.unit("A1", [unproven])], "1 unit: 1 complete but not verified"),
      (
        [Specimen.unit("A1", [], failure: "x"), Specimen.unit("A2")],
        "2 units: 1 verified (by the unit's own digest 1), 1 failed"
      ),
      ([], "0 units: nothing done"),
    ])
  func headlines(units: [UnitResult], expected: String) {
    #expect(headline(units) == expected)
    #expect(headline(units, interrupted: true) == expected + "; stopped by the user")
  }

  @Test("says of units that were skipped that nothing was compared")
  func skipped() {
    var unit = Specimen.unit()
    unit.skipped = SkippedArrivals(count: 39, last: Specimen.start.addingTimeInterval(3600))
    let printed = text([unit])
    #expect(printed.hasPrefix("1 unit: 1 verified (by the unit's own digest 1); 39 arrivals skipped, not compared\n"))
    #expect(
      printed.contains(
        "PASS\n    skipped 39 times, last at 2026-11-23 08:15Z: known by its identity, not compared (`again: verify` "
          + "compares)\n"), "\(printed)")
  }

  @Test("never calls bytes without evidence verified")
  func neverVerified() {
    let printed = text([Specimen.unit("A1", [Self.unproven])])
    #expect(printed.contains("PARTIAL\n    linux.bin: nothing proves 100,000 of 100,000 bytes\n"), "\(printed)")
    #expect(!printed.contains("PASS"))
  }

  @Test(
    "gives a command that a shell takes as it is",
    arguments: [
      ("Reports/x", "Reports/x"), ("out/a b", "'out/a b'"), ("it's", "'it'\\''s'"), ("-x", "./-x"),
      ("$(reboot)", "'$(reboot)'"), ("- a", "./'- a'"),
    ])
  func command(folder: String, expected: String) {
    #expect(text([Specimen.unit()], folder: folder).hasSuffix("\nCheck:  batchdump verify \(expected)"))
    let partial = text([Specimen.unit("A1", [], failure: "x")], folder: folder)
    #expect(partial.hasSuffix("\nGo on:  batchdump resume \(expected)"))
  }
}
