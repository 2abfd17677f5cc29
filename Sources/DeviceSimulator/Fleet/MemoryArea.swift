/// A part of a simulated unit's address space that answers reads. Addresses in no area are unmapped.
public struct MemoryArea: Decodable, Sendable {
  /// Address of the first byte.
  public var address: Quantity
  /// Bytes; at least 1.
  public var size: Quantity
  /// What the bytes are at power-on.
  public var content: MemoryContent

  /// An area of `size` bytes at `address`.
  public init(address: Quantity, size: Quantity, content: MemoryContent) {
    self.address = address
    self.size = size
    self.content = content
  }
}

/// What an area of memory holds.
public enum MemoryContent: Sendable {
  /// Bytes that look random and follow from the seed: the words of SplitMix64, little endian.
  case random(seed: UInt64)
  /// One byte throughout.
  case fill(UInt8)
  /// These bytes, then 0xFF as in erased flash.
  case bytes([UInt8])
  /// A file's bytes, then 0xFF as in erased flash. The path is relative to the working directory.
  case file(path: String)
  /// Several contents, one behind the other; 0xFF behind the last.
  case pattern([Part])
  /// The flash of a W90 camera.
  case camera(CameraFlash)

  /// One piece of a pattern.
  public struct Part: Decodable, Sendable {
    /// Bytes.
    public var size: Quantity
    /// What they are.
    public var content: MemoryContent

    /// A piece of `size` bytes.
    public init(size: Quantity, content: MemoryContent) {
      self.size = size
      self.content = content
    }
  }
}

extension MemoryContent: Decodable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case random, fill, text, file, pattern, camera
  }

  /// Decodes an object with exactly one of the keys `random` (seed), `fill` (byte), `text`, `file` (path), `pattern`
  /// (parts) and `camera`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let present = CodingKeys.allCases.filter { container.contains($0) }
    guard present.count == 1, let key = present.first else {
      let allowed = CodingKeys.allCases.map(\.rawValue).joined(separator: ", ")
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: decoder.codingPath,
          debugDescription: "found \(present.count) kinds of content; write exactly one of \(allowed)"))
    }
    switch key {
    case .random: self = .random(seed: try container.decode(Quantity.self, forKey: .random).value)
    case .fill: self = .fill(UInt8(truncatingIfNeeded: try container.decode(Quantity.self, forKey: .fill).value))
    case .text: self = .bytes(Array(try container.decode(String.self, forKey: .text).utf8))
    case .file: self = .file(path: try container.decode(String.self, forKey: .file))
    case .pattern: self = .pattern(try container.decode([Part].self, forKey: .pattern))
    case .camera: self = .camera(try container.decode(CameraFlash.self, forKey: .camera))
    }
  }
}
