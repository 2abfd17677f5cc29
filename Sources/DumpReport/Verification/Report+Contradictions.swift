import DumpEngine
import Foundation

extension Report {
  /// What the report says that does not follow from its own details.
  ///
  /// - Parameter rebuilt: its units as a batch would have left them.
  func contradictions(_ rebuilt: [UnitResult]) -> [String] {
    var problems = zip(units, rebuilt).flatMap { $0.contradictions($1) }
    func compare(_ what: String, _ found: Int, _ expected: Int) {
      if found != expected { problems.append(Self.message(what, "\(expected.grouped)", "\(found.grouped)")) }
    }
    let wanted = Summary(rebuilt)
    compare("summary.units", summary.units, wanted.units)
    compare("summary.verified", summary.verified, wanted.verified)
    compare("summary.complete", summary.complete, wanted.complete)
    compare("summary.partial", summary.partial, wanted.partial)
    compare("summary.failed", summary.failed, wanted.failed)
    compare("summary.bytesWanted", summary.bytesWanted, wanted.bytesWanted)
    compare("summary.bytesHeld", summary.bytesHeld, wanted.bytesHeld)
    compare("summary.bytesVerified", summary.bytesVerified, wanted.bytesVerified)
    compare("summary.bytesReused", summary.bytesReused, wanted.bytesReused)
    compare("exitStatus", exitStatus, expectedExitStatus(rebuilt))
    if ended < started { problems.append(Self.message("ended", "a time behind the batch's start", "one before it")) }
    return problems
  }

  private func expectedExitStatus(_ rebuilt: [UnitResult]) -> Int {
    var batch = BatchResult(
      name: batch, folder: "", manifest: .init(file: "", digest: ""), toolVersion: toolVersion, started: started)
    batch.interrupted = interrupted
    batch.units = rebuilt
    return Int(batch.exitStatus.rawValue)
  }

  fileprivate static func message(_ what: String, _ expected: String, _ found: String) -> String {
    "expected \(what) to be \(expected) by what the report tells in detail, found \(found); \(Remedy.edited)"
  }
}

extension Report.Unit {
  fileprivate func contradictions(_ rebuilt: UnitResult) -> [String] {
    var problems = zip(regions, rebuilt.regions).flatMap { $0.contradictions($1, in: folder) }
    if standing != rebuilt.standing {
      problems.append(
        Report.message("the standing of \(folder)", rebuilt.standing.rawValue, standing.rawValue))
    }
    let expected = max(0, ended.timeIntervalSince(started))
    // Both times were cut to milliseconds after their difference was.
    if abs(seconds - expected) > 0.002 {
      problems.append(Report.message("the seconds of \(folder)", "\(expected)", "\(seconds)"))
    }
    return problems
  }
}

extension Report.Region {
  fileprivate func contradictions(_ rebuilt: RegionResult, in folder: String) -> [String] {
    let expected = Report.Region(rebuilt)
    let place = "\(folder)/\(file)"
    var problems: [String] = []
    func compare(_ what: String, _ found: String, _ expected: String) {
      if found != expected { problems.append(Report.message("\(what) of \(place)", expected, found)) }
    }
    compare("the bytes held", held.grouped, expected.held.grouped)
    compare("completeness", "\(complete)", "\(expected.complete)")
    compare("what is missing", missing.words, expected.missing.words)
    if verified, !expected.verified, rebuilt.isComplete {
      let unproven = rebuilt.blocks.filter { $0.evidence == .none }.reduce(0) { $0 + $1.range.count }
      problems.append(
        "expected \(place) not to be called verified, for "
          + (unproven > 0 ? "nothing proves \(unproven.grouped) bytes of it" : "a check of it has failed")
          + "; \(Remedy.edited)")
    } else {
      compare("`verified`", "\(verified)", "\(expected.verified)")
    }
    if expected.blocks != blocks {
      problems.append(Report.message("the blocks of \(place)", "joined where they are alike", "some apart"))
    }
    if expected.sources != sources {
      problems.append(Report.message("the sources of \(place)", "the sums of its blocks", "others"))
    }
    let held = RangeSet(rebuilt.blocks.map(\.range))
    if rebuilt.bad.contains(where: { !held.intersection(RangeSet($0)).isEmpty }) {
      problems.append(Report.message("what was given up of \(place)", "apart from what is held", "bytes in both"))
    }
    // An image that failed its audit keeps the session's digests, or has none.
    let isWhole = complete && !rebuilt.isDamaged
    if isWhole ? sha256 == nil || crc32 == nil : !complete && (sha256 != nil || crc32 != nil) {
      let found = "\(sha256 ?? "none") and \(crc32 ?? "none")"
      problems.append(
        Report.message("sha256 and crc32 of \(place)", complete ? "there, for it is complete" : "absent", found))
    }
    return problems
  }
}

extension [Report.Extent] {
  fileprivate var words: String {
    let ranges = prefix(4).map { "\($0.start.value.hex) to \($0.end.value.hex)" }.joined(separator: ", ")
    return isEmpty ? "nothing" : ranges + (count > 4 ? ", …" : "")
  }
}
