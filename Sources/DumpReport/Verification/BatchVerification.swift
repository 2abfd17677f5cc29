import DumpEngine
import DurableFiles
import Foundation

/// What a batch folder is worth: every file of it read again and held against every other that tells of it.
///
/// Hidden files and those that end in `.tmp` are no part of a batch and are not looked at; no link is followed, and
/// nothing outside the folder is opened.
public struct BatchVerification: Sendable {
  /// What comes of it.
  public enum Verdict: String, Sendable, CaseIterable {
    /// Everything is as the batch has left it, complete and proven.
    case right
    /// Nothing is wrong, but the batch is incomplete or unproven, was killed, or is at work.
    case unfinished
    /// Something is damaged, changed or forged.
    case wrong
  }

  /// The folder's path.
  public let folder: String
  /// What was found, of the batch as a whole first, then unit by unit.
  public let findings: [VerificationFinding]
  /// The units as far as report and states tell.
  public let units: [UnitResult]
  /// Whether the batch has ended and nothing has worked on it since.
  public let isAtRest: Bool
  /// Whether another process is at work in it, so that nothing was checked.
  public let isAtWork: Bool
  /// The bytes of `SHA256SUMS` that were checked; absent where there is none.
  let list: [UInt8]?

  /// What is looked at in each unit.
  static let unitChecks: [any UnitCheck] = [StateCheck(), ImageFileCheck(), EvidenceCheck()]

  /// What comes of it.
  public var verdict: Verdict {
    if findings.contains(where: { $0.severity == .wrong }) { return .wrong }
    return findings.contains { $0.severity == .notable } ? .unfinished : .right
  }

  /// Whether there is anything in a folder that a batch could have left.
  public static func isBatch(_ folder: String) -> Bool {
    [BatchRecord.fileName, ReportText.fileName, ChecksumList.fileName].contains { name in
      var status = stat()
      return lstat("\(folder)/\(name)", &status) == 0
    }
  }

  /// Checks a folder; calls block for as long as the disk takes.
  ///
  /// - Parameters:
  ///   - key: the public key by which `SHA256SUMS` has to be signed; absent: a signature is not looked at.
  ///   - rebuilds: whether each image is rebuilt from the unit's transcripts alone and compared.
  ///   - isLocked: whether the caller holds the folder's ``BatchLock``.
  /// - Throws: ``DiskError`` where the folder cannot be read or is no batch's.
  public init(
    folder: String, key: PublicKey? = nil, rebuilds: Bool = false, isLocked: Bool = false
  ) throws(DiskError) {
    guard Self.isBatch(folder) else {
      throw DiskError(
        "cannot verify", folder,
        reason: "expected a folder that a batch has left, found no report.json, batch.json or SHA256SUMS in it",
        remedy: "name the folder of --output, or one below --reports")
    }
    // Held until all is read: what changes meanwhile would look damaged.
    let reading = isLocked ? nil : BatchReading(folder)
    defer { withExtendedLifetime(reading) {} }
    self.folder = folder
    if let reading, reading.isAtWork {
      (units, isAtRest, isAtWork, list) = ([], false, true, nil)
      findings = [
        VerificationFinding(
          .notable, "",
          "expected a folder in which nothing works, found another batchdump at work in it: nothing was checked; verify it "
            + "when that has ended")
      ]
      return
    }
    let contents = try BatchContents(folder)
    let subjects = Self.subjects(of: contents)
    units = Self.units(of: contents, subjects)
    (isAtRest, isAtWork) = (contents.isAtRest, false)
    list = contents.list?.bytes
    var findings = contents.scan.strangers + ChecksumListCheck.findings(of: contents)
    findings += BatchFilesCheck.findings(of: contents) + SignatureCheck.findings(of: contents, key)
    var checks = Self.unitChecks
    if rebuilds {
      do throws(DiskError) { checks.append(try TranscriptCheck(contents)) } catch {
        findings.append(VerificationFinding(.wrong, "", error.description))
      }
    }
    findings += subjects.flatMap { subject in checks.flatMap { $0.findings(of: subject) } }
    self.findings = Self.sorted(findings + Self.shortcomings(units))
  }

  /// Every unit that has a folder or that the report tells of.
  private static func subjects(of contents: BatchContents) -> [UnitSubject] {
    let told = contents.report.units.filter { $0.folder.isOneComponent }
    let byFolder = Dictionary(grouping: told, by: \.folder)
    let names = Set(contents.units.keys).union(byFolder.keys).sorted()
    return names.map { name in
      let candidates = byFolder[name] ?? []
      // A slot without a unit is told of by the slot's name, which may be another unit's.
      let reported = candidates.first { unit in unit.regions.contains { !$0.blocks.isEmpty } } ?? candidates.first
      return UnitSubject(name: name, contents: contents.units[name], reported: reported, batch: contents)
    }
  }

  /// The units in the report's order, those that it does not know behind them.
  private static func units(of contents: BatchContents, _ subjects: [UnitSubject]) -> [UnitResult] {
    let known = Dictionary(subjects.compactMap { subject in subject.unit.map { (subject.name, $0) } }) { first, _ in
      first
    }
    let told = contents.report.units.map { unit in contents.isAtRest ? unit : known[unit.folder] ?? unit }
    let others = subjects.compactMap { $0.reported == nil ? $0.contents?.unit : nil }
    // A folder of which nothing is held is no unit that anybody misses.
    return told + others.filter { unit in !contents.isAtRest || unit.regions.contains { !$0.blocks.isEmpty } }
  }

  private static func shortcomings(_ units: [UnitResult]) -> [VerificationFinding] {
    guard !units.isEmpty else {
      return [VerificationFinding(.notable, "", "expected at least one unit, found none: nothing was dumped")]
    }
    return units.flatMap { unit in
      unit.shortcomings.map { VerificationFinding(.notable, unit: unit.folder, "", $0) }
    }
  }

  /// Of the batch first, then by unit; what is wrong first; each once.
  private static func sorted(_ findings: [VerificationFinding]) -> [VerificationFinding] {
    var seen: Set<VerificationFinding> = []
    let ranks = Dictionary(uniqueKeysWithValues: zip(VerificationFinding.Severity.allCases, 0...))
    return findings.filter { seen.insert($0).inserted }.enumerated().sorted { left, right in
      let (one, other) = (left.element, right.element)
      return (one.unit ?? "", ranks[one.severity] ?? 0, left.offset)
        < (other.unit ?? "", ranks[other.severity] ?? 0, right.offset)
    }.map(\.element)
  }
}

/// A batch folder in which no batch begins as long as this lives; others may read it at the same time.
private final class BatchReading: Sendable {
  private let descriptor: Int32
  /// Whether a batch is at work there.
  let isAtWork: Bool

  /// Takes a folder, where its file system has locks.
  init(_ folder: String) {
    descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    isAtWork = descriptor >= 0 && flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
