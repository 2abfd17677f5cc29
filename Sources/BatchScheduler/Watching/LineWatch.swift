import DumpEngine
import DumpManifest
import DumpReport
import Foundation

/// The daemon for a line: every slot lives its life, until the task is cancelled. The reports on disk are brought up to
/// date whenever a unit is done with.
public struct LineWatch: Sendable {
  private let directory: SlotDirectory
  private let context: BatchContext
  private let reports: ReportKeeper

  /// A watch over the slots of a directory, whose files go below the folder of `batch`, which exists. `emit` takes each
  /// event of each slot and must not block.
  ///
  /// - Parameter earlier: the units that are known from a run before.
  public init(
    batch: BatchResult, directory: SlotDirectory, earlier: [UnitState] = [],
    emit: @escaping @Sendable (SessionEvent) -> Void
  ) {
    self.directory = directory
    context = BatchContext(folder: batch.folder, isLine: true, earlier: earlier, emit: emit)
    var batch = batch
    batch.units = earlier.map(\.unit)
    reports = ReportKeeper(batch: batch)
  }

  /// Watches until the calling task is cancelled; every session then ends within a line and leaves true images.
  /// Returns the report as it was written last.
  ///
  /// - Throws: ``DiskError`` where the last report could not be written.
  public func run() async throws -> BatchReport {
    await withTaskGroup(of: Void.self) { group in
      var living: Set<String> = []
      while !Task.isCancelled {
        let names = directory.names
        for name in names where living.insert(name).inserted { group.addTask { await life(of: name).run() } }
        await directory.changed(from: names)
      }
    }
    return try await reports.close()
  }

  private func life(of slot: String) -> SlotLife {
    let (context, reports) = (context, reports)
    return SlotLife(slot: slot, directory: directory, context: context) { result in
      let audited = await reports.add(result) { problem in context.emit(.trouble(problem), at: slot) }
      await context.units.record(audited)
    }
  }
}
