/// What stands before the first element of an XML text, looked through before Foundation's parser sees it.
///
/// That parser drops entities that the text itself declares without a word, and takes encodings for granted, so both
/// are refused here.
enum XMLProlog {
  static func check(_ bytes: [UInt8]) throws(SyntaxError) {
    var cursor = byteOrderMarkLength(bytes)
    while cursor < bytes.count {
      if isBlank(bytes[cursor]) {
        cursor += 1
      } else if bytes[cursor...].starts(with: Array("<?".utf8)) {
        let end = offset(behind: "?>", in: bytes, from: cursor)
        try checkEncoding(String(decoding: bytes[cursor..<end], as: UTF8.self), at: cursor)
        cursor = end
      } else if bytes[cursor...].starts(with: Array("<!--".utf8)) {
        cursor = offset(behind: "-->", in: bytes, from: cursor)
      } else if bytes[cursor...].starts(with: Array("<!DOCTYPE".utf8)) {
        cursor = try endOfDocumentType(in: bytes, from: cursor)
      } else {
        return
      }
    }
  }

  private static func offset(behind end: String, in bytes: [UInt8], from start: Int) -> Int {
    let end = Array(end.utf8)
    var cursor = start
    while cursor + end.count <= bytes.count {
      if bytes[cursor...].starts(with: end) { return cursor + end.count }
      cursor += 1
    }
    return bytes.count
  }

  private static func checkEncoding(_ declaration: String, at offset: Int) throws(SyntaxError) {
    guard declaration.hasPrefix("<?xml"), let name = attribute("encoding", of: declaration) else { return }
    if ["utf-8", "utf8", "us-ascii", "ascii"].contains(name.lowercased()) { return }
    let message = "the encoding \"\(visible(name))\" is not read; save the file as UTF-8 and say so here"
    throw SyntaxError(offset: offset, message: message)
  }

  private static func attribute(_ name: String, of declaration: String) -> String? {
    guard let range = declaration.firstRange(of: name) else { return nil }
    let value = declaration[range.upperBound...].drop { $0.isWhitespace || $0 == "=" }
    guard let quote = value.first, quote == "\"" || quote == "'" else { return nil }
    return String(value.dropFirst().prefix { $0 != quote })
  }

  private static func endOfDocumentType(in bytes: [UInt8], from start: Int) throws(SyntaxError) -> Int {
    var quote: UInt8?
    for cursor in start..<bytes.count {
      let byte = bytes[cursor]
      if let open = quote {
        if byte == open { quote = nil }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "'"): quote = byte
      case UInt8(ascii: ">"): return cursor + 1
      case UInt8(ascii: "["):
        let message = "declarations inside DOCTYPE (such as entities) are refused; remove them"
        throw SyntaxError(offset: cursor, message: message)
      default: break
      }
    }
    return bytes.count
  }

  /// The commonest of libxml2's error codes (`xmlerror.h`) in words.
  static func reason(of code: Int) -> String {
    switch code {
    case 4, 5, 77: "the XML ends too early"
    case 9: "a character that XML does not allow"
    case 23, 26: "an entity that is not declared; XML itself knows &lt; &gt; &amp; &quot; and &apos;"
    case 39, 40, 41, 65: "a damaged attribute"
    case 68: "a damaged name or a `<` that should be `&lt;`"
    case 73: "a tag without its `>`"
    case 74, 76: "an end tag that does not match its start tag"
    case 78, 86: "something behind the end of the document"
    default: "damaged XML (libxml2 error \(code))"
    }
  }
}
