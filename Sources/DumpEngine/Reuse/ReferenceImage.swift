import DurableFiles

/// An image on this machine of which a region is thought to hold much, at the same places.
public struct KnownImage: Sendable, Equatable {
  /// Path of the file.
  public var path: String
  /// Folder of the unit of the same batch whose image it is; absent where it comes from elsewhere.
  public var unit: String?

  /// An image of a unit of the batch, or from elsewhere.
  public init(path: String, unit: String? = nil) {
    self.path = path
    self.unit = unit
  }
}

/// Such an image while it is looked at.
struct ReferenceImage: Sendable {
  private let file: DiskFile
  /// Bytes of the image; it may be shorter or longer than the region.
  let size: Int
  /// Where bytes of it come from.
  let provenance: Provenance

  /// Opens an image; calls block.
  init(_ image: KnownImage) throws(DiskError) {
    file = try DiskFile(reading: image.path)
    size = try file.size
    provenance = image.unit.map(Provenance.sibling) ?? .reference
  }

  /// What it has at a place; nil where it ends before.
  func bytes(_ range: Range<Int>) async throws(SessionError) -> [UInt8]? {
    guard range.upperBound <= size else { return nil }
    return try await Disk.run { try file.read(range.count, at: range.lowerBound) }
  }
}
