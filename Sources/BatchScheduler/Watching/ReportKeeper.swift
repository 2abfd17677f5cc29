import DumpEngine
import DumpReport
import DurableFiles
import Foundation

/// Keeps a batch's reports up to date while units come and go.
actor ReportKeeper {
  private var batch: BatchResult
  private var isWriting = false
  private var isStale = true

  /// Reports of a batch without units.
  init(batch: BatchResult) { self.batch = batch }

  /// Adds what became of a unit, in place of what was known of it before. Each image is read again once, here, and not
  /// at every report. Returns the result as the disk holds it.
  func add(_ result: UnitResult, onProblem: @Sendable (String) -> Void) async -> UnitResult {
    let folder = batch.folder
    let audited = (try? await BatchContext.blocking { result.audited(in: folder) }) ?? result
    if let index = batch.units.firstIndex(where: { $0.folder == audited.folder }) {
      batch.units[index] = audited
    } else {
      batch.units.append(audited)
    }
    isStale = true
    do { try await write() } catch { onProblem("the report could not be written: \(error)") }
    return audited
  }

  /// Writes the last report.
  ///
  /// - Throws: ``DiskError``.
  func close() async throws -> BatchReport {
    batch.ended = Date()
    let last = batch
    return try await BatchContext.blocking { try BatchReport.write(audited: last, isAtRest: true) }
  }

  /// Writes the reports. One writes at a time, and goes on until all that came meanwhile is in.
  private func write() async throws {
    guard !isWriting else { return }
    isWriting = true
    defer { isWriting = false }
    while isStale {
      isStale = false
      batch.ended = Date()
      let now = batch
      do {
        _ = try await BatchContext.blocking { try BatchReport.write(audited: now, isAtRest: false) }
      } catch {
        isStale = true
        throw error
      }
    }
  }
}
