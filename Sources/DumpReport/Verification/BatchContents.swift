import DumpEngine
import DurableFiles
import Foundation

/// All that a batch folder holds, each file read once; what checks look at.
struct BatchContents {
  /// The folder's path.
  let folder: String
  /// What lies there.
  let scan: FolderScan
  /// Digests of plain files, by path below the folder.
  let digests: [String: ImageDigest]
  /// Why a plain file could not be read, by path.
  let unread: [String: String]
  /// The list of checksums; absent where there is none, or none that can be read.
  let list: ChecksumListText?
  /// The report; absent where there is none, or none that can be believed.
  let report: ReportText
  /// What batch.json says; absent where it cannot be read.
  let record: BatchRecord?
  /// Why batch.json cannot be read, where it is there.
  let recordProblem: String?
  /// Units by the names of their folders.
  let units: [String: UnitContents]
  /// Paths of the images that the list has at all times: report and states call them complete and proven alike.
  let settled: Set<String>
  /// Whether the batch has ended and nothing has worked on it since: only then does the list have more than images.
  let isAtRest: Bool

  /// Most bytes of a file that is read to its end: more than any transcript has.
  private static let longest = 16 << 30

  /// Reads a folder; calls block for as long as the disk takes.
  ///
  /// - Throws: ``DiskError`` where the folder cannot be read.
  init(_ folder: String) throws(DiskError) {
    self.folder = folder
    let scan = try FolderScan(folder)
    self.scan = scan
    var (digests, unread): ([String: ImageDigest], [String: String]) = ([:], [:])
    for path in scan.files {
      guard let size = scan.size(path), size <= Self.longest else {
        unread[path] = "expected at most \(Self.longest.grouped) bytes: see what has replaced it"
        continue
      }
      do throws(DiskError) {
        digests[path] = try ImageDigest(ofFile: "\(folder)/\(path)")
      } catch {
        unread[path] = "expected a file that can be read, found \(error.reason): see whether the disk is healthy"
      }
    }
    (self.digests, self.unread) = (digests, unread)
    list = scan.isFile(ChecksumList.fileName) ? ChecksumListText(ofFile: "\(folder)/\(ChecksumList.fileName)") : nil
    report = ReportText(folder, scan)
    (record, recordProblem) = Self.record(folder, scan)
    var units: [String: UnitContents] = [:]
    for name in scan.folders { units[name] = UnitContents(folder, name, scan) }
    self.units = units
    settled = Self.settled(report.units, units)
    isAtRest = if let list { Self.isAtRest(list, report.units, units.values) } else { !settled.isEmpty }
  }

  /// A unit that was worked on since the report was written is told of by its state.
  private static func settled(_ reported: [UnitResult], _ units: [String: UnitContents]) -> Set<String> {
    func paths(_ unit: UnitResult) -> Set<String> { Set(unit.settledRegions.map { "\(unit.folder)/\($0.file)" }) }
    return reported.reduce(into: []) { settled, unit in
      let told = paths(unit)
      settled.formUnion(units[unit.folder]?.unit.map { told.intersection(paths($0)) } ?? told)
    }
  }

  private static func isAtRest(
    _ list: ChecksumListText, _ reported: [UnitResult], _ units: some Collection<UnitContents>
  ) -> Bool {
    let told = reported.flatMap { unit in unit.regions.map { "\(unit.folder)/\($0.file)" } }
    let known = units.flatMap { unit in unit.regionNames.map { "\(unit.name)/\($0.file)" } }
    let images = Set(told + known)
    // What is listed of a unit whose state cannot be read stays listed, whatever becomes of the batch.
    let damaged = Set(units.filter { $0.state == nil || !$0.problems.isEmpty }.map(\.name))
    return !list.entries.allSatisfy { entry in
      images.contains(entry.path) || entry.path.split(separator: "/").first.map { damaged.contains(String($0)) } == true
    }
  }

  private static func record(_ folder: String, _ scan: FolderScan) -> (BatchRecord?, String?) {
    guard scan.isFile(BatchRecord.fileName) else { return (nil, nil) }
    do throws(DiskError) { return (try BatchRecord.load(from: folder), nil) } catch { return (nil, error.reason) }
  }
}

/// Reading of small files whole.
enum SmallFile {
  /// Most bytes that are read.
  static let longest = 64 << 20

  /// The bytes of a plain file; calls block.
  ///
  /// - Throws: ``DiskError`` where it cannot be read or has more than ``longest`` bytes.
  static func bytes(_ path: String) throws(DiskError) -> [UInt8] {
    let file = try DiskFile(reading: path)
    let size = try file.size
    guard size <= longest else {
      throw DiskError(
        "cannot read", path, reason: "expected at most \(longest.grouped) bytes, found \(size.grouped)",
        remedy: "see what has replaced it")
    }
    return try file.read(size, at: 0)
  }
}
