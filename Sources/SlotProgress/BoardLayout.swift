/// The board's rows in columns that fit a terminal.
struct BoardLayout: Sendable {
  /// One slot's cells.
  struct Row: Sendable {
    var slot: String
    var unit: String
    var state: String
    var percent = ""
    var rate = ""
    var remaining = ""
    var troubles = ""

    /// Cells in order of display, with the order in which they are given up where the width does not do.
    fileprivate var cells: [(text: String, alignsRight: Bool)] {
      [
        (slot, false), (unit, false), (state, false), (percent, true), (rate, true), (remaining, true),
        (troubles, true),
      ]
    }
  }

  /// Columns that go first where the line is too narrow: unit, remaining time, rate, troubles.
  private static let expendable = [1, 5, 4, 6]
  /// The column of states, which takes what is left.
  private static let state = 2
  /// Fewest columns of a terminal that a state is worth showing in.
  private static let narrowestState = 16
  /// Most columns of a terminal for a slot's or a unit's name.
  private static let widestName = 20

  private let rows: [Row]
  private let width: Int

  init(rows: [Row], width: Int) {
    self.rows = rows
    self.width = width
  }

  /// One line for each row, none wider than the width.
  var lines: [String] {
    let widths = fittedWidths
    return rows.map { row in
      let line = row.cells.indices.compactMap { column -> String? in
        guard widths[column] > 0 else { return nil }
        let cell = row.cells[column]
        // An ending may run over the empty cells on its right.
        if column == Self.state && row.hasOnlyState { return DisplayText.cut(cell.text, to: width) }
        return cell.alignsRight
          ? DisplayText.rightAligned(cell.text, to: widths[column]) : DisplayText.fitted(cell.text, to: widths[column])
      }
      return DisplayText.cut(Self.trimmed(line.joined(separator: "  ")), to: width)
    }
  }

  /// Columns of the terminal for each column of the board, 0 for those given up.
  private var fittedWidths: [Int] {
    var widths = naturalWidths
    for column in Self.expendable where Self.total(widths) > width {
      // The state may shrink before anything else goes, but not to nothing.
      if Self.total(widths) - widths[Self.state] + Self.narrowestState <= width { break }
      widths[column] = 0
    }
    let excess = Self.total(widths) - width
    if excess > 0 { widths[Self.state] = max(1, widths[Self.state] - excess) }
    return widths
  }

  private var naturalWidths: [Int] {
    var widths = [Int](repeating: 0, count: 7)
    for row in rows {
      for (column, cell) in row.cells.enumerated() where column != Self.state || !row.hasOnlyState {
        widths[column] = max(widths[column], DisplayText.width(cell.text))
      }
      if row.hasOnlyState { widths[Self.state] = max(widths[Self.state], Self.narrowestState) }
    }
    widths[0] = min(widths[0], Self.widestName)
    widths[1] = min(widths[1], Self.widestName)
    return widths
  }

  private static func total(_ widths: [Int]) -> Int {
    widths.reduce(0, +) + 2 * max(0, widths.count { $0 > 0 } - 1)
  }

  private static func trimmed(_ line: String) -> String {
    guard let last = line.lastIndex(where: { $0 != " " }) else { return "" }
    return String(line[...last])
  }
}

extension BoardLayout.Row {
  /// Whether nothing stands on the right of the state.
  fileprivate var hasOnlyState: Bool { percent.isEmpty && rate.isEmpty && remaining.isEmpty && troubles.isEmpty }
}
