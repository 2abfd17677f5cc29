import DumpEngine
import DurableFiles
import Foundation

/// The folder that a batch leaves: a new one, or one of the same batch, so that no run ever writes over another's images.
public struct BatchFolder: Sendable {
  /// Where the folder is.
  public let path: String

  /// Names that reports have in a batch folder; no unit's folder may take one.
  static let reportNames = [
    "report.json", "report.html", "report.junit.xml", "units.csv", ChecksumList.fileName, ChecksumList.signatureName,
    BatchRecord.fileName, "manifest.json", "manifest.plist",
  ]

  /// A folder that was made before.
  public init(existing path: String) { self.path = path }

  /// Makes a new folder below `parent`, named after the manifest and the start in UTC:
  /// `camera-line-20261123T071500Z`. Where that is taken already, `-2` is added, and so on. Calls block.
  ///
  /// - Throws: ``DiskError`` where the folder cannot be made.
  public static func make(batch: String, started: Date, below parent: String) throws(DiskError) -> BatchFolder {
    try makeFolders(parent)
    let stem = "\(FileName(batch) ?? .unnamed)-\(stamp(started))"
    var number = 1
    while true {
      let path = parent + "/" + (number == 1 ? stem : "\(stem)-\(number)")
      if mkdir(path, 0o755) == 0 {
        try DurableFile.sync(folder: parent)
        return BatchFolder(existing: path)
      }
      guard errno == EEXIST else { throw DiskError("cannot make the folder", path) }
      number += 1
    }
  }

  /// Makes the folder at exactly this path. One that is there already must be empty. Calls block.
  ///
  /// - Throws: ``DiskError`` where the folder cannot be made or holds anything.
  public static func make(at path: String) throws(DiskError) -> BatchFolder {
    try makeFolders(path)
    let entries: [String]
    do {
      entries = try FileManager.default.contentsOfDirectory(atPath: path)
    } catch {
      throw DiskError("cannot read the folder", path, reason: "\(error)", remedy: "choose another with --output")
    }
    // A run that ended before its record was written has left no more than this.
    let beginnings =
      ["manifest.json", "manifest.plist"].flatMap { [$0, $0 + ".tmp"] } + [BatchRecord.fileName + ".tmp"]
    guard let first = entries.filter({ !beginnings.contains($0) }).sorted().first else {
      return BatchFolder(existing: path)
    }
    throw DiskError(
      "cannot use the folder", path,
      reason: "expected it to be empty, new or a batch's, found \(SafeText(first, limit: 64)) in it",
      remedy: "choose another with --output")
  }

  /// Makes a new folder for a unit, by a name from ``UnitFolderNames``. Calls block.
  ///
  /// One without a unit's state is taken as it is: a run that ended before it came to write one has left it. Its name is
  /// on the disk only when this folder is synced.
  ///
  /// - Throws: ``DiskError`` where the folder cannot be made, or is another unit's.
  public func makeUnitFolder(named name: String) throws(DiskError) {
    let folder = "\(path)/\(name)"
    guard mkdir(folder, 0o755) == 0 else {
      let code = errno
      var status = stat()
      let isFolder = code == EEXIST && lstat(folder, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
      if isFolder, access("\(folder)/\(UnitState.fileName)", F_OK) != 0 { return }
      throw DiskError("cannot make the folder", folder, code: code)
    }
  }

  /// Makes a folder and those above it that are not there yet.
  private static func makeFolders(_ path: String) throws(DiskError) {
    var isFolder = stat()
    if stat(path, &isFolder) == 0 {
      guard isFolder.st_mode & S_IFMT == S_IFDIR else { throw DiskError("cannot use", path, code: ENOTDIR) }
      return
    }
    let parent = DurableFile.folder(of: path)
    if parent != path { try makeFolders(parent) }
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw DiskError("cannot make the folder", path) }
    try DurableFile.sync(folder: parent)
  }

  /// UTC, to the second, without characters that need care in a shell.
  private static func stamp(_ date: Date) -> String {
    date.formatted(Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted, timeZone: .gmt))
  }
}
