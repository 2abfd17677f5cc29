import DumpEngine
import Foundation

/// What a batch leaves when it ends: everything that its reports tell.
public struct BatchResult: Sendable {
  /// The manifest's name.
  public var name: String
  /// The batch folder's path.
  public var folder: String
  /// File name of the manifest, as the user gave it.
  public var manifestFile: String
  /// SHA-256 over the bytes of the manifest's file, in lower-case hex.
  public var manifestDigest: String
  /// Version of the program that ran the batch.
  public var toolVersion: String
  /// When the batch began.
  public var started: Date
  /// When it ended.
  public var ended: Date
  /// Whether the user stopped it.
  public var interrupted: Bool
  /// What became of the units: of a batch in the manifest's order of slots, those of a run before behind them; of a line
  /// each unit that came.
  public var units: [UnitResult]

  /// A result without units, which are added as their sessions end.
  public init(name: String, folder: String, manifest: Manifest, toolVersion: String, started: Date) {
    self.name = name
    self.folder = folder
    manifestFile = manifest.file
    manifestDigest = manifest.digest
    self.toolVersion = toolVersion
    self.started = started
    ended = started
    interrupted = false
    units = []
  }

  /// What a batch was run from.
  public struct Manifest: Sendable {
    /// File name, as the user gave it.
    public var file: String
    /// SHA-256 over the file's bytes, in lower-case hex.
    public var digest: String

    /// A manifest by name and digest.
    public init(file: String, digest: String) {
      self.file = file
      self.digest = digest
    }
  }
}
