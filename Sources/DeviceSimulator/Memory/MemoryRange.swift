/// Bytes one behind the other.
public struct MemoryRange: Sendable, Hashable, Decodable {
  /// Address of the first byte.
  public var address: UInt64
  /// Bytes.
  public var size: Int

  /// `size` bytes at `address`.
  public init(address: UInt64, size: Int) {
    self.address = address
    self.size = size
  }

  /// The address behind the last byte.
  public var end: UInt64 { address &+ UInt64(size) }

  private enum CodingKeys: String, CodingKey {
    case address, size
  }

  /// Decodes `address` and `size`, at least 1, each as ``Quantity``.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      address: try container.decode(Quantity.self, forKey: .address).value,
      size: try container.decode(Quantity.self, forKey: .size).int)
    guard size > 0, !address.addingReportingOverflow(UInt64(size)).overflow else {
      throw DecodingError.dataCorruptedError(
        forKey: .size, in: container,
        debugDescription: "found \(size); allowed are 1 up to the end of the address space")
    }
  }
}
