import ConsoleDialect
import DumpEngine
import Foundation
import Testing

@testable import DumpReport

@Suite("report.json")
struct ReportTests {
  @Test("has the batch in numbers")
  func summary() {
    let units = [
      Specimen.unit("A1"), Specimen.unit("A2", [Specimen.region(evidence: .none)]),
      Specimen.unit("A3", [Specimen.region(), Specimen.region("romfs", held: 0x1000)]),
      Specimen.unit("A4", [Specimen.region(held: 0)], failure: "no prompt"),
    ]
    let summary = Report(Specimen.batch(units)).summary
    #expect(
      summary
        == Report.Summary(
          units: 4, verified: 1, complete: 1, partial: 1, failed: 1, bytesWanted: 5 * 0x3000,
          bytesHeld: 3 * 0x3000 + 0x1000, bytesVerified: 2 * 0x3000,
          bytesReused: 0))
  }

  @Test("joins neighbours with equal evidence, and only those")
  func blocks() {
    var region = RegionResult(name: "r", file: "r.bin", address: 0, size: 0x6000)
    region.blocks = [
      block(0x1000..<0x2000, .deviceDigest(.crc32)), block(0..<0x1000, .deviceDigest(.crc32)),
      block(0x2000..<0x3000, .deviceDigest(.md5)), block(0x4000..<0x5000, .deviceDigest(.md5)),
      block(0x5000..<0x6000, .reread),
    ]
    region.bad = [0x3000..<0x3100]
    let report = Report(Specimen.batch([Specimen.unit("A1", [region])])).units[0].regions[0]
    #expect(
      report.blocks == [
        reported(0, 0x2000, .deviceDigest, .crc32), reported(0x2000, 0x3000, .deviceDigest, .md5),
        reported(0x4000, 0x5000, .deviceDigest, .md5), reported(0x5000, 0x6000, .reread, nil),
      ])
    #expect(report.missing == [Report.Extent(start: HexNumber(0x3000), end: HexNumber(0x4000))])
    #expect(report.bad == [Report.Extent(start: HexNumber(0x3000), end: HexNumber(0x3100))])
  }

  @Test("sums up where each region's bytes came from, and why they are believed")
  func sources() throws {
    var region = RegionResult(name: "r", file: "r.bin", address: 0, size: 0x6000)
    region.blocks = [
      block(0..<0x1000, .deviceDigest(.crc32)), block(0x1000..<0x2000, .deviceDigest(.crc32), .sibling("B2")),
      block(0x2000..<0x2800, .deviceDigest(.crc32), .constant), block(0x2800..<0x3000, .deviceDigest(.crc32)),
      block(0x3000..<0x4000, .deviceDigest(.crc32), .sibling("C3")), block(0x4000..<0x4100, .none),
      block(0x5000..<0x6000, .deviceDigest(.crc32), .sibling("B2")),
    ]
    let report = Report(Specimen.batch([Specimen.unit("A1", [region])]))
    func source(_ provenance: Report.ProvenanceWord, _ bytes: Int, of sibling: String? = nil) -> Report.Source {
      Report.Source(
        provenance: provenance, sibling: sibling, evidence: .deviceDigest, algorithm: .crc32, bytes: bytes)
    }
    let sources = report.units[0].regions[0].sources
    #expect(
      sources == [
        source(.wire, 0x1800), source(.sibling, 0x2000, of: "B2"), source(.constant, 0x800),
        source(.sibling, 0x1000, of: "C3"),
        Report.Source(provenance: .wire, sibling: nil, evidence: .none, algorithm: nil, bytes: 0x100),
      ])
    #expect(sources.reduce(0) { $0 + $1.bytes } == region.held)
    #expect(report.summary.bytesReused == 0x3800)
    #expect(try report.throughJSON().units[0].regions[0].sources == sources)
  }

  private func block(_ range: Range<Int>, _ evidence: Evidence, _ provenance: Provenance = .wire) -> BlockRange {
    BlockRange(range: range, evidence: evidence, provenance: provenance)
  }

  private func reported(
    _ start: UInt64, _ end: UInt64, _ evidence: Report.EvidenceWord, _ algorithm: DigestAlgorithm?
  ) -> Report.Block {
    Report.Block(
      start: HexNumber(start), end: HexNumber(end), evidence: evidence, algorithm: algorithm, provenance: .wire)
  }

  @Test("holds addresses as hex, times in UTC with milliseconds, and keys in one order")
  func text() throws {
    var region = Specimen.region(held: 0)
    region.address = .max
    region.crc32 = 0x1A
    let report = Report(Specimen.batch([Specimen.unit("A1", [region])]))
    let text = String(decoding: try report.json(), as: UTF8.self)
    for expected in [
      "\"address\" : \"0xFFFFFFFFFFFFFFFF\"", "\"crc32\" : \"0000001a\"", "\"started\" : \"2026-11-23T07:15:00.123Z\"",
      "\"ended\" : \"2026-11-23T07:16:40.123Z\"", "\"link\" : \"/dev/ttyUSB0\"", "\"exitStatus\" : 1",
    ] {
      #expect(text.contains(expected), "\(expected) in \(text)")
    }
    #expect(try report.json() == Report(json: report.json()).json())
    #expect(text.hasSuffix("}\n"))
  }

  @Test("reads back every millisecond as it was", arguments: Array(stride(from: 0, to: 1000, by: 7)))
  func milliseconds(millisecond: Int) throws {
    var batch = Specimen.batch([])
    batch.started = Date(timeIntervalSince1970: 1_795_418_100 + Double(millisecond) / 1000)
    let read = try Report(Specimen.batch([])).throughJSON()
    #expect(read.started == (try read.throughJSON()).started)
    let text = String(decoding: try Report(batch).json(), as: UTF8.self)
    let digits = String(1000 + millisecond).dropFirst()
    #expect(text.contains("\"started\" : \"2026-11-23T07:15:00.\(digits)Z\""), "\(text)")
  }

  @Test("can be written whatever a clock or a console did")
  func hostile() throws {
    var region = Specimen.region(checks: [CheckResult(kind: "gzip", passed: false, message: "\u{1B}[2J\u{0}\n\"\\")])
    region.seconds = .nan
    var unit = Specimen.unit("\u{1B}]0;x\u{7}", [region])
    unit.ended = unit.started.addingTimeInterval(-5)
    let json = try Report(Specimen.batch([unit])).json()
    let read = try Report(json: json)
    #expect(read.units[0].seconds == 0)
    #expect(read.units[0].regions[0].seconds == 0)
    #expect(!json.contains { $0 < 0x20 && $0 != 0x0A }, "control characters are escaped: \(readable(json))")
  }

  @Test("refuses what is no hex number or time", arguments: ["12", "0x", "0xG", "0x10000000000000000", "-0x1", ""])
  func badHex(text: String) {
    let json = Data("\"\(text)\"".utf8)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(HexNumber.self, from: json) }
  }
}
