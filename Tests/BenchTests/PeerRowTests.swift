import Foundation
import Testing

@testable import batchdump_bench

@Suite("A row of the comparison")
struct PeerRowTests {
  @Test("of a peer demands that batchdump is faster, and that there is something to compare")
  func lead() {
    #expect(row(lead: 1.01, demand: .batchdumpAhead).isMet)
    #expect(!row(lead: 1, demand: .batchdumpAhead).isMet)
    #expect(!row(lead: nil, demand: .batchdumpAhead).isMet)
    #expect(!absent.isMet)
  }

  @Test("of batchdump's region demands its share of the line, the limit itself included")
  func lineUse() {
    #expect(row(lead: nil, demand: .lineUse(atLeast: 0.75)).isMet)
    #expect(!row(lead: nil, demand: .lineUse(atLeast: 0.76)).isMet)
    #expect(row(lead: nil, demand: nil).isMet)
  }

  @Test("has a table of its own, in which one that is not there says why")
  func table() {
    let other = BenchmarkRow(
      subject: "before", measured: 1, reference: 2, referenceName: "rope", unit: "s", target: nil)
    var unequal = row(lead: 0.5, demand: .batchdumpAhead)
    unequal.outcome?.isEqual = false
    let results = [
      BenchmarkResult(benchmark: "one", rows: [other]),
      BenchmarkResult(benchmark: "peers", rows: [row(lead: nil, demand: .lineUse(atLeast: 0.7)), unequal, absent]),
    ]
    let first = """
      | benchmark | subject | measured | against      | ratio | target | met |
      |-----------|---------|---------:|--------------|------:|--------|-----|
      | one       | before  |   1.00 s | 2.00 s, rope | 0.500 |        |     |


      """
    let text = ResultTable.text(results)
    #expect(text.hasPrefix(first))
    let lines = text.split(separator: "\n").map(String.init)
    let cells = lines.map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
    #expect(lines.count == 8 && Set(lines[3...].map(\.count)).count == 1)
    #expect(cells[3] == ["benchmark"] + PeerRow.columns.map(\.title))
    #expect(
      cells[5] == [
        "peers", "115200", "reader", "64 KiB", "24.0", "2731 B/s", "0.750", "", "no", "equal",
        "line used at least 0.700", "yes",
      ])
    #expect(cells[6].suffix(5) == ["0.500", "no", "DIFFERS", "batchdump ahead", "NO"])
    #expect(
      cells[7] == [
        "peers", "921600", "depthcharge: absent, no net", "512 KiB", "", "", "", "", "", "NONE", "batchdump ahead",
        "NO",
      ])
  }

  @Test("is told to programs with what came of it, or why nothing did")
  func json() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let result = BenchmarkResult(benchmark: "peers", rows: [row(lead: 2, demand: .lineUse(atLeast: 0.5)), absent])
    let expected = """
      {"benchmark":"peers","rows":[{"demand":"line used at least 0.500","isMet":true,"outcome":{"bytesPerSecond":2731,\
      "isEqual":true,"lead":2,"lineUse":0.75,"seconds":24,"verification":"no"},"reader":"reader","size":65536,\
      "speed":115200},{"demand":"batchdump ahead","isMet":false,"problem":"absent, no net","reader":"depthcharge",\
      "size":524288,"speed":921600}]}
      """
    #expect(String(decoding: try encoder.encode(result), as: UTF8.self) == expected)
  }

  private var absent: PeerRow {
    PeerRow(
      speed: 921_600, reader: "depthcharge", size: 512 << 10, problem: "absent, no net", demand: .batchdumpAhead)
  }

  private func row(lead: Double?, demand: PeerRow.Demand?) -> PeerRow {
    PeerRow(
      speed: 115_200, reader: "reader", size: 64 << 10,
      outcome: .init(
        seconds: 24, bytesPerSecond: 2731, lineUse: 0.75, lead: lead, verification: "no", isEqual: true),
      demand: demand)
  }
}
