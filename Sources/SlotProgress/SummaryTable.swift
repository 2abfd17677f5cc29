import DumpEngine
import DumpReport
import Foundation

/// One row for each unit, and under it why it is not verified.
struct SummaryTable {
  private static let heading = ["SLOT", "UNIT", "REGIONS", "BYTES", "EVIDENCE", "TIME", "RESULT"]
  /// Columns of numbers, which align right.
  private static let numbers: Set = [2, 3, 5]

  let units: [UnitResult]
  /// What the last column says of a unit, by its folder, where that is not how far it came.
  var results: [String: String] = [:]
  /// What stands under a unit; absent: why it is not verified.
  var notes: ((UnitResult) -> [String])?

  /// The lines, heading first; none where there are no units.
  var lines: [String] {
    guard !units.isEmpty else { return [] }
    let rows = units.map(cells)
    let widths = Self.heading.indices.map { column in
      ([Self.heading] + rows).reduce(0) { max($0, DisplayText.width($1[column])) }
    }
    var lines = [Self.line(Self.heading, widths)]
    for (unit, cells) in zip(units, rows) {
      lines.append(Self.line(cells, widths))
      lines += (notes?(unit) ?? unit.shortcomings + Self.skips(of: unit)).map { "    \(SafeText($0, limit: 1000))" }
    }
    return lines
  }

  private func cells(of unit: UnitResult) -> [String] {
    let whole = unit.regions.count(where: \.isUsable)
    let evidence = unit.regions.evidenceBrief
    return [
      SafeText(unit.slot, limit: 24).description,
      SafeText(unit.identity.first?.value ?? "-", limit: 24).description,
      "\(whole)/\(unit.regions.count)",
      unit.regions.reduce(0) { $0 + $1.held }.grouped,
      evidence.isEmpty ? "-" : evidence,
      DisplayText.clock(unit.ended.timeIntervalSince(unit.started)),
      results[unit.folder] ?? Self.result(of: unit),
    ]
  }

  private static func skips(of unit: UnitResult) -> [String] {
    guard let skipped = unit.skipped else { return [] }
    return [
      "skipped \(DisplayText.count(skipped.count, "time")), last at \(DisplayText.stamp(skipped.last)): known by its "
        + "identity, not compared (`again: verify` compares)"
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
