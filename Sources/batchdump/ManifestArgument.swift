import ArgumentParser
import DumpManifest
import DumpReport
import Foundation
import PositionedDocument

/// A manifest that has been read and checked.
struct LoadedManifest {
  /// What is to be done.
  var plan: BatchPlan
  /// What reports call it.
  var source: BatchResult.Manifest
  /// Its bytes.
  var bytes: [UInt8]
  /// The folder that its relative paths start from.
  var folder: String
  /// Names of the slots that are left in the plan; absent: all of the manifest's.
  private(set) var only: [String]?

  /// Reads and checks the manifest at `path`; messages call it that. All that is wrong with it is printed, and the
  /// command ends with 2.
  ///
  /// - Parameter folder: the folder that its relative paths start from; absent: its own.
  init(path: String, folder: String? = nil) throws {
    do throws(ManifestError) {
      bytes = try Document.bytes(path: path)
      // As the user gave it, so that messages name paths as they were typed.
      let own = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
      plan = try BatchPlan.parse(bytes, name: path, folder: folder ?? own)
      self.folder = folder ?? URL(filePath: path).absoluteURL.deletingLastPathComponent().path(percentEncoded: false)
      source = BatchResult.Manifest(file: path, bytes: bytes)
    } catch {
      throw Exit.refuse(error)
    }
  }

  /// Leaves only some of its slots in the plan.
  mutating func keep(only names: [String]) {
    only = names
    plan.slots.removeAll { !names.contains($0.name) }
  }
}

/// The manifest that most commands are given.
struct ManifestArgument: ParsableArguments {
  @Argument(help: "The manifest: JSON or a property list.", completion: .file())
  var manifest: String

  /// Reads and checks it. All that is wrong with it is printed, and the command ends with 2.
  func load() throws -> LoadedManifest { try LoadedManifest(path: manifest) }
}
