/// Bytes that a failing test prints as text, with every control character visible.
public struct ReadableBytes: Sendable, Hashable, CustomStringConvertible {
  /// The bytes.
  public var bytes: [UInt8]

  /// Wraps any bytes.
  public init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

  /// Wraps the UTF-8 bytes of a text.
  public init(_ text: String) { bytes = Array(text.utf8) }

  /// Printable ASCII as itself, the usual escapes (`\r`, `\n`, `\t`, `\e`, `\b`, `\\`), `\xNN` for all other bytes.
  public var description: String { bytes.lazy.map(Self.shown).joined() }

  private static func shown(_ byte: UInt8) -> String {
    switch byte {
    case 0x08: "\\b"
    case 0x09: "\\t"
    case 0x0A: "\\n"
    case 0x0D: "\\r"
    case 0x1B: "\\e"
    case UInt8(ascii: "\\"): "\\\\"
    case 0x20...0x7E: String(UnicodeScalar(byte))
    default: "\\x" + hex(byte)
    }
  }

  fileprivate static func hex(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return digits.count == 1 ? "0" + digits : digits
  }
}

/// How two images differ, in one line; absent where they are equal. Images are too long to print whole.
///
/// Tells both sizes where they are unequal, how many bytes differ, and 16 bytes of each from the first difference.
public func difference(found: [UInt8], expected: [UInt8]) -> String? {
  guard found != expected else { return nil }
  let differing = zip(found, expected).enumerated().filter { $1.0 != $1.1 }.map(\.offset)
  let sizes = found.count == expected.count ? "" : "\(found.count) bytes, expected \(expected.count); "
  let first = differing.first ?? min(found.count, expected.count)
  let place = "0x" + String(first, radix: 16, uppercase: true)
  return sizes + "\(differing.count) bytes differ, first at \(place): \(row(of: found, from: first))"
    + ", expected \(row(of: expected, from: first))"
}

private func row(of bytes: [UInt8], from first: Int) -> String {
  let row = bytes.dropFirst(first).prefix(16)
  return row.isEmpty ? "nothing" : row.map(ReadableBytes.hex).joined(separator: " ")
}
