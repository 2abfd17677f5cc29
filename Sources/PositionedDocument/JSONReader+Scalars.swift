extension JSONReader {
  /// A text in double quotes; the cursor stands at the first of them.
  mutating func readString() throws(SyntaxError) -> String {
    let open = cursor
    cursor += 1
    var text: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        cursor += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        text.append(contentsOf: try readEscape().utf8)
      case 0..<0x20:
        let code = byte == 0x0A || byte == 0x0D ? "a line break" : "a control character"
        throw error("\(code) inside a text; write it as \(Self.escape(for: byte))")
      default:
        text.append(byte)
        cursor += 1
      }
    }
    throw SyntaxError(offset: open, message: "this text has no closing quote")
  }

  private static func escape(for byte: UInt8) -> String {
    switch byte {
    case 0x08: "\\b"
    case 0x09: "\\t"
    case 0x0A: "\\n"
    case 0x0C: "\\f"
    case 0x0D: "\\r"
    default: (byte < 16 ? "\\u000" : "\\u00") + String(byte, radix: 16)
    }
  }

  private mutating func readEscape() throws(SyntaxError) -> String {
    let start = cursor
    cursor += 1
    guard let letter = next else { throw error("a text ends in the middle of an escape") }
    cursor += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return String(Unicode.Scalar(letter))
    case UInt8(ascii: "b"): return "\u{08}"
    case UInt8(ascii: "f"): return "\u{0C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return String(try readUnicodeEscape(from: start))
    default:
      cursor -= 1
      let known = #"JSON knows \" \\ \/ \b \f \n \r \t and \u with four digits"#
      let message = "unknown escape: \(found) behind the backslash; \(known)"
      throw SyntaxError(offset: start, message: message)
    }
  }

  /// One scalar behind `\u`: four hex digits, or two such groups that are a surrogate pair.
  private mutating func readUnicodeEscape(from start: Int) throws(SyntaxError) -> Unicode.Scalar {
    let first = try readHexGroup(from: start)
    if let scalar = Unicode.Scalar(first) { return scalar }
    let isHigh = (0xD800..<0xDC00).contains(first)
    if isHigh, next == UInt8(ascii: "\\"), cursor + 1 < bytes.count, bytes[cursor + 1] == UInt8(ascii: "u") {
      cursor += 2
      let second = try readHexGroup(from: start)
      if (0xDC00..<0xE000).contains(second) {
        let pair = 0x10000 + ((first - 0xD800) << 10 | (second - 0xDC00))
        if let scalar = Unicode.Scalar(pair) { return scalar }
      }
    }
    throw SyntaxError(offset: start, message: "half of a surrogate pair; \\ud83d\\ude00 shows a whole one")
  }

  private mutating func readHexGroup(from start: Int) throws(SyntaxError) -> UInt32 {
    let digits = bytes[cursor...].prefix(4)
    var value: UInt32 = 0
    for digit in digits {
      guard let nibble = Character(Unicode.Scalar(digit)).hexDigitValue else { break }
      value = value << 4 | UInt32(nibble)
      cursor += 1
    }
    if cursor < digits.endIndex || digits.count < 4 {
      throw SyntaxError(offset: start, message: "\\u needs four hex digits, found \(found)")
    }
    return value
  }

  /// A number; whole ones are exact and must fit into 64 bits.
  mutating func readNumber() throws(SyntaxError) -> DocumentNode.Value {
    let start = cursor
    _ = take(UInt8(ascii: "-"))
    let digits = cursor
    try readDigits()
    if bytes[digits] == UInt8(ascii: "0"), cursor > digits + 1 {
      let message = "a JSON number has no leading zero; hex numbers stand in quotes: \"0x10\""
      throw SyntaxError(offset: start, message: message)
    }
    if bytes[digits] == UInt8(ascii: "0"), next == UInt8(ascii: "x") || next == UInt8(ascii: "X") {
      throw SyntaxError(offset: start, message: "hex numbers stand in quotes: \"0x10\"")
    }
    var isWhole = true
    if take(UInt8(ascii: ".")) {
      isWhole = false
      try readDigits()
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      isWhole = false
      if !take(UInt8(ascii: "-")) { _ = take(UInt8(ascii: "+")) }
      try readDigits()
    }
    return try number(String(decoding: bytes[start..<cursor], as: UTF8.self), isWhole: isWhole, at: start)
  }

  private mutating func readDigits() throws(SyntaxError) {
    let start = cursor
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { cursor += 1 }
    if cursor == start { throw error("expected a digit, found \(found)") }
  }

  private func number(_ text: String, isWhole: Bool, at offset: Int) throws(SyntaxError) -> DocumentNode.Value {
    if !isWhole {
      if let value = Double(text), value.isFinite { return .real(value) }
      throw SyntaxError(offset: offset, message: "the number \(visible(text)) is too large")
    }
    guard let value = Int128(text), DocumentNode.wholeNumbers.contains(value) else {
      throw SyntaxError(offset: offset, message: "the number \(visible(text)) does not fit into 64 bits")
    }
    return .integer(value)
  }
}

extension DocumentNode {
  /// The whole numbers that a document may hold.
  static let wholeNumbers = Int128(Int64.min)...Int128(UInt64.max)
}
