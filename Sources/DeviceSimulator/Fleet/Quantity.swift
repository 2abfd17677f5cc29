import Foundation

/// An address, a size or an offset as a fleet file writes it: an integer, or a string such as `"0x7F0E0000"`,
/// `"64KiB"`, `"2 MiB"`.
public struct Quantity: Decodable, Sendable, Hashable, ExpressibleByIntegerLiteral {
  /// The number; for sizes and offsets in bytes.
  public var value: UInt64

  /// Wraps a number.
  public init(_ value: UInt64) { self.value = value }

  /// Wraps a literal.
  public init(integerLiteral value: UInt64) { self.value = value }

  /// Reads a number with an optional `0x` before it and an optional `KiB`, `MiB` or `GiB` behind it.
  public init?(text: String) {
    let units: [(suffix: String, shift: UInt64)] = [("KiB", 10), ("MiB", 20), ("GiB", 30)]
    let unit = units.first { text.hasSuffix($0.suffix) }
    let digits = text.dropLast(unit?.suffix.count ?? 0).trimmingCharacters(in: .whitespaces)
    let isHex = digits.hasPrefix("0x") || digits.hasPrefix("0X")
    guard let number = isHex ? UInt64(digits.dropFirst(2), radix: 16) : UInt64(digits) else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: 1 << (unit?.shift ?? 0))
    guard !overflow else { return nil }
    value = product
  }

  /// Decodes an integer or a string.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(UInt64.self) {
      value = number
      return
    }
    let text = try container.decode(String.self)
    guard let quantity = Quantity(text: text) else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: "\"\(text)\" is not a number; write an integer or text such as \"0x7F0E0000\" or \"64KiB\"")
    }
    self = quantity
  }

  /// The number as an `Int`; a number too large for one counts as the largest.
  var int: Int { Int(clamping: value) }
}
