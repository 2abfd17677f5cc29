import ConsoleDialect
import DurableFiles

/// What a block holds, as far as its unit's digest tells.
struct BlockKey: Hashable, Sendable {
  /// What kind of digest.
  var algorithm: DigestAlgorithm
  /// Bytes of the block.
  var length: Int
  /// Lower-case hex.
  var digest: String
}

/// A part of an image on the disk of this machine.
///
/// It may be changed or taken away at any time: whoever reads it compares what comes with a digest.
struct ImagePart: Sendable, Equatable {
  /// Path of the image when it is complete; `.partial` until then.
  var path: String
  /// The place in it.
  var range: Range<Int>

  /// The bytes, nil where they are not there any more.
  func bytes() async -> [UInt8]? {
    try? await Disk.run {
      // It gets its name when it is whole, and loses it when it is to be proved again.
      for path in [path, path + ".partial"] {
        guard let file = try? DiskFile(reading: path), let size = try? file.size, size >= range.upperBound else {
          continue
        }
        return try file.read(range.count, at: range.lowerBound)
      }
      return nil
    }
  }
}

/// A range of a region, and a part of some image that may hold the same.
struct OfferedPart: Sendable, Equatable {
  /// The place in the region.
  var range: Range<Int>
  /// Where the bytes are.
  var image: ImagePart
  /// Whose they are.
  var provenance: Provenance
}
