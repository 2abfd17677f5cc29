import DurableFiles
import Foundation

/// All that is to be known of a region to go on with it, as it stands beside the image: `NAME.evidence.json`, and
/// `NAME.map` for other tools.
public struct RegionState: Sendable, Codable {
  /// What `format` always is.
  public static let format = "batchdump-evidence"
  /// The version that this program writes.
  public static let version = 1

  /// `batchdump-evidence`.
  public var format = Self.format
  /// Version of the form.
  public var version = Self.version
  /// What is held and why.
  public var result: RegionResult
  /// Whether a block is finished only when something proves it.
  public var demandsProof: Bool
  /// Checksums of what is finished.
  public var pages = PageChecks()
  /// What was finished once and is not now, with the same bytes still: these go aside before others are written there.
  public var finishedBefore: [Range<Int>]?

  /// The state of a region.
  public init(result: RegionResult, demandsProof: Bool) {
    self.result = result
    self.demandsProof = demandsProof
  }

  /// Whether nothing is left to do for a block.
  public func isFinished(_ block: BlockRange) -> Bool { !demandsProof || block.evidence != .none }

  /// The ranges for which nothing is left to do.
  public var finished: RangeSet<Int> { RangeSet(ascending: result.blocks.lazy.filter(isFinished).map(\.range)) }

  // MARK: On disk

  /// What the names of state files end with.
  public static let suffix = ".evidence.json"

  /// Path of the evidence of a region in a unit's folder.
  public static func path(_ folder: String, region: String) -> String { "\(folder)/\(region)\(suffix)" }

  /// Path of the map of a region in a unit's folder.
  public static func mapPath(_ folder: String, region: String) -> String { "\(folder)/\(region).map" }

  /// Writes evidence and map, each whole or not at all; calls block. The map comes last: what it calls finished has its
  /// evidence on the disk.
  package func save(in folder: String) throws(DiskError) {
    try saveEvidence(in: folder)
    try DurableFile(Self.mapPath(folder, region: result.name)).write(Mapfile(self).text(region: result.name).utf8)
  }

  /// Writes the evidence alone, where nothing changes that the map tells; calls block.
  package func saveEvidence(in folder: String) throws(DiskError) {
    let path = Self.path(folder, region: result.name)
    try DurableFile(path).write(StateText.bytes(of: self, path))
  }

  /// Reads the evidence of a region; calls block.
  ///
  /// - Throws: ``DiskError`` where the file cannot be read or is none of this version.
  public static func load(_ path: String) throws(DiskError) -> RegionState {
    try RegionState(reading: StateText.read(path), from: path)
  }

  /// What a session before has left of a region, for going on with it; nil where there is nothing, or nothing that can be
  /// used. Calls block.
  ///
  /// - Throws: ``DiskError`` where the disk does not let it be read: that must not be taken for nothing.
  package static func earlier(of region: RegionResult, in folder: String) throws(DiskError) -> RegionState? {
    do {
      let state = try load(path(folder, region: region.name))
      return state.result.isSameRegion(as: region) ? state : nil
    } catch {
      guard error.code == 0 || error.code == ENOENT else { throw error }
      return nil
    }
  }

  /// Reads the bytes of the evidence of a region; messages say that they are from `path`.
  package init(reading bytes: [UInt8], from path: String) throws(DiskError) {
    let state = try StateText.decode(RegionState.self, bytes, from: path)
    guard state.format == Self.format, state.version == Self.version else {
      throw DiskError(
        "cannot use", path, reason: "expected \(Self.format) of version \(Self.version), found \(state.version)",
        remedy: "use the version of batchdump that wrote it")
    }
    if let problem = state.result.problem {
      throw DiskError("cannot use", path, reason: problem, remedy: "something else has changed the file")
    }
    self = state
  }
}

/// The one form of state files: JSON with sorted keys.
package enum StateText {
  private static let longest = 64 << 20

  /// The bytes of a value, for the file at `path`.
  package static func bytes(of value: some Encodable, _ path: String) throws(DiskError) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return try Array(encoder.encode(value)) + [UInt8(ascii: "\n")]
    } catch {
      throw DiskError(
        "cannot write", path, reason: "\(error)", remedy: "please report this as a bug of batchdump")
    }
  }

  /// Reads a file; calls block.
  package static func read(_ path: String) throws(DiskError) -> [UInt8] {
    let file = try DiskFile(reading: path)
    let size = try file.size
    guard size <= longest else {
      throw DiskError(
        "cannot read", path, reason: "expected at most \(longest) bytes, found \(size)",
        remedy: "see what has replaced it")
    }
    return try file.read(size, at: 0)
  }

  /// The value that a file's bytes hold.
  static func decode<Value: Decodable>(
    _ type: Value.Type, _ bytes: [UInt8], from path: String
  ) throws(DiskError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch {
      throw DiskError("cannot read", path, reason: "\(error)", remedy: "something else has changed the file")
    }
  }
}
