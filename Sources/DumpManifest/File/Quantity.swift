import PositionedDocument

/// An address, offset or size: a whole number, or a text such as `0x7F0E0000`, `4KiB` or `1 MiB`.
///
/// JSON and XML have no hex numbers, and addresses are read and compared in hex everywhere else.
struct Quantity: Decodable, Sendable, Hashable {
  var value: UInt64

  init(_ value: UInt64) { self.value = value }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(UInt64.self) {
      value = number
      return
    }
    let found: String
    if let text = try? container.decode(String.self) {
      if let number = Self.parse(text) {
        value = number
        return
      }
      found = "\"\(visible(text))\""
    } else if let number = try? container.decode(Int64.self) {
      found = "\(number)"
    } else if let number = try? container.decode(Double.self) {
      found = number.plain
    } else {
      found = "something else"
    }
    let message = "expected a size or address such as 4096, \"0x1000\", \"4KiB\" or \"1 MiB\", found \(found)"
    throw DecodingError.dataCorruptedError(in: container, debugDescription: message)
  }

  /// The value of a text; nil where it is no number, has an unknown unit, or does not fit into 64 bits.
  static func parse(_ text: String) -> UInt64? {
    var digits = text[...]
    var shift = 0
    for (unit, bits) in [("KiB", 10), ("MiB", 20), ("GiB", 30)] where text.hasSuffix(unit) {
      digits = text.dropLast(unit.count)
      if digits.hasSuffix(" ") { digits.removeLast() }
      shift = bits
    }
    let isHex = digits.hasPrefix("0x") || digits.hasPrefix("0X")
    if isHex { digits = digits.dropFirst(2) }
    guard let first = digits.first, first.isHexDigit else { return nil }
    guard let number = UInt64(digits, radix: isHex ? 16 : 10), number <= UInt64.max >> UInt64(shift) else { return nil }
    return number << UInt64(shift)
  }
}

extension Double {
  /// Whole numbers without their `.0`, as people write them.
  var plain: String { Int(exactly: self).map(String.init) ?? "\(self)" }
}

extension FixedWidthInteger {
  /// As engineers write addresses: `0x7F0E0000`.
  var hex: String { "0x" + String(self, radix: 16, uppercase: true) }
}

extension UInt64 {
  /// As a manifest writes sizes: `256MiB`, or `1025 bytes` where no unit fits.
  var size: String {
    for (unit, shift) in [("GiB", 30), ("MiB", 20), ("KiB", 10)] as [(String, UInt64)] where self > 0 {
      if self % (1 << shift) == 0 { return "\(self >> shift)\(unit)" }
    }
    return "\(self) bytes"
  }
}
