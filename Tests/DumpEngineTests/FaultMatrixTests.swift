import Foundation
import Testing

@testable import DumpEngine

@Suite("Each fault on each console", .timeLimit(.minutes(20)))
struct FaultMatrixTests {
  /// Runs for each fault and console; with what there is, 351 in all.
  static let seeds: ClosedRange<UInt64> =
    1...(ProcessInfo.processInfo.environment["TEST_FAULT_SEEDS"].flatMap(UInt64.init) ?? 9)
  /// Runs at once: more would only wait for each other. Fewer where everything is slower: a unit waits for three seconds
  /// and no longer before it boots.
  private static let atOnce =
    ProcessInfo.processInfo.environment["TEST_FAULTS_AT_ONCE"].flatMap(Int.init) ?? 6

  /// A row of the matrix.
  private struct Row {
    var kind: FaultKind
    var console: FaultyConsole
    var outcomes: [FaultRun.Outcome] = []

    var injected: Int { outcomes.reduce(0) { $0 + $1.injected } }
    var noticed: Int { outcomes.reduce(0) { $0 + $1.noticed } }
    var wrong: Int { outcomes.reduce(0) { $0 + $1.wrongBytes } }

    var text: String {
      let cells = [
        "\(outcomes.count)", "\(injected)", "\(noticed)", "\(outcomes.reduce(0) { $0 + $1.rereadBytes })",
        "\(outcomes.count(where: \.isWholeAtOnce))", "\(outcomes.count(where: \.isWhole))", "\(wrong)",
        "\(Int((outcomes.map(\.seconds).max() ?? 0).rounded(.up)))",
      ]
      return FaultMatrixTests.line(kind.rawValue, console.rawValue, cells)
    }
  }

  private static func line(_ kind: String, _ console: String, _ cells: [String]) -> String {
    let words = cells.map { String(repeating: " ", count: max(0, 9 - $0.count)) + $0 }
    return kind.padded(16) + console.padded(14) + words.joined()
  }

  @Test("never gets a wrong byte into what is called finished, and is noticed")
  func matrix() async throws {
    var rows: [Row] = []
    for kind in FaultKind.allCases {
      for console in FaultyConsole.allCases where !kind.needsDigest || console == .uBootWithDigest {
        rows.append(Row(kind: kind, console: console))
      }
    }
    var runs = rows.indices.flatMap { row in Self.seeds.map { (row, $0) } }[...]
    try await withThrowingTaskGroup(of: (Int, UInt64, FaultRun.Outcome).self) { group in
      func start(_ next: (Int, UInt64)) {
        let run = FaultRun(kind: rows[next.0].kind, console: rows[next.0].console, seed: next.1)
        group.addTask { (next.0, next.1, try await run.run()) }
      }
      for next in runs.prefix(Self.atOnce) { start(next) }
      runs = runs.dropFirst(Self.atOnce)
      while let (row, seed, outcome) = try await group.next() {
        rows[row].outcomes.append(outcome)
        let place: Comment = "\(rows[row].kind), \(rows[row].console), seed \(seed): \(outcome.failures)"
        #expect(outcome.wrongBytes == 0, place)
        #expect(outcome.isWhole, place)
        #expect(outcome.seconds < 300, place)
        if let next = runs.popFirst() { start(next) }
      }
    }
    let head = ["runs", "injected", "noticed", "re-read", "at once", "whole", "wrong", "longest"]
    print(([Self.line("fault", "console", head)] + rows.map(\.text)).joined(separator: "\n"))
    for row in rows {
      #expect(row.injected > 0, "\(row.kind) never happened on \(row.console)")
      #expect(row.noticed > 0, "\(row.kind) was not noticed on \(row.console)")
    }
    #expect(rows.reduce(0) { $0 + $1.outcomes.count } == rows.count * Int(Self.seeds.upperBound))
  }
}

extension String {
  /// The text with blanks behind it.
  func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
