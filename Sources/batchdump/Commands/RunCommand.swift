import ArgumentParser
import BatchScheduler
import DumpEngine
import DumpManifest
import DumpReport
import DurableFiles
import Foundation
import SlotProgress

/// `batchdump run MANIFEST`, the default command.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Dump every slot of a manifest, side by side (the default command).")

  @OptionGroup var argument: ManifestArgument

  @Option(name: [.short, .long], help: "Folder of this batch, new or empty (default: Reports/NAME-TIME).")
  var output: String?

  func run() async throws {
    let (plan, source) = try argument.load()
    try refuseUnboundSlots(of: plan)
    let started = Date()
    let folder = try batchFolder(plan, started)
    let display = ProgressDisplay(slots: plan.slots.map(\.name))
    let batch = Task { await Batch(plan: plan, folder: folder, emit: display.show).run() }
    // Held until the report is written: a signal that comes then must not cost it.
    let interrupts = Interrupts { batch.cancel() }
    let units = await batch.value
    let interrupted = interrupts.wasInterrupted

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

  private func batchFolder(_ plan: BatchPlan, _ started: Date) throws -> String {
    do throws(DiskError) {
      if let output { return try BatchFolder.make(at: output).path }
      return try BatchFolder.make(batch: plan.name, started: started, below: plan.outputFolder ?? "Reports").path
    } catch {
      throw Exit.refuse("batchdump: \(error)")
    }
  }

  private func refuseUnboundSlots(of plan: BatchPlan) throws {
    let unbound = plan.slots.filter { if case .adapter = $0.endpoint { true } else { false } }.map(\.name)
    guard !unbound.isEmpty else { return }
    throw Exit.refuse(
      "\(argument.manifest): slots \(unbound.joined(separator: ", ")) are bound by match rules, which this version "
        + "cannot follow yet; give them a `tty` or a `link`")
  }
}
