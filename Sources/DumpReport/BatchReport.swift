import DurableFiles
import Foundation

/// The reports of a batch, written to its folder.
public struct BatchReport: Sendable {
  /// The batch as the disk holds it: every complete image read again. Its exit status is the program's.
  public let result: BatchResult
  /// Where `report.json` is.
  public let reportPath: String
  /// Where `SHA256SUMS` is, or would be if there were anything to list.
  public let checksumsPath: String

  package init(result: BatchResult, reportPath: String, checksumsPath: String) {
    self.result = result
    self.reportPath = reportPath
    self.checksumsPath = checksumsPath
  }

  /// Reads the images again, then writes the reports of a batch that has ended; see ``write(audited:isAtRest:)``.
  ///
  /// - Throws: ``DiskError`` where a file cannot be written. What is wrong with an image is in ``result`` instead.
  public static func write(_ result: BatchResult) throws(DiskError) -> BatchReport {
    try write(audited: result.audited(), isAtRest: true)
  }

  /// Writes `SHA256SUMS` and `report.json` of a result whose images were read when they were done, each whole or not at
  /// all.
  /// Calls block for as long as the disk takes.
  ///
  /// At no instant does the list say anything of a file that is not so: first it is of the images alone that nothing is
  /// left to do for, which never change, then the report is written, and at rest last the list of all files.
  ///
  /// - Throws: ``DiskError`` where a file cannot be written.
  public static func write(audited: BatchResult, isAtRest: Bool) throws(DiskError) -> BatchReport {
    let folder = audited.folder
    try begin(audited)
    let checksumsPath = "\(folder)/\(ChecksumList.fileName)"
    let reportPath = "\(folder)/report.json"
    try DurableFile(reportPath).write(text(of: Report(audited), for: reportPath))
    if isAtRest { try DurableFile(checksumsPath).write(ChecksumList(resting: audited).bytes) }
    return BatchReport(result: audited, reportPath: reportPath, checksumsPath: checksumsPath)
  }

  /// Makes `SHA256SUMS` one of images alone that are complete and proven, as it has to be before anything else in the
  /// folder changes.
  ///
  /// - Throws: ``DiskError`` where the file cannot be written.
  public static func begin(_ audited: BatchResult) throws(DiskError) {
    let path = "\(audited.folder)/\(ChecksumList.fileName)"
    unlink("\(audited.folder)/\(ChecksumList.signatureName)")
    let checksums = ChecksumList(audited)
    guard !checksums.lines.isEmpty else {
      // `sha256sum -c` calls an empty list an error.
      unlink(path)
      return try DurableFile.sync(folder: audited.folder)
    }
    try DurableFile(path).write(checksums.bytes)
  }

  private static func text(of report: Report, for path: String) throws(DiskError) -> [UInt8] {
    do {
      return try report.json()
    } catch {
      throw DiskError(
        "cannot write", path, reason: "\(error)",
        remedy: "the images are safe; please report this as a bug of batchdump")
    }
  }
}
