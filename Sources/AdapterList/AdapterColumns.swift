import DumpReport
import SlotProgress

/// The columns of a table of adapters, made as wide as their cells or as narrow as the terminal wants.
///
/// The path comes last: it is the longest, and whoever copies it finds it at the end of the line.
struct AdapterColumns: Sendable {
  private static let title = 3
  private static let titleWidths = 8...28
  private static let gap = 2

  private let widths: [Int]
  /// Columns of the terminal; absent where nothing is to be cut.
  private let total: Int?

  static func heading(_ hasSlots: Bool) -> [String] {
    ["NODE", "ID", "SERIAL", "WHAT"] + (hasSlots ? ["SLOT"] : []) + ["STATE", "PATH"]
  }

  /// The cells of a row. `unsettled` are the slots that have no adapter of their own: they show with `?`.
  static func cells(of row: AdapterRow, _ hasSlots: Bool, unsettled: Set<String>) -> [String] {
    let names = (row.slots ?? []).map { unsettled.contains($0) ? "\($0)?" : $0 }
    let slots = hasSlots ? [names.isEmpty ? "-" : names.joined(separator: ",")] : []
    let cells =
      [row.adapter.node, row.identifier, row.adapter.serial ?? "-", row.title ?? "-"] + slots
      + [row.state?.standing.rawValue ?? "gone", row.path]
    return cells.map { SafeText($0, limit: 120).description }
  }

  /// Columns for lines of cells, the heading among them. Where they do not fit, the name of the adapter gives way.
  init(fitting lines: [[String]], into total: Int?) {
    var widths = lines[0].indices.map { column in lines.reduce(0) { max($0, DisplayText.width($1[column])) } }
    widths[Self.title] = min(widths[Self.title], Self.titleWidths.upperBound)
    if let total {
      let excess = widths.reduce(0, +) + Self.gap * (widths.count - 1) - total
      let least = min(widths[Self.title], Self.titleWidths.lowerBound)
      widths[Self.title] = max(least, widths[Self.title] - max(0, excess))
    }
    self.widths = widths
    self.total = total
  }

  func line(_ cells: [String]) -> String {
    let fixed = cells.indices.dropLast().map { DisplayText.fitted(cells[$0], to: widths[$0]) }
      .joined(separator: String(repeating: " ", count: Self.gap))
    let path = cells[cells.count - 1]
    guard let total else { return "\(fixed)  \(path)" }
    let room = total - DisplayText.width(fixed) - Self.gap
    // A cut that leaves less is no help; then the line is cut as a whole.
    return DisplayText.cut("\(fixed)  \(room >= 12 ? Self.tail(path, room) : path)", to: total)
  }

  /// The end of a path, which tells sockets apart, in at most `width` columns.
  private static func tail(_ path: String, _ width: Int) -> String {
    guard DisplayText.width(path) > width else { return path }
    var rest = path.unicodeScalars[...]
    while DisplayText.width(String(rest)) > width - 1 { rest.removeFirst() }
    return "…\(String(rest))"
  }
}
