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

  /// Whether the file has all that was held before.
  let hasEarlier: Bool

  /// Opens the partial image in a folder that exists. One that lacks bytes which were held before is begun anew.
  ///
  /// - Parameter heldEnd: the byte behind the last that was held before; 0 for a new image.
  init(region: RegionPlan, folder: String, heldEnd: Int) throws(SessionError) {
    self.region = region
    self.folder = folder
    let path = Self.path(folder, region.file + ".partial")
    do throws(DiskError) {
      if heldEnd > 0, let earlier = try? DiskFile(existing: path), try earlier.size >= heldEnd {
        (file, hasEarlier) = (earlier, true)
      } else {
        (file, hasEarlier) = (try DiskFile(creating: path, emptied: true), heldEnd == 0)
      }
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
      let size = try file.size
      guard size == region.size else {
        throw DiskError(
          "cannot complete", path, reason: "expected \(region.size) bytes in \(file.path), it has \(size)",
          remedy: "see what else writes there, then dump the unit again")
      }
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
