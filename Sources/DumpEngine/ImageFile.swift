import ConsoleDialect
import DumpManifest
import DurableFiles

/// The image of one region on disk: `NAME.partial` until it is whole, and its mapfile beside it.
///
/// Order on disk: data, sync, then map; so the map never claims what the disk may not hold.
final class ImageFile: Sendable {
  /// What the mapfile calls the program that wrote it.
  static let tool = "batchdump"

  private let folder: String
  private let region: RegionPlan
  private let file: DiskFile

  private static func path(_ folder: String, _ name: String) -> String { "\(folder)/\(name)" }

  /// Opens the partial image in a folder that exists.
  init(region: RegionPlan, folder: String) throws(SessionError) {
    self.region = region
    self.folder = folder
    do throws(DiskError) {
      file = try DiskFile(creating: Self.path(folder, region.file + ".partial"))
    } catch {
      throw SessionError(error)
    }
  }

  /// Writes pieces at their offsets, syncs, and only then writes the map.
  func save(_ pieces: [(offset: Int, bytes: [UInt8])], ledger: BlockLedger) async throws(SessionError) {
    try await Disk.run { [self] in
      for piece in pieces { try file.write(piece.bytes, at: piece.offset) }
      try file.sync()
      try writeMap(ledger)
    }
  }

  /// What the disk holds of a range.
  func read(_ range: Range<Int>) async throws(SessionError) -> [UInt8] {
    try await Disk.run { [self] in try file.read(range.count, at: range.lowerBound) }
  }

  /// Digests of the whole image as the disk holds it, in lower-case hex.
  func digests(_ algorithms: [DigestAlgorithm]) async throws(SessionError) -> [DigestAlgorithm: String] {
    try await Disk.run { [self] in
      var digests = algorithms.map { ($0, HostDigest($0)) }
      for start in stride(from: 0, to: region.size, by: 1 << 20) {
        let bytes = try file.read(min(1 << 20, region.size - start), at: start)
        for index in digests.indices { digests[index].1.update(bytes) }
      }
      return Dictionary(uniqueKeysWithValues: digests.map { ($0.0, $0.1.hex) })
    }
  }

  /// Gives the whole image its name; returns its path.
  func complete() async throws(SessionError) -> String {
    try await Disk.run { [self] in
      let path = Self.path(folder, region.file)
      try file.sync()
      try file.rename(to: path)
      try DurableFile.sync(folder: folder)
      return path
    }
  }

  private func writeMap(_ ledger: BlockLedger) throws(DiskError) {
    let text = Mapfile.text(ledger, region: region.name, tool: Self.tool)
    try DurableFile(Self.path(folder, region.name + ".map")).write(text.utf8)
  }
}
