import DurableFiles
import Foundation

/// The reports of a batch, written to its folder.
public struct BatchReport: Sendable {
  /// The batch as the disk holds it: every complete image read again. Its exit status is the program's.
  public let result: BatchResult
  /// Where `report.json` is.
  public let reportPath: String
  /// Where `SHA256SUMS` is; absent where no image is complete, since `sha256sum -c` calls an empty list an error.
  public let checksumsPath: String?

  package init(result: BatchResult, reportPath: String, checksumsPath: String?) {
    self.result = result
    self.reportPath = reportPath
    self.checksumsPath = checksumsPath
  }

  /// Reads the images again, then writes `SHA256SUMS` and, last, `report.json`, each whole or not at all. Calls block
  /// for as long as the disk takes.
  ///
  /// - Throws: ``DiskError`` where a file cannot be written. What is wrong with an image is in ``result`` instead.
  public static func write(_ result: BatchResult) throws(DiskError) -> BatchReport {
    try write(audited: result.audited())
  }

  /// Writes `SHA256SUMS` and, last, `report.json` of a result whose images were read again before.
  ///
  /// - Throws: ``DiskError`` where a file cannot be written.
  public static func write(audited: BatchResult) throws(DiskError) -> BatchReport {
    let folder = audited.folder
    let checksums = ChecksumList(audited)
    let checksumsPath = checksums.lines.isEmpty ? nil : "\(folder)/SHA256SUMS"
    if let checksumsPath { try DurableFile(checksumsPath).write(checksums.bytes) }
    let reportPath = "\(folder)/report.json"
    try DurableFile(reportPath).write(text(of: Report(audited), for: reportPath))
    return BatchReport(result: audited, reportPath: reportPath, checksumsPath: checksumsPath)
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
