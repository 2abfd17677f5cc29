import DurableFiles
import Foundation

/// What a batch folder is of, so that it can be gone on with: `batch.json`, and a copy of the manifest beside it.
public struct BatchRecord: Sendable, Codable, Equatable {
  /// What ``format`` always is.
  public static let format = "batchdump-batch"
  /// The version that this program writes.
  public static let version = 1
  /// The file's name.
  public static let fileName = "batch.json"

  /// `batchdump-batch`.
  public var format = Self.format
  /// Version of the form.
  public var version = Self.version
  /// The manifest's name.
  public var name: String
  /// File name of the manifest as the user gave it.
  public var manifestFile: String
  /// The folder from which the manifest's relative paths start, as an absolute path.
  public var manifestFolder: String
  /// SHA-256 over the manifest's bytes, in lower-case hex.
  public var manifestDigest: String
  /// Name of the copy of the manifest in the batch folder.
  public var manifestCopy: String
  /// When the batch began.
  public var started: Date
  /// Names of the slots that it is of; absent: all of the manifest's.
  public var slots: [String]?

  /// The record of a batch that begins, of all slots.
  ///
  /// - Parameter folder: the folder that the manifest's relative paths start from.
  public init(name: String, manifest: BatchResult.Manifest, bytes: [UInt8], folder: String, started: Date) {
    self.name = name
    manifestFile = manifest.file
    manifestFolder = folder
    manifestDigest = manifest.digest
    let isJSON = bytes.first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 } == UInt8(ascii: "{")
    manifestCopy = isJSON ? "manifest.json" : "manifest.plist"
    self.started = started
  }

  /// Writes the record and the manifest's bytes into a batch folder, each whole or not at all; calls block.
  public func write(to folder: String, manifest bytes: [UInt8]) throws(DiskError) {
    try DurableFile("\(folder)/\(manifestCopy)").write(bytes)
    let path = "\(folder)/\(Self.fileName)"
    do {
      try DurableFile(path).write(self.bytes())
    } catch let error as DiskError {
      throw error
    } catch {
      throw DiskError("cannot write", path, reason: "\(error)", remedy: "please report this as a bug of batchdump")
    }
    // A change of form leaves an old copy, which goes only now that there is a new one.
    for name in ["manifest.json", "manifest.plist"] where name != manifestCopy { unlink("\(folder)/\(name)") }
  }

  /// The text of the file.
  func bytes() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    return try Array(encoder.encode(self)) + [UInt8(ascii: "\n")]
  }

  /// Whether there is a record in a folder.
  public static func exists(in folder: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(folder)/\(fileName)")
  }

  /// Reads the record of a batch folder; calls block.
  ///
  /// - Throws: ``DiskError`` where there is none, or none of this version.
  public static func load(from folder: String) throws(DiskError) -> BatchRecord {
    let path = "\(folder)/\(fileName)"
    guard exists(in: folder) else {
      throw DiskError(
        "cannot go on in", folder, reason: "expected a folder that a batch has left, found no \(fileName) in it",
        remedy: "name the folder that has report.json or \(fileName)")
    }
    let file = try DiskFile(reading: path)
    let record: BatchRecord
    do {
      let decoder = JSONDecoder()
      decoder.dateDecodingStrategy = .iso8601
      record = try decoder.decode(BatchRecord.self, from: Data(file.read(min(file.size, 1 << 20), at: 0)))
    } catch {
      throw DiskError("cannot read", path, reason: "\(error)", remedy: "something else has changed the file")
    }
    guard record.format == Self.format, record.version == Self.version else {
      throw DiskError(
        "cannot use", path, reason: "expected \(Self.format) of version \(Self.version), found \(record.version)",
        remedy: "use the version of batchdump that wrote it")
    }
    guard ["manifest.json", "manifest.plist"].contains(record.manifestCopy) else {
      throw DiskError(
        "cannot use", path, reason: "expected manifest.json or manifest.plist, found \(record.manifestCopy)",
        remedy: "something else has changed the file")
    }
    return record
  }
}
