import DumpEngine
import DumpReport
import Foundation

/// What a person reads when a batch has ended: how it was verified, a table of the units, and where to look.
public enum SummaryText {
  /// The text about a batch whose reports are written; its last line has no line end.
  ///
  /// - Parameter line: path of the manifest of a line that was watched; absent for one batch.
  public static func text(_ report: BatchReport, watching line: String? = nil) -> String {
    let table = SummaryTable(units: report.result.units).lines
    let lines =
      [headline(report.result)] + reuse(report.result.units) + (table.isEmpty ? [] : [""] + table) + [""]
      + directions(report, line)
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
    let skips = units.reduce(0) { $0 + ($1.skipped?.count ?? 0) }
    let skipped = skips > 0 ? "; \(DisplayText.count(skips, "arrival")) skipped, not compared" : ""
    let stopped = skipped + (result.interrupted ? "; stopped by the user" : "")
    return
      "\(DisplayText.count(units.count, "unit")): \(counts.isEmpty ? "nothing done" : counts.joined(separator: ", "))"
      + stopped
  }

  /// What was not read, and how it is known; nothing where all was.
  private static func reuse(_ units: [UnitResult]) -> [String] {
    var sums: [String: Int] = [:]
    for unit in units {
      // What nothing proves is not known to be equal.
      for block in unit.regions.flatMap(\.blocks) where !block.provenance.isElsewhere || block.evidence != .none {
        sums[source(of: block.provenance, in: unit), default: 0] += block.range.count
      }
    }
    let parts = sources.compactMap { source in sums[source].map { "\($0.grouped) from \(source)" } }
    guard !parts.isEmpty else { return [] }
    return [
      "\(sums[wire, default: 0].grouped) bytes were read; not read, but equal by the units' own digests: "
        + "\(parts.joined(separator: ", ")) (`reuse: batch` is the default, `never` reads all)"
    ]
  }

  private static let wire = "the wire"
  private static let (fills, reference) = ("constant fills", "the reference")
  private static let (places, others) = ("equal places of the same unit", "other units")
  /// All but the wire.
  private static let sources = [fills, reference, places, others]

  private static func source(of provenance: Provenance, in unit: UnitResult) -> String {
    switch provenance {
    case .wire, .earlier: wire
    case .constant: fills
    case .reference: reference
    case .sibling(let folder): folder == unit.folder ? places : others
    }
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

  private static func directions(_ report: BatchReport, _ line: String?) -> [String] {
    var lines = [
      "Report: \(SafeText(report.reportPath, limit: 4096))", "Check:  batchdump verify \(quoted(report.result.folder))",
    ]
    if !report.result.units.allSatisfy(\.isVerified) {
      let folder = quoted(report.result.folder)
      let command = line.map { "watch \(quoted($0)) --output \(folder)" } ?? "resume \(folder)"
      lines.append("Go on:  batchdump \(command)")
    }
    return lines
  }

  /// A path as a shell reads it.
  static func quoted(_ path: String) -> String {
    let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+,:@%".utf8)
    let start = path.hasPrefix("-") ? "./" : ""
    if !path.isEmpty && path.utf8.allSatisfy(plain.contains) { return start + path }
    return start + "'" + SafeText(path, limit: 4096).description.replacing("'", with: "'\\''") + "'"
  }
}
