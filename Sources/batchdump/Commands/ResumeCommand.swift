import ArgumentParser
import DumpManifest
import DumpReport
import DurableFiles

/// `batchdump resume REPORT-DIR`.
struct ResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Go on with a batch that was stopped, by whatever: what is held is compared, not read again.",
    discussion: """
      Each slot first says which unit it has; another one than before is refused. What is held of a unit is compared with
      it, by its digests or by samples, and what is not the same any more is read again; where nothing tells which unit
      it is, all of it is. Units that are done are left alone, and so are slots that the batch was not of (`run --adapter`).
      With --manifest the way to a unit may be another one now: adapter, slot, speed.
      """)

  @Argument(help: "The folder that the batch has left.", completion: .directory)
  var folder: String

  @Option(
    help: "The manifest to go on by (default: the batch's own, a copy of which is in the folder).", completion: .file())
  var manifest: String?

  func run() async throws {
    let batch: OpenBatch
    do throws(DiskError) { batch = try OpenBatch(existing: folder) } catch { throw Exit.refuse("batchdump: \(error)") }
    var manifest = try self.manifest.map { try LoadedManifest(path: $0) } ?? batch.manifest()
    if let slots = batch.record.slots {
      manifest.keep(only: slots)
      guard !manifest.plan.slots.isEmpty else {
        throw Exit.refuse(
          "\(manifest.source.file): the batch in \(folder) is of \(slots.joined(separator: ", ")) alone, and the manifest "
            + "has no such slot; call the unit's slot so, or begin another batch with `run`")
      }
    }
    let display = ProgressDisplay(slots: manifest.plan.slots.map(\.name))
    let bench = try AdapterBench(plan: manifest.plan, log: display.note)
    try bench.refuseAmbiguities(manifest.source.file)
    var run = BatchRun(manifest: manifest, batch: batch, bench: bench, display: display)
    try await run.run()
  }
}
