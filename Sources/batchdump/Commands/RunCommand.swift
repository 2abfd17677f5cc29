import ArgumentParser
import BatchScheduler
import DumpEngine
import DumpManifest
import DumpReport
import Foundation
import SlotProgress
import Udev

/// `batchdump run MANIFEST`, the default command.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Dump every slot of a manifest, side by side (the default command).")

  @OptionGroup var argument: ManifestArgument
  @OptionGroup var place: BatchFolderOptions

  @Option(
    help: "Dump only the slot that this adapter is for, such as /dev/ttyUSB0; no other adapter counts.",
    completion: .file())
  var adapter: String?

  func run() async throws {
    var (plan, source) = try argument.load()
    let only = try adapter.map(AdapterBench.adapter)
    if let only { plan.slots = [try AdapterBench.slot(of: only, in: plan, argument.manifest)] }
    let display = ProgressDisplay(slots: plan.slots.map(\.name))
    let bench =
      try only.map { AdapterBench(plan: plan, only: $0) } ?? AdapterBench(plan: plan, log: display.note)
    try bench.refuseAmbiguities(argument.manifest)
    let started = Date()
    let folder = try place.make(plan, started)
    let batch = Batch(plan: plan, folder: folder, directory: bench.directory, emit: display.show)
    let running = Task { try await withTasks([bench.follow], beside: batch.run) }
    // Held until the report is written: a signal that comes then must not cost it.
    let interrupts = Interrupts { running.cancel() }
    let units = try await running.value
    // A signal that came when nothing was left to stop, as systemd's after an adapter was pulled, changes nothing.
    let interrupted = interrupts.wasInterrupted && units.contains(where: \.interrupted)

    var result = BatchResult(
      name: plan.name, folder: folder, manifest: source, toolVersion: BatchdumpCommand.version, started: started)
    result.ended = Date()
    result.interrupted = interrupted
    result.units = units
    let report = try BatchReport.write(result)
    await display.finish()
    interrupts.restore()
    print()
    print(SummaryText.text(report))
    throw ExitCode(report.result.exitStatus.rawValue)
  }
}
