import DumpEngine
import DumpReport

/// What a person reads when a batch folder was checked: a table of its units with what was found under each, and what to
/// do.
public enum VerificationText {
  /// The text about a folder; its last line has no line end.
  ///
  /// - Parameter isQuiet: whether only what is wrong is told, a line each; the text is empty where nothing is.
  public static func text(_ verification: BatchVerification, isQuiet: Bool) -> String {
    let folder = SafeText(verification.folder, limit: 4096).description
    guard !isQuiet else {
      return verification.findings.filter { $0.severity == .wrong }.map { "\(folder): \($0.text)" }
        .joined(separator: "\n")
    }
    let folders = Set(verification.units.map(\.folder))
    let loose = verification.findings.filter { !folders.contains($0.unit ?? "") }
    let table = table(verification)
    let units = verification.isAtWork ? "at work" : DisplayText.count(verification.units.count, "unit")
    let lines = ["\(folder): \(units)"] + loose.map { "    \(line($0))" }
    return (lines + (table.isEmpty ? [] : [""] + table + [""]) + [ending(verification)]).joined(separator: "\n")
  }

  private static func table(_ verification: BatchVerification) -> [String] {
    let findings = Dictionary(grouping: verification.findings) { $0.unit ?? "" }
    let wrong = findings.filter { $0.value.contains { $0.severity == .wrong } }
    return SummaryTable(
      units: verification.units, results: wrong.mapValues { _ in "WRONG" },
      notes: { unit in (findings[unit.folder] ?? []).map(line) }
    ).lines
  }

  private static func line(_ finding: VerificationFinding) -> String {
    switch finding.severity {
    case .wrong: "wrong: \(finding.text)"
    case .notable: finding.text
    case .remark: "note: \(finding.text)"
    }
  }

  private static func ending(_ verification: BatchVerification) -> String {
    switch verification.verdict {
    case .right: return "OK"
    case .unfinished:
      guard !verification.isAtWork else { return "NOT CHECKED: verify it again when the batch has ended" }
      return "NOT COMPLETE: nothing is wrong; go on with: batchdump resume \(SummaryText.quoted(verification.folder))"
    case .wrong:
      let count = verification.findings.count { $0.severity == .wrong }
      return
        "WRONG: \(DisplayText.count(count, "finding")), see above: use nothing that is named there before it is settled"
    }
  }
}
