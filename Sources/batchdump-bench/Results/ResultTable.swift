import Foundation

/// Results as a Markdown table whose columns also line up in a terminal.
enum ResultTable {
  private static let head = ["benchmark", "subject", "measured", "against", "ratio", "target", "met"]
  /// Columns of numbers, which end at the same place.
  private static let numbers: Set<Int> = [2, 4]

  static func text(_ results: [BenchmarkResult]) -> String {
    let rows = [head] + results.flatMap { result in result.rows.map { cells(of: $0, result.benchmark) } }
    let widths = head.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let rule = head.indices.map { column in
      String(repeating: "-", count: widths[column] + 1) + (numbers.contains(column) ? ":" : "-")
    }
    var lines = rows.map { cells in
      "| " + head.indices.map { padded(cells[$0], to: widths[$0], $0) }.joined(separator: " | ") + " |"
    }
    lines.insert("|" + rule.joined(separator: "|") + "|", at: 1)
    return lines.joined(separator: "\n")
  }

  private static func cells(of row: BenchmarkRow, _ benchmark: String) -> [String] {
    let unit = row.unit
    return [
      benchmark, row.subject, "\(number(row.measured)) \(unit)",
      "\(number(row.reference)) \(unit), \(row.referenceName)", ratio(row.ratio),
      row.target.map { target($0, unit) } ?? "",
      row.target == nil ? "" : row.isMet ? "yes" : "NO",
    ]
  }

  private static func target(_ target: Target, _ unit: String) -> String {
    let side = target.side == .atLeast ? "at least" : "at most"
    return target.number == .ratio ? "\(side) \(ratio(target.limit))" : "\(side) \(number(target.limit)) \(unit)"
  }

  /// Three places: the lines' targets differ from 1 by hundredths.
  private static func ratio(_ value: Double) -> String { String(format: "%.3f", value) }

  /// About four digits.
  static func number(_ value: Double) -> String {
    switch abs(value) {
    case 1000...: String(format: "%.0f", value)
    case 10...: String(format: "%.1f", value)
    case 0.1...: String(format: "%.2f", value)
    default: String(format: "%.4f", value)
    }
  }

  private static func padded(_ cell: String, to width: Int, _ column: Int) -> String {
    let blanks = String(repeating: " ", count: width - cell.count)
    return numbers.contains(column) ? blanks + cell : cell + blanks
  }
}
