import DumpEngine

/// `SHA256SUMS` against the files.
struct ChecksumListCheck {
  private let contents: BatchContents
  private let list: ChecksumListText
  /// What the list says, by path.
  private let wanted: [String: String]
  /// Paths that the list has, by digest, sorted.
  private let paths: [String: [String]]
  /// Files that the list does not have, at rest.
  private let unlisted: [String]

  /// What is to be said of a folder's list, and of the files by it.
  static func findings(of contents: BatchContents) -> [VerificationFinding] {
    guard let list = contents.list else { return missing(contents) }
    let check = ChecksumListCheck(contents, list)
    return list.problems.map {
      VerificationFinding(
        .wrong, ChecksumList.fileName, "expected the list as batchdump writes it; \($0); \(Remedy.edited)")
    } + check.files + check.strangers + check.images
  }

  private init(_ contents: BatchContents, _ list: ChecksumListText) {
    self.contents = contents
    self.list = list
    wanted = Dictionary(list.entries.map { ($0.path, $0.sha256) }) { first, _ in first }
    paths = Dictionary(grouping: wanted.keys.sorted()) { [wanted] path in wanted[path] ?? "" }
    let damaged = contents.report.units.flatMap { unit in
      unit.regions.filter(\.isDamaged).map { "\(unit.folder)/\($0.file)" }
    }
    let listed = Set(wanted.keys).union(damaged)
    unlisted = contents.scan.files.filter { !listed.contains($0) }
  }

  private static func missing(_ contents: BatchContents) -> [VerificationFinding] {
    let found = contents.scan.words(ChecksumList.fileName)
    guard contents.isAtRest || contents.scan.entries[ChecksumList.fileName] != nil else {
      return [
        VerificationFinding(
          .notable, ChecksumList.fileName,
          "expected the list that a batch leaves when it ends, found \(found): the batch was killed, or is at work; go "
            + "on with `batchdump resume`")
      ]
    }
    return [
      VerificationFinding(
        .wrong, ChecksumList.fileName,
        "expected the list of all files, for report.json tells of complete images, found \(found); take it from a copy of "
          + "the folder, or have `batchdump resume` write it when all else is right")
    ]
  }

  // MARK: Files of the list

  private var files: [VerificationFinding] {
    wanted.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.compactMap { path, sha256 in
      guard Self.isInside(path) else {
        return VerificationFinding(
          .wrong, ChecksumList.fileName,
          "expected paths of files in this folder and in folders of units, found \(path), which was not opened; "
            + Remedy.edited)
      }
      return finding(path, sha256)
    }
  }

  private func finding(_ path: String, _ sha256: String) -> VerificationFinding? {
    guard contents.scan.isFile(path) else { return absent(path, sha256) }
    guard let found = contents.digests[path]?.sha256 else {
      return VerificationFinding(.wrong, path, contents.unread[path] ?? "expected a file that can be read")
    }
    guard found != sha256 else { return nil }
    if let other = paths[found]?.first(where: { $0 != path }) {
      let isSwap = contents.digests[other]?.sha256 == sha256
      return VerificationFinding(
        .wrong, path,
        isSwap
          ? "expected what SHA256SUMS lists, found what is listed as \(other): the two are swapped; rename them"
          : "expected what SHA256SUMS lists, found a copy of \(other); \(Self.remedy(path))")
    }
    return VerificationFinding(
      .wrong, path, "expected sha256 \(sha256) of SHA256SUMS, found \(found); \(Self.remedy(path))")
  }

  private func absent(_ path: String, _ sha256: String) -> VerificationFinding {
    if let other = unlisted.first(where: { contents.digests[$0]?.sha256 == sha256 }) {
      return VerificationFinding(
        .wrong, path, "expected the file that SHA256SUMS lists, found it renamed to \(other); rename it")
    }
    return VerificationFinding(
      .wrong, path,
      "expected the file that SHA256SUMS lists, found \(contents.scan.words(path)); \(Self.remedy(path))")
  }

  /// No dump brings back what the batch itself has written.
  private static func remedy(_ path: String) -> String { path.contains("/") ? Remedy.restore : Remedy.restoreFile }

  /// Whether a path is of a file of the folder or of a folder in it.
  private static func isInside(_ path: String) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return (1...2).contains(parts.count)
      && parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && !$0.utf8.contains(0) }
  }

  // MARK: Files that the list does not have

  private var strangers: [VerificationFinding] {
    guard contents.isAtRest else {
      return [
        VerificationFinding(
          .notable, ChecksumList.fileName,
          "expected the list of all files that a batch leaves when it ends, found one of complete images alone: the batch "
            + "was killed, or is at work; go on with `batchdump resume`")
      ]
    }
    let absent = Set(wanted.filter { !contents.scan.isFile($0.key) }.values)
    return unlisted.compactMap { path in
      // One that was renamed is told of under its name in the list.
      if let sha256 = contents.digests[path]?.sha256, absent.contains(sha256) { return nil }
      return VerificationFinding(
        .wrong, path,
        "expected files that SHA256SUMS lists, found one that it does not; remove it, or see where it is from")
    }
  }

  /// While a batch is at work the list has all images that the report knows and nothing is left to do for, as long as
  /// they are what they were.
  private var images: [VerificationFinding] {
    guard !contents.isAtRest else { return [] }
    return contents.report.units.flatMap { unit in
      unit.regions.compactMap { region in
        let path = "\(unit.folder)/\(region.file)"
        guard contents.settled.contains(path), let sha256 = region.sha256, wanted[path] == nil,
          contents.digests[path]?.sha256 == sha256
        else { return nil }
        return VerificationFinding(
          .wrong, path,
          "expected SHA256SUMS to list every complete image of report.json that is proven, found no line for this one; "
            + Remedy.restoreFile)
      }
    }
  }
}
