import Foundation

/// Results as Markdown tables whose columns also line up in a terminal.
enum ResultTable {
  /// Results whose rows have the same columns share a table, in the order in which they were measured. What could not be
  /// measured is told below.
  static func text(_ results: [BenchmarkResult]) -> String {
    var tables: [(columns: [ResultColumn], rows: [[String]])] = []
    for result in results {
      for row in result.rows {
        let columns = [.text("benchmark")] + type(of: row).columns
        if tables.last?.columns != columns { tables.append((columns, [])) }
        tables[tables.count - 1].rows.append([result.benchmark] + row.cells)
      }
    }
    let failures = results.compactMap { result in result.failure.map { "\(result.benchmark): NOT MEASURED: \($0)" } }
    return (tables.map { text($0.columns, $0.rows) } + failures).joined(separator: "\n\n")
  }

  private static func text(_ columns: [ResultColumn], _ rows: [[String]]) -> String {
    let rows = [columns.map(\.title)] + rows
    let widths = columns.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let rule = columns.indices.map { column in
      String(repeating: "-", count: widths[column] + 1) + (columns[column].isNumber ? ":" : "-")
    }
    var lines = rows.map { cells in
      "| " + columns.indices.map { padded(cells[$0], to: widths[$0], columns[$0]) }.joined(separator: " | ") + " |"
    }
    lines.insert("|" + rule.joined(separator: "|") + "|", at: 1)
    return lines.joined(separator: "\n")
  }

  /// Three places: the lines' targets differ from 1 by hundredths.
  static func ratio(_ value: Double) -> String { String(format: "%.3f", value) }

  /// About four digits.
  static func number(_ value: Double) -> String {
    switch abs(value) {
    case 1000...: String(format: "%.0f", value)
    case 10...: String(format: "%.1f", value)
    case 0.1...: String(format: "%.2f", value)
    default: String(format: "%.4f", value)
    }
  }

  private static func padded(_ cell: String, to width: Int, _ column: ResultColumn) -> String {
    let blanks = String(repeating: " ", count: width - cell.count)
    return column.isNumber ? blanks + cell : cell + blanks
  }
}
