import ArgumentParser
import DumpManifest
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
    var manifest = try argument.load()
    let only = try adapter.map(AdapterBench.adapter)
    if let only { manifest.keep(only: [try AdapterBench.slot(of: only, in: manifest.plan, argument.manifest).name]) }
    let display = ProgressDisplay(slots: manifest.plan.slots.map(\.name))
    let bench =
      try only.map { AdapterBench(plan: manifest.plan, only: $0) }
      ?? AdapterBench(plan: manifest.plan, log: display.note)
    try bench.refuseAmbiguities(argument.manifest)
    let batch = try place.open(manifest)
    var run = BatchRun(manifest: manifest, batch: batch, bench: bench, display: display)
    try await run.run()
  }
}
