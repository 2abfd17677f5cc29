import ConsoleDialect
import DeviceDigests
import DumpEngine
import DurableFiles

/// The unit's images: under the right name, of the right size, with the right digests, ours and the unit's own.
struct ImageFileCheck: UnitCheck {
  func findings(of subject: UnitSubject) -> [VerificationFinding] {
    guard let contents = subject.contents else { return [] }
    let regions = contents.state == nil ? subject.reported?.regions ?? [] : contents.results
    return regions.flatMap { region in
      region.isComplete ? complete(region, subject) : incomplete(region, subject)
    }
  }

  private func incomplete(_ region: RegionResult, _ subject: UnitSubject) -> [VerificationFinding] {
    let partial = region.file + ".partial"
    var findings: [VerificationFinding] = []
    if subject.batch.scan.entries[subject.path(region.file)] != nil {
      findings.append(
        subject.finding(
          subject.severity, region.file,
          "expected \(partial), for the evidence calls it incomplete, found the name of a complete image; "
            + subject.remedy("rename it, or dump the unit again")))
    }
    guard let end = region.blocks.last?.range.upperBound else { return findings }
    guard let size = subject.batch.scan.size(subject.path(partial)) else {
      // Under its final name it is told of above.
      guard findings.isEmpty else { return findings }
      return [
        subject.finding(
          .wrong, partial,
          "expected an image of which \(region.held.grouped) bytes are held, found "
            + "\(subject.batch.scan.words(subject.path(partial))); \(Remedy.restore)")
      ]
    }
    guard !(end...region.size).contains(size) else { return findings }
    return findings + [
      subject.finding(
        .wrong, partial,
        "expected \(end.grouped) to \(region.size.grouped) bytes, found \(size.grouped); \(Remedy.restore)")
    ]
  }

  private func complete(_ region: RegionResult, _ subject: UnitSubject) -> [VerificationFinding] {
    let (path, partial) = (subject.path(region.file), region.file + ".partial")
    let hasPartial = subject.batch.scan.entries[subject.path(partial)] != nil
    guard let size = subject.batch.scan.size(path) else {
      guard hasPartial, subject.batch.scan.entries[path] == nil else {
        return [
          subject.finding(
            .wrong, region.file,
            "expected a complete image of \(region.size.grouped) bytes, found \(subject.batch.scan.words(path)); "
              + Remedy.restore)
        ]
      }
      return [
        subject.finding(
          subject.severity, partial,
          "expected \(region.file), for the evidence calls it complete, found the name of an incomplete image; "
            + subject.remedy("rename it, or dump the unit again"))
      ]
    }
    var findings: [VerificationFinding] = []
    if hasPartial {
      findings.append(
        subject.finding(
          subject.severity, partial,
          "expected nothing of that name beside the complete image, found one; \(subject.remedy("remove it"))"))
    }
    guard size == region.size else {
      return findings + [
        subject.finding(
          .wrong, region.file,
          "expected an image of \(region.size.grouped) bytes, found \(size.grouped); \(Remedy.restore)")
      ]
    }
    return findings + digests(region, subject)
  }

  private func digests(_ region: RegionResult, _ subject: UnitSubject) -> [VerificationFinding] {
    guard let found = subject.batch.digests[subject.path(region.file)] else {
      let reason = subject.batch.unread[subject.path(region.file)] ?? "expected an image that can be read"
      return [subject.finding(.wrong, region.file, reason)]
    }
    var findings: [VerificationFinding] = []
    func compare(_ what: String, _ found: String, _ expected: String) {
      guard found != expected else { return }
      findings.append(
        subject.finding(.wrong, region.file, "expected \(what) \(expected), found \(found); \(Remedy.restore)"))
    }
    compare("sha256", found.sha256, region.sha256 ?? "in the evidence, which has none")
    if let crc32 = region.crc32 { compare("crc32", found.crc32.digits, crc32.digits) }
    if let theirs = region.deviceDigest {
      switch theirs.algorithm {
      case .sha256: compare("the unit's own sha256", found.sha256, theirs.value)
      case .crc32: compare("the unit's own crc32", found.crc32.digits, theirs.value)
      case .md5, .sha1, .cksum:
        let ours = Self.digest(theirs.algorithm, "\(subject.batch.folder)/\(subject.path(region.file))")
        compare("the unit's own \(theirs.algorithm.rawValue)", ours, theirs.value)
      }
    }
    return findings
  }

  /// The digest of a file, read in pieces; in words where it cannot be read.
  private static func digest(_ algorithm: DigestAlgorithm, _ path: String) -> String {
    do throws(DiskError) {
      let file = try DiskFile(reading: path)
      let size = try file.size
      var digest = HostDigest(algorithm)
      for start in stride(from: 0, to: size, by: 1 << 20) {
        digest.update(try file.read(min(1 << 20, size - start), at: start))
      }
      return digest.hex
    } catch {
      return "no file that can be read (\(error.reason))"
    }
  }
}

extension UInt32 {
  /// Eight hex digits.
  fileprivate var digits: String { String(String(UInt64(self) | 1 << 32, radix: 16).dropFirst()) }
}
