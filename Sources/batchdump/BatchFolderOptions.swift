import ArgumentParser
import DumpManifest
import DumpReport
import DurableFiles
import Foundation

/// Where a batch's folder is.
struct BatchFolderOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: "Folder of this batch, new or empty; one that a batch of the same manifest has left is gone on with.")
  var output: String?

  @Option(help: "Folder in which this batch gets a folder called NAME-TIME (default: the manifest's, or Reports).")
  var reports: String?

  /// Makes it, or opens the one that is there, or ends the command with 2.
  ///
  /// - Parameter isLine: whether the manifest may have changed meanwhile, as that of a line does.
  func open(_ manifest: LoadedManifest, isLine: Bool = false) throws -> OpenBatch {
    do throws(DiskError) {
      guard let output else {
        let parent = reports ?? manifest.plan.outputFolder ?? "Reports"
        let folder = try BatchFolder.make(batch: manifest.plan.name, started: Date(), below: parent)
        return try OpenBatch(new: folder.path, manifest)
      }
      guard BatchRecord.exists(in: output) else {
        return try OpenBatch(new: try BatchFolder.make(at: output).path, manifest)
      }
      let batch = try OpenBatch(existing: output, isLine: isLine)
      guard isLine || batch.record.manifestDigest == manifest.source.digest else {
        throw DiskError(
          "cannot use the folder", output,
          reason: "expected it to be new, empty or of the same manifest; it has a batch of "
            + "\(SafeText(batch.record.manifestFile, limit: 64)) as it was then",
          remedy: "choose another with --output, or go on in it with `batchdump resume --manifest`")
      }
      return batch
    } catch {
      throw Exit.refuse("batchdump: \(error)")
    }
  }
}
