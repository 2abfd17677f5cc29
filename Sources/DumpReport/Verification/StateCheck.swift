import DumpEngine

/// The unit's states: there, readable, and saying the same as the report.
struct StateCheck: UnitCheck {
  func findings(of subject: UnitSubject) -> [VerificationFinding] {
    guard let contents = subject.contents else { return withoutFolder(subject) }
    var findings = contents.problems.map { subject.finding(.wrong, $0.file, $0.text) }
    findings += audit(subject)
    guard let unit = contents.unit else { return findings + withoutState(subject) }
    guard subject.batch.isAtRest, subject.batch.report.report != nil else { return findings }
    guard let reported = subject.reported else {
      guard contents.holdsAnything else { return findings }
      return findings + [
        subject.finding(
          .wrong, UnitState.fileName,
          "expected every unit of which anything is held in report.json, found this one missing there; \(Remedy.edited)"
        )
      ]
    }
    findings += identity(subject, unit, reported)
    findings += regions(subject, unit, reported)
    return findings
  }

  /// What the batch itself has found wrong with the unit's files.
  private func audit(_ subject: UnitSubject) -> [VerificationFinding] {
    guard subject.batch.isAtRest else { return [] }
    return (subject.reported?.regions ?? []).flatMap { region in
      region.checks.filter { $0.kind == CheckResult.fileKind && !$0.passed }.map {
        subject.finding(.wrong, region.file, "report.json says that the image was damaged already: \($0.message)")
      }
    }
  }

  private func withoutFolder(_ subject: UnitSubject) -> [VerificationFinding] {
    guard let reported = subject.reported, reported.regions.contains(where: { !$0.blocks.isEmpty }) else { return [] }
    return [
      VerificationFinding(
        .wrong, unit: subject.name, subject.name,
        "expected the folder of a unit that report.json tells of, found \(subject.batch.scan.words(subject.name)); "
          + Remedy.restore)
    ]
  }

  private func withoutState(_ subject: UnitSubject) -> [VerificationFinding] {
    let isThere = subject.batch.scan.isFile(subject.path(UnitState.fileName))
    guard !isThere, subject.reported?.regions.contains(where: { !$0.blocks.isEmpty }) == true else {
      return orphaned(subject, isThere ? "none that can be read" : nil)
    }
    return [
      subject.finding(
        .wrong, UnitState.fileName,
        "expected the state of a unit that report.json tells of, found "
          + "\(subject.batch.scan.words(subject.path(UnitState.fileName))); \(Remedy.restoreFile)")
    ]
  }

  /// No run leaves evidence before its unit's state: something has taken that away.
  private func orphaned(_ subject: UnitSubject, _ found: String?) -> [VerificationFinding] {
    let evidence = subject.batch.scan.files.first {
      $0.hasPrefix(subject.path("")) && $0.hasSuffix(RegionState.suffix)
    }
    guard let evidence else { return [] }
    let found = found ?? subject.batch.scan.words(subject.path(UnitState.fileName))
    return [
      subject.finding(
        .wrong, UnitState.fileName,
        "expected the state of the unit whose evidence lies in \(subject.name), such as \(evidence), found \(found); "
          + Remedy.restoreFile)
    ]
  }

  private func identity(
    _ subject: UnitSubject, _ unit: UnitResult, _ reported: UnitResult
  ) -> [VerificationFinding] {
    var findings: [VerificationFinding] = []
    func compare(_ what: String, _ found: String, _ expected: String) {
      guard found != expected else { return }
      findings.append(
        subject.finding(
          .wrong, UnitState.fileName,
          "expected \(what) \(expected), as report.json says, found \(found); \(Remedy.restoreFile)"))
    }
    // A unit that was only looked at again may have told more facts, which its state does not have.
    for fact in unit.identity {
      compare("the fact \(fact.name)", fact.value, reported.identity.first { $0.name == fact.name }?.value ?? "none")
    }
    compare("the dialect", unit.dialect, reported.dialect)
    compare("regions", unit.regions.map(\.name).list, reported.regions.map(\.name).list)
    return findings
  }

  private func regions(
    _ subject: UnitSubject, _ unit: UnitResult, _ reported: UnitResult
  ) -> [VerificationFinding] {
    zip(unit.regions, reported.regions).flatMap { known, told -> [VerificationFinding] in
      guard known.name == told.name else { return [] }
      let (known, told) = (Report.Region(known), Report.Region(told))
      let file = known.name + RegionState.suffix
      let differences = known.differences(from: told)
      return differences.map {
        subject.finding(
          .wrong, file, "expected \($0.what) \($0.told), as report.json says, found \($0.known); \(Remedy.restoreFile)")
      }
    }
  }
}

extension Report.Region {
  /// In what a region's evidence and the report's word of it differ.
  fileprivate func differences(from told: Report.Region) -> [(what: String, known: String, told: String)] {
    var differences: [(String, String, String)] = []
    func compare(_ what: String, _ known: String, _ told: String) {
      if known != told { differences.append((what, known, told)) }
    }
    compare("the image", file, told.file)
    compare("the address", address.value.hex, told.address.value.hex)
    compare("the size", size.grouped, told.size.grouped)
    compare("completeness", "\(complete)", "\(told.complete)")
    compare("blocks", blocks.words, told.blocks.words)
    compare("given up", bad.map(\.words).list, told.bad.map(\.words).list)
    compare("faults", faultWords, told.faultWords)
    compare("sha256", sha256 ?? "none", told.sha256 ?? "none")
    // The audit adds the checksum where a session left none.
    if let crc32 { compare("crc32", crc32, told.crc32 ?? "none") }
    // What the unit says of the whole may come to nothing where the image cannot be given its name.
    if complete { compare("the unit's digest", deviceDigest?.words ?? "none", told.deviceDigest?.words ?? "none") }
    compare("checks", checkWords, told.checkWords)
    return differences
  }

  private var faultWords: String {
    (faults ?? []).map { "\($0.cause.rawValue) \($0.start.value.hex) to \($0.end.value.hex)" }.list
  }

  private var checkWords: String {
    checks.filter { $0.kind != CheckResult.fileKind }.map { "\($0.kind) \($0.passed) \($0.message)" }.list
  }
}

extension Report.Digest {
  fileprivate var words: String { "\(algorithm.rawValue) \(value)" }
}

extension Report.Extent {
  fileprivate var words: String { "\(start.value.hex) to \(end.value.hex)" }
}

extension [Report.Block] {
  fileprivate var words: String {
    map {
      "\($0.start.value.hex) to \($0.end.value.hex) \($0.algorithm?.rawValue ?? $0.evidence.rawValue) "
        + $0.provenance.rawValue
    }.list
  }
}

extension [String] {
  /// As messages write it.
  fileprivate var list: String { isEmpty ? "none" : joined(separator: ", ") }
}
