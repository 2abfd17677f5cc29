import ArgumentParser
import DumpManifest
import DumpReport
import PositionedDocument

/// The manifest that most commands are given.
struct ManifestArgument: ParsableArguments {
  @Argument(help: "The manifest: JSON or a property list.", completion: .file())
  var manifest: String

  /// Reads and checks it. All that is wrong with it is printed, and the command ends with 2.
  func load() throws -> (plan: BatchPlan, source: BatchResult.Manifest) {
    do throws(ManifestError) {
      let bytes = try Document.bytes(path: manifest)
      let plan = try BatchPlan(Document.parse(bytes, name: manifest))
      return (plan, BatchResult.Manifest(file: manifest, bytes: bytes))
    } catch {
      throw Exit.refuse(error)
    }
  }
}
