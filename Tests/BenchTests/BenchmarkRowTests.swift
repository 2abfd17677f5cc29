import Foundation
import Testing

@testable import batchdump_bench

@Suite("A row of the table")
struct BenchmarkRowTests {
  static let verdicts: [(Target?, Bool)] = [
    (nil, true), (.ratio(.atLeast, 0.5), true), (.ratio(.atLeast, 0.51), false), (.ratio(.atMost, 0.5), true),
    (.ratio(.atMost, 0.49), false), (.measured(.atLeast, 100), true), (.measured(.atLeast, 101), false),
    (.measured(.atMost, 100), true), (.measured(.atMost, 99), false),
  ]

  @Test("meets a target by the number that the target names, the limit itself included", arguments: verdicts)
  func verdict(target: Target?, isMet: Bool) {
    #expect(row(target).isMet == isMet)
    #expect(BenchmarkResult(benchmark: "b", rows: [row(nil), row(target)]).isMet == isMet)
  }

  @Test("lines up with the others")
  func table() {
    var small = row(.measured(.atMost, 101))
    small.subject = "ordinary"
    let results = [
      BenchmarkResult(benchmark: "one", rows: [small]),
      BenchmarkResult(benchmark: "another", rows: [row(.ratio(.atLeast, 0.98)), row(nil)]),
    ]
    let expected = """
      | benchmark | subject  |  measured | against         | ratio | target            | met |
      |-----------|----------|----------:|-----------------|------:|-------------------|-----|
      | one       | ordinary | 100.0 B/s | 200.0 B/s, rope | 0.500 | at most 101.0 B/s | yes |
      | another   | walking  | 100.0 B/s | 200.0 B/s, rope | 0.500 | at least 0.980    | NO  |
      | another   | walking  | 100.0 B/s | 200.0 B/s, rope | 0.500 |                   |     |
      """
    #expect(ResultTable.text(results) == expected, "\(ResultTable.text(results))")
  }

  @Test("that could not be measured is told below, and keeps the others")
  func failure() throws {
    let failed = BenchmarkResult(benchmark: "another", failure: "no board")
    let results = [BenchmarkResult(benchmark: "one", rows: [row(nil)]), failed]
    let text = ResultTable.text(results)
    #expect(
      text.hasPrefix("| benchmark | subject |") && text.hasSuffix("|\n\nanother: NOT MEASURED: no board"), "\(text)")
    #expect(!failed.isMet)
    let json = String(decoding: try ResultFile(results: results).json(), as: UTF8.self)
    #expect(json.contains(#""failure" : "no board""#))
  }

  @Test(
    "shows about four digits",
    arguments: [
      (0.00123, "0.0012"), (0.123, "0.12"), (1.234, "1.23"), (12.34, "12.3"), (1234.5, "1234"), (0, "0.0000"),
    ])
  func digits(value: Double, text: String) {
    #expect(ResultTable.number(value) == text)
  }

  @Test("is told to programs with its ratio and its verdict")
  func json() throws {
    let result = BenchmarkResult(benchmark: "one", rows: [row(.ratio(.atLeast, 0.98))])
    let file = ResultFile(measuredAt: Date(timeIntervalSince1970: 0), processors: 2, results: [result])
    let expected = """
      {
        "measuredAt" : "1970-01-01T00:00:00Z",
        "processors" : 2,
        "results" : [
          {
            "benchmark" : "one",
            "rows" : [
              {
                "isMet" : false,
                "measured" : 100,
                "ratio" : 0.5,
                "reference" : 200,
                "referenceName" : "rope",
                "subject" : "walking",
                "target" : {
                  "limit" : 0.98,
                  "number" : "ratio",
                  "side" : "atLeast"
                },
                "unit" : "B/s"
              }
            ]
          }
        ],
        "version" : 1
      }
      """
    #expect(String(decoding: try file.json(), as: UTF8.self) == expected)
  }

  private func row(_ target: Target?) -> BenchmarkRow {
    BenchmarkRow(
      subject: "walking", measured: 100, reference: 200, referenceName: "rope", unit: "B/s", target: target)
  }
}
