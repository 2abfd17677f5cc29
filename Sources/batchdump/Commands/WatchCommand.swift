import ArgumentParser
import BatchScheduler
import DumpManifest
import DumpReport
import DurableFiles
import Foundation
import ServiceNotifier
import SlotProgress

/// `batchdump watch MANIFEST`: the daemon for a line.
struct WatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Dump every unit that comes to a slot, for as long as it runs.",
    discussion: """
      Adapters stay in their sockets or are plugged and pulled; units are known by what their consoles say. The reports
      are brought up to date whenever a unit is done. Ctrl-C or SIGTERM stops it in order, with exit status 0; SIGHUP
      makes it read the manifest again and apply it to slots that are idle.
      """)

  @OptionGroup var argument: ManifestArgument
  @OptionGroup var place: BatchFolderOptions

  func run() async throws {
    let manifest = try argument.load()
    let plan = manifest.plan
    let display = ProgressDisplay(slots: plan.slots.map(\.name))
    let bench = try AdapterBench(plan: plan, isDaemon: true, log: display.note)
    var batch = try place.open(manifest, isLine: true)
    try batch.begin(manifest, note: display.note)
    let watch = LineWatch(
      batch: batch.result(manifest), directory: bench.directory, earlier: batch.earlier, emit: display.show)
    let notifier = ServiceNotifier(environment: ProcessInfo.processInfo.environment)
    let hangups = Hangups()
    let signals = hangups.arrivals
    let running = Task {
      try await withTasks(
        [
          bench.follow, { await reload(bench.directory, at: signals, display, notifier) },
          ServiceHealth(notifier).report,
        ],
        beside: watch.run)
    }
    let interrupts = Interrupts {
      notifier.stopping()
      display.note(Interrupts.notice)
      running.cancel()
    }
    if plan.maxParallel != nil || plan.onFailure == .stop {
      display.note("`maxParallel` and `onFailure` are for one batch: a line serves all of its slots")
    }
    notifier.ready()
    notifier.status("watching \(plan.slots.count) slots")
    let report = try await lastReport(running, display)
    await display.finish()
    interrupts.end(with: ProgramExit.verified.rawValue)
    withExtendedLifetime((hangups, batch, interrupts)) {
      print("\n" + SummaryText.text(report, watching: argument.manifest))
    }
  }

  /// The report as it was written last. Where the disk refuses it, what the units have left is true all the same.
  private func lastReport(
    _ running: Task<BatchReport, any Error>, _ display: ProgressDisplay
  ) async throws -> BatchReport {
    do {
      return try await running.value
    } catch let error as DiskError {
      await display.finish()
      CommandOutput.tell(
        "batchdump: the last report could not be written: \(error)\nWhat was read is kept; watch again with the same "
          + "--output writes it\n")
      throw ExitCode(ProgramExit.partial.rawValue)
    }
  }

  /// Reads the manifest again at each SIGHUP. One that is wrong changes nothing.
  private func reload(
    _ directory: SlotDirectory, at hangups: AsyncStream<Void>, _ display: ProgressDisplay, _ notifier: ServiceNotifier
  ) async {
    for await _ in hangups {
      notifier.reloading()
      do throws(ManifestError) {
        let plan = try BatchPlan.load(path: argument.manifest)
        directory.set(slots: plan.slots)
        notifier.status("watching \(plan.slots.count) slots")
        display.note("read \(argument.manifest) again: \(plan.slots.count) slots; slots at work take it when idle")
      } catch {
        display.note("kept the manifest as it was, for the new one is wrong:\n\(error)")
      }
      notifier.ready()
    }
  }
}
