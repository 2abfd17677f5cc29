import DumpEngine
import DumpReport
import Foundation

/// What a person reads when a batch has ended: how it was verified, a table of the units, and where to look.
public enum SummaryText {
  /// The text about a batch whose reports are written; its last line has no line end.
  public static func text(_ report: BatchReport) -> String {
    let table = SummaryTable(units: report.result.units).lines
    let lines = [headline(report.result)] + (table.isEmpty ? [] : [""] + table) + [""] + directions(report)
    return lines.joined(separator: "\n")
  }

  /// `8 units: 8 verified (by the unit's own digest 6, by image footer 2)`.
  private static func headline(_ result: BatchResult) -> String {
    let units = result.units
    let counts = UnitStanding.allCases.compactMap { standing -> String? in
      let members = units.filter { $0.standing == standing }
      guard !members.isEmpty else { return nil }
      return "\(members.count) \(words(for: standing))" + (standing == .verified ? proofs(of: members) : "")
    }
    let stopped = result.interrupted ? "; stopped by the user" : ""
    return
      "\(DisplayText.count(units.count, "unit")): \(counts.isEmpty ? "nothing done" : counts.joined(separator: ", "))"
      + stopped
  }

  private static func words(for standing: UnitStanding) -> String {
    switch standing {
    case .verified: "verified"
    case .complete: "complete but not verified"
    case .partial: "partial"
    case .failed: "failed"
    }
  }

  /// How units were verified, the most frequent way first.
  private static func proofs(of units: [UnitResult]) -> String {
    let counts = Dictionary(grouping: units, by: \.regions.evidenceWords).mapValues(\.count)
    let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return " (\(sorted.map { "by \($0.key) \($0.value)" }.joined(separator: ", ")))"
  }

  private static func directions(_ report: BatchReport) -> [String] {
    let place = "Report: \(SafeText(report.reportPath, limit: 4096))"
    guard report.checksumsPath != nil else { return [place, "No image is complete, so there is no SHA256SUMS."] }
    return [place, "Check:  (cd \(quoted(report.result.folder)) && sha256sum -c SHA256SUMS)"]
  }

  /// A path as a shell reads it.
  private static func quoted(_ path: String) -> String {
    let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+,:@%".utf8)
    let start = path.hasPrefix("-") ? "./" : ""
    if !path.isEmpty && path.utf8.allSatisfy(plain.contains) { return start + path }
    return start + "'" + SafeText(path, limit: 4096).description.replacing("'", with: "'\\''") + "'"
  }
}
