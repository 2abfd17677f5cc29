import ConsoleDialect
import DeviceDigests
import DumpManifest
import DurableFiles

/// The image of one region on disk: `NAME.partial` until it is whole, its evidence and its mapfile beside it.
///
/// Order on disk: data, sync, evidence, map; so neither evidence nor map ever claims what the disk may not hold.
final class ImageFile: Sendable {
  /// Bytes that are read at once: of many units many are at the same time.
  private static let piece = 128 << 10

  /// Bytes that the file had when it was opened.
  let size: Int

  private let folder: String
  private let region: RegionPlan
  private let file: DiskFile

  private static func path(_ folder: String, _ name: String) -> String { "\(folder)/\(name)" }

  /// Opens the partial image in a folder that exists, or begins it. What it holds is never dropped: bytes of which
  /// nothing is known any more go aside, for they may be the only copy.
  ///
  /// An image that bears its name already and is opened all the same has to be gone on with: it is partial again.
  ///
  /// - Parameter isKnown: whether anything is known of what it holds.
  init(region: RegionPlan, folder: String, isKnown: Bool) throws(DiskError) {
    self.region = region
    self.folder = folder
    if isKnown, let earlier = try Self.earlier(region, folder) {
      file = earlier
    } else {
      // Neither may it be lost where only its evidence is.
      try Self.putAside(Self.path(folder, region.file))
      let path = Self.path(folder, region.file + ".partial")
      try Self.putAside(path)
      file = try DiskFile(creating: path)
    }
    if try file.size > region.size { try file.truncate(to: region.size) }
    size = try file.size
  }

  private static func putAside(_ path: String) throws(DiskError) {
    guard let size = try DiskFile.size(at: path), size > 0 else { return }
    try DiskFile.rename(path, to: freePath(path))
  }

  /// A path with a number behind it at which there is nothing.
  private static func freePath(_ path: String) throws(DiskError) -> String {
    var number = 1
    while try DiskFile.size(at: "\(path).\(number)") != nil { number += 1 }
    return "\(path).\(number)"
  }

  /// What is there and cannot be opened is not taken for absent: it would be replaced.
  private static func earlier(_ region: RegionPlan, _ folder: String) throws(DiskError) -> DiskFile? {
    let path = path(folder, region.file + ".partial")
    if try DiskFile.size(at: path) != nil { return try DiskFile(existing: path) }
    guard try DiskFile.size(at: Self.path(folder, region.file)) != nil else { return nil }
    let complete = try DiskFile(existing: Self.path(folder, region.file))
    try complete.rename(to: path)
    try DurableFile.sync(folder: folder)
    return complete
  }

  /// Path of the image when it is complete.
  var path: String { Self.path(folder, region.file) }

  /// The unit's folder, without those above it.
  var unitName: String { folder.split(separator: "/").last.map(String.init) ?? folder }

  /// Asks the disk for room for all of the image, so that a full one is known before hours of reading.
  func beginToReserve() -> DiskWork<Void> {
    Disk.beginSoon { [self] in try file.reserve(region.size) }
  }

  /// Writes pieces at their offsets; the disk need not have them yet when it returns.
  ///
  /// - Parameters:
  ///   - changed: where something else is written or finished now than before.
  ///   - finished: what was finished before.
  ///   - pages: the checksums of that.
  /// - Throws: `disk`, also where something else has changed what was finished: its checksum must not follow it.
  func write(
    _ pieces: [(offset: Int, bytes: [UInt8])], changed: RangeSet<Int>, finished: RangeSet<Int>, _ pages: PageChecks
  ) async throws(SessionError) {
    try await Disk.run { [self] in
      try assertNone(pages.damaged(finished: finished, in: file, touched: changed))
      for piece in pieces { try file.write(piece.bytes, at: piece.offset) }
    }
  }

  /// Syncs what was written, and only then writes evidence and map.
  ///
  /// - Parameters:
  ///   - changed: where something else is written or finished than in the state before.
  ///   - transcript: what shows how it was read, which reaches the disk first; absent where there is none.
  /// - Returns: the checksums of what is finished now.
  func beginSave(
    _ state: RegionState, changed: RangeSet<Int>, after transcript: TranscriptSync?
  ) -> DiskWork<PageChecks> {
    Disk.begin { [self] in
      try transcript?.run()
      try file.sync()
      var state = state
      try state.pages.update(changed, finished: state.finished, of: file)
      try state.save(in: folder)
      return state.pages
    }
  }

  /// Writes the evidence and the map of an image that has been given its name.
  func save(complete state: RegionState) async throws(SessionError) {
    try await Disk.run { [self] in try state.save(in: folder) }
  }

  /// Copies ranges as they are into another file, at the same places, with a map of them beside it. Returns its path.
  func putAside(_ ranges: RangeSet<Int>) async throws(SessionError) -> String {
    try await Disk.run { [self] in
      let path = try Self.freePath(Self.path(folder, region.file + ".earlier"))
      let aside = try DiskFile(creating: path)
      for range in ranges.ranges {
        try aside.write(try file.read(range.count, at: range.lowerBound), at: range.lowerBound)
      }
      try aside.sync()
      let map = Mapfile(finished: ranges, size: region.size)
      try DurableFile(path + ".map").write(map.text(region: region.name).utf8)
      return path
    }
  }

  /// What the disk holds of a range.
  func read(_ range: Range<Int>) async throws(SessionError) -> [UInt8] {
    try await Disk.run { [self] in try file.read(range.count, at: range.lowerBound) }
  }

  /// The ranges that a mapfile, which others may have changed, does not call finished; nil where there is no such file.
  func unfinishedByMap() async throws(SessionError) -> RangeSet<Int>? {
    try await Disk.run { [self] in
      let path = RegionState.mapPath(folder, region: region.name)
      guard let file = try? DiskFile(reading: path), let bytes = try? file.read(file.size, at: 0),
        let map = try? Mapfile(reading: bytes)
      else { return nil }
      return RangeSet(0..<region.size).subtracting(map.ranges(.finished))
    }
  }

  /// The finished ranges that the file does not hold any more as they were.
  func damaged(_ pages: PageChecks, finished: RangeSet<Int>) async throws(SessionError) -> RangeSet<Int> {
    try await Disk.run { [self] in pages.damaged(finished: finished, in: file) }
  }

  /// Makes sure that the file still holds all that is finished.
  func assertUnchanged(_ pages: PageChecks, finished: RangeSet<Int>) async throws(SessionError) {
    try await Disk.run { [self] in try assertNone(pages.damaged(finished: finished, in: file)) }
  }

  private func assertNone(_ damaged: RangeSet<Int>) throws(DiskError) {
    guard let first = damaged.ranges.first else { return }
    throw DiskError(
      "cannot go on with", file.path,
      reason:
        "it is not what was written there, at \(damaged.count) bytes from 0x\(String(first.lowerBound, radix: 16)) on",
      remedy: "see what else writes there and whether the disk is healthy, then resume")
  }

  /// Digests of the whole image as the disk holds it, in lower-case hex.
  func digests(_ algorithms: [DigestAlgorithm]) async throws(SessionError) -> [DigestAlgorithm: String] {
    try await Disk.run { [self] in
      var digests = algorithms.map { ($0, HostDigest($0)) }
      for start in stride(from: 0, to: region.size, by: Self.piece) {
        let bytes = try file.read(min(Self.piece, region.size - start), at: start)
        for index in digests.indices { digests[index].1.update(bytes) }
      }
      return Dictionary(uniqueKeysWithValues: digests.map { ($0.0, $0.1.hex) })
    }
  }

  /// Gives the whole image its name; returns its path. Whatever somebody has put there meanwhile goes aside.
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
      try Self.putAside(path)
      try file.rename(to: path)
      try DurableFile.sync(folder: folder)
      return path
    }
  }
}
