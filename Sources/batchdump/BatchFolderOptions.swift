import ArgumentParser
import DumpManifest
import DumpReport
import DurableFiles
import Foundation

/// Where a batch's folder is made.
struct BatchFolderOptions: ParsableArguments {
  @Option(name: [.short, .long], help: "Folder of this batch, new or empty (default: one of its own in --reports).")
  var output: String?

  @Option(help: "Folder in which this batch gets a folder called NAME-TIME (default: the manifest's, or Reports).")
  var reports: String?

  /// Makes it, or ends the command with 2.
  func make(_ plan: BatchPlan, _ started: Date) throws -> String {
    do throws(DiskError) {
      if let output { return try BatchFolder.make(at: output).path }
      let parent = reports ?? plan.outputFolder ?? "Reports"
      return try BatchFolder.make(batch: plan.name, started: started, below: parent).path
    } catch {
      throw Exit.refuse("batchdump: \(error)")
    }
  }
}
