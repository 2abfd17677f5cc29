import DumpEngine
import Foundation

/// `report.json`, `batch.json` and the copy of the manifest: readable, and of one batch.
struct BatchFilesCheck {
  private let contents: BatchContents

  /// What is to be said of a folder's own files.
  static func findings(of contents: BatchContents) -> [VerificationFinding] {
    let check = BatchFilesCheck(contents: contents)
    return check.report + check.record + check.manifest + check.units
  }

  private var report: [VerificationFinding] {
    let text = contents.report
    guard text.exists else {
      let found = contents.scan.words(ReportText.fileName)
      return [
        VerificationFinding(
          contents.isAtRest ? .wrong : .notable, ReportText.fileName,
          "expected the report that a batch leaves, found \(found)"
            + (contents.isAtRest
              ? "; \(Remedy.restoreFile)" : ": the batch was killed, or is at work; go on with `batchdump resume`"))
      ]
    }
    return text.problems.map { VerificationFinding(.wrong, ReportText.fileName, $0) }
  }

  private var record: [VerificationFinding] {
    let name = BatchRecord.fileName
    guard let record = contents.record else {
      let found = contents.recordProblem ?? contents.scan.words(name)
      return [
        VerificationFinding(
          .wrong, name, "expected the record of a batch, found \(found); \(Remedy.restoreFile)")
      ]
    }
    var findings: [VerificationFinding] = []
    func compare(_ what: String, _ found: String, _ expected: String) {
      guard found != expected else { return }
      findings.append(
        VerificationFinding(
          .wrong, name, "expected \(what) \(expected), as report.json says, found \(found); \(Remedy.restoreFile)"))
    }
    if (try? record.bytes()) != (try? SmallFile.bytes("\(contents.folder)/\(name)")) {
      findings.append(
        VerificationFinding(
          .wrong, name, "expected the bytes that batchdump writes for what it says, found other ones; \(Remedy.edited)")
      )
    }
    // A batch that goes on by another manifest has a new record long before it has a new report.
    guard contents.isAtRest, let report = contents.report.report else { return findings }
    compare("the batch", record.name, report.batch)
    compare("the manifest", record.manifestFile, report.manifest.file)
    compare("the manifest's sha256", record.manifestDigest, report.manifest.sha256)
    // The record has whole seconds.
    if abs(record.started.timeIntervalSince(report.started)) > 1 {
      compare("the start", "\(record.started)", "\(report.started)")
    }
    return findings
  }

  private var manifest: [VerificationFinding] {
    guard let record = contents.record else { return [] }
    guard let digest = contents.digests[record.manifestCopy]?.sha256 else {
      return [
        VerificationFinding(
          .wrong, record.manifestCopy,
          "expected the copy of the manifest that batch.json tells of, found "
            + "\(contents.scan.words(record.manifestCopy)); \(Remedy.restoreFile)")
      ]
    }
    guard digest != record.manifestDigest else { return [] }
    return [
      VerificationFinding(
        // A batch that goes on by another manifest may be killed between writing the two.
        contents.isAtRest ? .wrong : .notable, record.manifestCopy,
        "expected the manifest with sha256 \(record.manifestDigest) of batch.json, found \(digest); "
          + Remedy.restoreFile)
    ]
  }

  /// Units that the report tells of in a way that cannot be.
  private var units: [VerificationFinding] {
    var findings: [VerificationFinding] = []
    var seen: Set<String> = []
    for unit in contents.report.units {
      if !unit.folder.isOneComponent
        || unit.regions.contains(where: { !$0.file.isOneComponent || !$0.name.isOneComponent })
      {
        findings.append(
          VerificationFinding(
            .wrong, ReportText.fileName,
            "expected plain names of folders and files for slot \(unit.slot), found \(unit.folder) and "
              + "\(unit.regions.map(\.file).joined(separator: ", ")), which could lead out of the folder and were not "
              + "opened; \(Remedy.edited)"))
      }
      guard unit.regions.contains(where: { !$0.blocks.isEmpty }) else { continue }
      if !seen.insert(unit.folder).inserted {
        findings.append(
          VerificationFinding(
            .wrong, ReportText.fileName,
            "expected a folder of its own for each unit, found \(unit.folder) for two; \(Remedy.edited)"))
      }
    }
    return findings
  }
}

extension String {
  /// Whether this is the name of something in a folder, and cannot lead out of it.
  var isOneComponent: Bool {
    !isEmpty && self != "." && self != ".." && !utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
  }
}
