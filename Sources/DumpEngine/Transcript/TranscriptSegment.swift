import DurableFiles
import Foundation

/// A part of a transcript that nothing is added to any more, as a plain file. Calls block.
///
/// `NAME.gz` gets its name only when all of it is on the disk, and only then does the plain file go: a kill at any
/// instant leaves one of the two or both, and who finds both reads the compressed one.
struct TranscriptSegment: Sendable, Equatable {
  private static let piece = 256 << 10

  /// Where the plain file is.
  let path: String
  /// How many bytes it has.
  let plainBytes: Int

  /// Replaces the plain file by a compressed one; returns how many bytes that has.
  func compress() throws(DiskError) -> Int {
    let (draft, target) = (path + ".gz.tmp", path + ".gz")
    let bytes: Int
    do throws(DiskError) {
      let file = try DiskFile(creating: draft, emptied: true)
      try writeCompressed(to: file)
      try file.sync()
      bytes = try file.size
      try file.rename(to: target)
    } catch {
      unlink(draft)
      throw error
    }
    try DurableFile.sync(folder: DurableFile.folder(of: path))
    guard unlink(path) == 0 else { throw DiskError("cannot remove", path) }
    return bytes
  }

  private func writeCompressed(to file: DiskFile) throws(DiskError) {
    let plain = try DiskFile(reading: path)
    guard var stream = DeflateStream() else {
      throw DiskError(
        "cannot compress", path, reason: "zlib gets no memory", remedy: "see what else runs, then run again")
    }
    for start in stride(from: 0, to: plainBytes, by: Self.piece) {
      let end = min(start + Self.piece, plainBytes)
      let bytes = try plain.read(end - start, at: start)
      try file.append(stream.compress(bytes, isLast: end == plainBytes))
    }
  }
}

/// What is left to do until a transcript is on the disk. Calls block.
struct TranscriptSync: Sendable {
  /// The plain file.
  let file: DiskFile
  /// The folder that holds it, where its name may be new.
  let folder: String?

  /// Returns when all that was handed over is on the disk.
  func run() throws(DiskError) {
    try file.sync()
    if let folder { try DurableFile.sync(folder: folder) }
  }
}
