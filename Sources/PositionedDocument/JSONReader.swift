/// Reads JSON as RFC 8259 has it, nothing more: no comments, no trailing commas, no key twice.
struct JSONReader {
  let bytes: [UInt8]
  let depthLimit: Int
  var cursor: Int
  private var trail: [DocumentPath.Element] = []
  /// Keys that stand twice in one object: reading goes on behind them, so that all can be told.
  private(set) var duplicates: [DuplicateKey] = []

  init(_ bytes: [UInt8], depthLimit: Int) {
    self.bytes = bytes
    self.depthLimit = depthLimit
    cursor = byteOrderMarkLength(bytes)
  }

  mutating func readDocument() throws(SyntaxError) -> DocumentNode {
    skipBlanks()
    let root = try readValue()
    skipBlanks()
    guard cursor == bytes.count else {
      throw error("expected the end of the file after the document, found \(found)")
    }
    return root
  }

  private mutating func readValue() throws(SyntaxError) -> DocumentNode {
    let offset = cursor
    switch next ?? 0 {
    case UInt8(ascii: "{"): return DocumentNode(value: .object(try readMembers()), offset: offset)
    case UInt8(ascii: "["): return DocumentNode(value: .array(try readElements()), offset: offset)
    case UInt8(ascii: "\""): return DocumentNode(value: .string(try readString()), offset: offset)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      return DocumentNode(value: try readNumber(), offset: offset)
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
      return DocumentNode(value: try readWord(), offset: offset)
    default: throw error("expected a value, found \(found)\(hint)")
    }
  }

  private mutating func readValue(_ element: DocumentPath.Element) throws(SyntaxError) -> DocumentNode {
    trail.append(element)
    let node = try readValue()
    trail.removeLast()
    return node
  }

  /// Steps over the opening sign.
  private mutating func open() throws(SyntaxError) {
    // The trail is as long as the number of arrays and objects around this one.
    if trail.count >= depthLimit { throw error("more than \(depthLimit) arrays and objects within each other") }
    cursor += 1
    skipBlanks()
  }

  private mutating func readElements() throws(SyntaxError) -> [DocumentNode] {
    try open()
    var elements: [DocumentNode] = []
    if take(UInt8(ascii: "]")) { return elements }
    repeat {
      elements.append(try readValue(.index(elements.count)))
    } while try !endsList(with: UInt8(ascii: "]"), after: "array element")
    return elements
  }

  private mutating func readMembers() throws(SyntaxError) -> [DocumentNode.Member] {
    try open()
    var members: [DocumentNode.Member] = []
    var offsets: [String: Int] = [:]
    if take(UInt8(ascii: "}")) { return members }
    repeat {
      let keyOffset = cursor
      let key = try readKey()
      let node = try readValue(.key(key))
      if let first = offsets[key] {
        duplicates.append(DuplicateKey(key: key, path: DocumentPath(trail), first: first, second: keyOffset))
      } else {
        offsets[key] = keyOffset
        members.append(DocumentNode.Member(key: key, keyOffset: keyOffset, node: node))
      }
    } while try !endsList(with: UInt8(ascii: "}"), after: "value")
    return members
  }

  private mutating func readKey() throws(SyntaxError) -> String {
    guard next == UInt8(ascii: "\"") else { throw error("expected a key in double quotes, found \(found)\(hint)") }
    let key = try readString()
    skipBlanks()
    guard take(UInt8(ascii: ":")) else {
      throw error("expected `:` after the key `\(visible(key))`, found \(found)\(hint)")
    }
    skipBlanks()
    return key
  }

  /// Takes a comma, or the end of the list.
  private mutating func endsList(with close: UInt8, after what: String) throws(SyntaxError) -> Bool {
    skipBlanks()
    if take(close) { return true }
    let sign = Character(Unicode.Scalar(close))
    let comma = cursor
    guard take(UInt8(ascii: ",")) else {
      throw error("expected `,` or `\(sign)` after the \(what), found \(found)\(hint)")
    }
    skipBlanks()
    if next == close {
      throw SyntaxError(offset: comma, message: "JSON has no comma before `\(sign)`; remove it")
    }
    return false
  }

  private mutating func readWord() throws(SyntaxError) -> DocumentNode.Value {
    let start = cursor
    while let byte = next, isWordByte(byte) { cursor += 1 }
    let word = String(decoding: bytes[start..<cursor], as: UTF8.self)
    switch word {
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "null": return .null
    default:
      let message = "unknown word `\(visible(word))`; JSON knows true, false and null, and texts stand in double quotes"
      throw SyntaxError(offset: start, message: message)
    }
  }
}

/// A key that stands twice in one object.
struct DuplicateKey {
  var key: String
  /// The object.
  var path: DocumentPath
  /// Where the key stands first, in bytes.
  var first: Int
  /// Where it stands again, in bytes.
  var second: Int
}

extension JSONReader {
  var next: UInt8? { cursor < bytes.count ? bytes[cursor] : nil }

  func error(_ message: String) -> SyntaxError { SyntaxError(offset: cursor, message: message) }

  mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    cursor += 1
    return true
  }

  mutating func skipBlanks() {
    while let byte = next, isBlank(byte) { cursor += 1 }
  }

  /// What stands at the cursor, for a message.
  var found: String {
    guard cursor < bytes.count else { return "the end of the file" }
    let scalar = String(decoding: bytes[cursor...].prefix(4), as: UTF8.self).unicodeScalars.first ?? " "
    return "`\(visible(String(scalar)))`"
  }

  /// Kind words for what people commonly write in place of JSON.
  private var hint: String {
    switch next {
    case UInt8(ascii: "/"), UInt8(ascii: "#"): "; JSON has no comments, but a key `$comment` may hold one"
    case UInt8(ascii: "'"): "; JSON quotes with \" only"
    case UInt8(ascii: "="), UInt8(ascii: ";"): "; an OpenStep property list is not read"
    default: ""
    }
  }

  private func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
    default: false
    }
  }
}
