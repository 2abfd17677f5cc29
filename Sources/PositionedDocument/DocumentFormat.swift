/// The forms that a document may have. The content tells which; its file name does not.
public enum DocumentFormat: String, Sendable, CaseIterable {
  /// JSON as in RFC 8259.
  case json
  /// A property list in XML.
  case xmlPropertyList
  /// A property list in Apple's binary form, version 00.
  case binaryPropertyList
}

/// What a document may cost to read.
public struct DocumentLimits: Sendable, Hashable {
  /// Size in bytes.
  public var bytes: Int
  /// How deep arrays and objects may lie within each other.
  public var depth: Int

  /// Limits of `bytes` and `depth`.
  public init(bytes: Int = 4 << 20, depth: Int = 64) {
    self.bytes = bytes
    self.depth = depth
  }
}

/// What is wrong at one byte of a document's text.
struct SyntaxError: Error {
  var offset: Int
  var message: String
}

extension DocumentFormat {
  /// The format that `bytes` begin like, or an error that says what they look like instead.
  static func recognise(_ bytes: [UInt8]) throws(SyntaxError) -> DocumentFormat {
    if bytes.starts(with: Array("bplist".utf8)) { return .binaryPropertyList }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw SyntaxError(offset: 0, message: "this is UTF-16 text; save it as UTF-8")
    }
    if let offset = firstInvalidUTF8(bytes) {
      let byte = String(bytes[offset], radix: 16, uppercase: true)
      let message = "byte 0x\(byte.count < 2 ? "0" : "")\(byte) at offset \(offset) is not UTF-8"
      throw SyntaxError(offset: offset, message: message + "; save the file as UTF-8")
    }
    guard let start = bytes[byteOrderMarkLength(bytes)...].firstIndex(where: { !isBlank($0) }) else {
      throw SyntaxError(offset: 0, message: "the file is empty; expected JSON or a property list")
    }
    let head = String(decoding: bytes[start...].prefix(400), as: UTF8.self)
    switch bytes[start] {
    case UInt8(ascii: "<"):
      if ["<?xml", "<!DOCTYPE plist", "<plist", "<!--"].contains(where: head.hasPrefix) { return .xmlPropertyList }
      throw SyntaxError(offset: start, message: "this is markup but no property list; expected `<?xml` or `<plist`")
    case UInt8(ascii: "{") where looksLikeOpenStep(head): break
    case UInt8(ascii: "{"), UInt8(ascii: "["): return .json
    default: break
    }
    throw SyntaxError(offset: start, message: guess(head) + "; write JSON or a property list (XML or binary)")
  }

  private static func guess(_ head: String) -> String {
    if head.hasPrefix("{") || head.hasPrefix("(") {
      return "this looks like an OpenStep property list, which is not read"
    }
    if head.hasPrefix("//") || head.hasPrefix("/*") { return "comments are not JSON" }
    let lines = head.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("#") }
    let line = lines.first.map(String.init) ?? ""
    let isYAML = line.hasPrefix("---") || line.hasPrefix("%YAML") || line.hasPrefix("- ")
    if isYAML || (!line.hasPrefix("\"") && (line.contains(": ") || line.hasSuffix(":"))) {
      return "this looks like YAML, which is not read"
    }
    return "this is neither JSON nor a property list"
  }

  /// `{ key = value; }`, where JSON has a quote or the closing brace. Quoted keys are left to the JSON reader.
  private static func looksLikeOpenStep(_ head: String) -> Bool {
    let inner = head.dropFirst().drop { $0.isWhitespace }
    let behind = inner.drop { $0.isLetter || $0.isNumber || "_-.$/".contains($0) }
    return behind.startIndex != inner.startIndex && behind.drop { $0.isWhitespace }.hasPrefix("=")
  }
}

/// Space, tab, CR or LF.
func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

/// Offset of the first byte that cannot stand there in UTF-8.
private func firstInvalidUTF8(_ bytes: [UInt8]) -> Int? {
  if String(validating: bytes, as: UTF8.self) != nil { return nil }
  var offset = 0
  var iterator = bytes.makeIterator()
  var decoder = UTF8()
  while case .scalarValue(let scalar) = decoder.decode(&iterator) { offset += UTF8.width(scalar) }
  return offset
}
