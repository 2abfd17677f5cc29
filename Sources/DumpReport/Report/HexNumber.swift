/// A number that JSON holds as a hex string with `0x`, as engineers read addresses, exact over all 64 bits.
public struct HexNumber: Codable, Sendable, Hashable {
  /// The number.
  public var value: UInt64

  /// A number.
  public init(_ value: UInt64) {
    self.value = value
  }

  /// Reads `0x` and hex digits.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard text.hasPrefix("0x"), let value = UInt64(text.dropFirst(2), radix: 16) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected a hex number such as 0x7F0E0000, found \(SafeText(text, limit: 40))")
    }
    self.value = value
  }

  /// Writes `0x` and upper-case digits.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value.hex)
  }
}
