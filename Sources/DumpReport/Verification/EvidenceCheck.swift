import DumpEngine
import DurableFiles

/// The evidence of the unit's regions against the maps beside it and the bytes that it is of.
struct EvidenceCheck: UnitCheck {
  func findings(of subject: UnitSubject) -> [VerificationFinding] {
    guard let contents = subject.contents else { return [] }
    return contents.regionNames.flatMap { region -> [VerificationFinding] in
      guard let state = contents.regions[region.name] else { return missing(region, subject) }
      return map(state, subject) + pages(state, subject)
    }
  }

  private func missing(_ region: RegionResult, _ subject: UnitSubject) -> [VerificationFinding] {
    let file = region.name + RegionState.suffix
    let reported = subject.reported?.regions.first { $0.name == region.name }
    let isThere = subject.batch.scan.isFile(subject.path(file))
    guard !isThere, let reported, !reported.blocks.isEmpty || !reported.bad.isEmpty else { return [] }
    return [
      subject.finding(
        .wrong, file,
        "expected the evidence of \(reported.held.grouped) bytes, found \(subject.batch.scan.words(subject.path(file)));"
          + " \(Remedy.restoreFile)")
    ]
  }

  // MARK: Maps

  private func map(_ state: RegionState, _ subject: UnitSubject) -> [VerificationFinding] {
    let file = state.result.name + ".map"
    let path = subject.path(file)
    guard subject.batch.scan.isFile(path) else {
      return [
        subject.finding(
          subject.severity, file,
          "expected the map of \(state.result.name), found \(subject.batch.scan.words(path)); "
            + subject.remedy(Remedy.restoreFile))
      ]
    }
    do {
      let bytes = try SmallFile.bytes("\(subject.batch.folder)/\(path)")
      if bytes.elementsEqual(Mapfile(state).text(region: state.result.name).utf8) { return [] }
      return [difference(try Mapfile(reading: bytes), state, subject)]
    } catch {
      return [subject.finding(.wrong, file, "expected a map, found that \(error); \(Remedy.restoreFile)")]
    }
  }

  /// In what a map differs from that of the evidence: whoever wants bytes read again marks them in it.
  private func difference(_ found: Mapfile, _ state: RegionState, _ subject: UnitSubject) -> VerificationFinding {
    let file = state.result.name + ".map"
    let (finished, claimed) = (Mapfile(state).ranges(.finished), found.ranges(.finished))
    let surplus = claimed.subtracting(finished)
    if let first = surplus.ranges.first {
      return subject.finding(
        subject.severity, file,
        "expected nothing called finished but what is by the evidence, found \(surplus.bytes.grouped) bytes more, the "
          + "first at \(first.lowerBound.hex); \(subject.remedy(Remedy.restoreFile))")
    }
    let end = found.blocks.last?.range.upperBound ?? 0
    guard end == state.result.size else {
      return subject.finding(
        .wrong, file,
        "expected a map of \(state.result.size.grouped) bytes, found one of \(end.grouped); \(Remedy.restoreFile)")
    }
    let marked = finished.subtracting(claimed)
    return subject.finding(
      .notable, file,
      "expected the map that follows from the evidence, found \(marked.bytes.grouped) bytes marked by hand; "
        + "`batchdump resume` reads them again")
  }

  // MARK: Pages

  private func pages(_ state: RegionState, _ subject: UnitSubject) -> [VerificationFinding] {
    let result = state.result
    let name = [result.file, result.file + ".partial"].first { subject.batch.scan.isFile(subject.path($0)) }
    // A file that is gone or too short is told of already.
    guard let name, let size = subject.batch.scan.size(subject.path(name)),
      size >= result.blocks.last?.range.upperBound ?? 0
    else { return [] }
    do throws(DiskError) {
      let file = try DiskFile(reading: "\(subject.batch.folder)/\(subject.path(name))")
      let (differing, unaccounted) = try state.pages.audit(finished: state.finished, in: file)
      var findings: [VerificationFinding] = []
      if let first = differing.first {
        findings.append(
          subject.finding(
            .wrong, name,
            "expected the bytes that the evidence has checksums of, found others on \(differing.count) of its pages, the "
              + "first at \((first * PageChecks.pageSize).hex); \(Remedy.restore)"))
      }
      // Without proof demanded, a session that goes on keeps no checksums of what it does not touch.
      if let first = unaccounted.first, state.demandsProof {
        findings.append(
          subject.finding(
            .wrong, result.name + RegionState.suffix,
            "expected a checksum for each page with finished bytes and no other, found \(unaccounted.count) pages "
              + "otherwise, the first at \(first.multipliedReportingOverflow(by: PageChecks.pageSize).partialValue.hex); "
              + Remedy.restoreFile))
      }
      return findings
    } catch {
      return [subject.finding(.wrong, name, "expected an image that can be read, found \(error.reason)")]
    }
  }
}

extension RangeSet<Int> {
  /// How many bytes the ranges hold.
  fileprivate var bytes: Int { ranges.reduce(0) { $0 + $1.count } }
}
