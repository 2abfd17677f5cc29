import DumpEngine
import DumpReport
import Foundation

/// One row for each unit, and under it why it is not verified.
struct SummaryTable: Sendable {
  private static let heading = ["SLOT", "UNIT", "REGIONS", "BYTES", "EVIDENCE", "TIME", "RESULT"]
  /// Columns of numbers, which align right.
  private static let numbers: Set = [2, 3, 5]

  let units: [UnitResult]

  /// The lines, heading first; none where there are no units.
  var lines: [String] {
    guard !units.isEmpty else { return [] }
    let rows = units.map(Self.cells)
    let widths = Self.heading.indices.map { column in
      ([Self.heading] + rows).reduce(0) { max($0, DisplayText.width($1[column])) }
    }
    var lines = [Self.line(Self.heading, widths)]
    for (unit, cells) in zip(units, rows) {
      lines.append(Self.line(cells, widths))
      lines += unit.shortcomings.map { "    \(SafeText($0, limit: 500))" }
    }
    return lines
  }

  private static func cells(of unit: UnitResult) -> [String] {
    let whole = unit.regions.count(where: \.isUsable)
    let evidence = unit.regions.evidenceBrief
    return [
      SafeText(unit.slot, limit: 24).description,
      SafeText(unit.identity.first?.value ?? "-", limit: 24).description,
      "\(whole)/\(unit.regions.count)",
      unit.regions.reduce(0) { $0 + $1.held }.grouped,
      evidence.isEmpty ? "-" : evidence,
      DisplayText.clock(unit.ended.timeIntervalSince(unit.started)),
      result(of: unit),
    ]
  }

  private static func result(of unit: UnitResult) -> String {
    switch unit.standing {
    case .verified: "PASS"
    case .complete, .partial: "PARTIAL"
    case .failed: "FAIL"
    }
  }

  private static func line(_ cells: [String], _ widths: [Int]) -> String {
    let fitted = cells.indices.map { column in
      numbers.contains(column)
        ? DisplayText.rightAligned(cells[column], to: widths[column])
        : column == cells.count - 1 ? cells[column] : DisplayText.fitted(cells[column], to: widths[column])
    }
    return fitted.joined(separator: "  ")
  }
}
