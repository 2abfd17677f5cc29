import ArgumentParser
import BatchScheduler
import DumpManifest
import DumpReport
import DurableFiles
import Foundation
import SlotProgress
import Udev

/// One batch from its folder to its summary, new or gone on with.
struct BatchRun {
  let manifest: LoadedManifest
  var batch: OpenBatch
  let bench: AdapterBench
  let display: ProgressDisplay

  /// Runs it and ends the command with its exit status.
  mutating func run() async throws {
    try batch.begin(manifest, note: display.note)
    let job = Batch(
      plan: manifest.plan, folder: batch.folder, directory: bench.directory, earlier: batch.earlier, emit: display.show)
    let running = Task { [bench] in try await withTasks([bench.follow], beside: job.run) }
    // Held until the report is written: a signal that comes then must not cost it.
    let interrupts = Interrupts(hangup: true) { [display] in
      display.note(Interrupts.notice)
      running.cancel()
    }
    let units = try await running.value
    // A signal that came when nothing was left to stop, as systemd's after an adapter was pulled, changes nothing.
    let interrupted = interrupts.wasInterrupted && units.contains(where: \.interrupted)

    var result = batch.result(manifest)
    result.ended = Date()
    result.interrupted = interrupted
    result.units = units
    let report = try await written(result)
    await display.finish()
    var status = report.result.exitStatus
    if status == .verified, batch.hasDamagedUnits { status = .partial }
    interrupts.end(with: status.rawValue)
    withExtendedLifetime(interrupts) { print("\n" + SummaryText.text(report)) }
    throw ExitCode(status.rawValue)
  }

  /// The written report. Where the disk refuses it, what the units have left is true all the same.
  private func written(_ result: BatchResult) async throws -> BatchReport {
    do throws(DiskError) {
      return try BatchReport.write(result)
    } catch {
      await display.finish()
      for unit in result.units { CommandOutput.tell(unit.shortcomings.map { "\(unit.slot): \($0)\n" }.joined()) }
      CommandOutput.tell(
        "batchdump: the report could not be written: \(error)\nWhat was read is kept; then go on with: batchdump resume "
          + "\(batch.folder)\n")
      throw ExitCode(ProgramExit.partial.rawValue)
    }
  }
}
