import Foundation

/// An element of a property list whose end tag has not come yet.
struct XMLElementInProgress {
  static let names = ["dict", "array", "string", "integer", "real", "true", "false", "date", "data", "key"]

  var name: String
  var offset: Int
  var text = ""
  var elements: [DocumentNode] = []
  var members: [DocumentNode.Member] = []
  var keyOffsets: [String: Int] = [:]
  /// The last key, as long as its value has not come.
  var key: (text: String, offset: Int)?

  init(name: String, offset: Int) {
    self.name = name
    self.offset = offset
  }

  var isContainer: Bool { name == "dict" || name == "array" || name == "plist" }

  func value() throws(SyntaxError) -> DocumentNode.Value {
    switch name {
    case "array": return .array(elements)
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "date": return .date
    case "data": return .data
    case "integer": return .integer(try integer())
    case "real": return .real(try real())
    case "dict":
      if let key {
        throw SyntaxError(offset: key.offset, message: "the key `\(visible(key.text))` has no value")
      }
      return .object(members)
    default: return .string(text)
    }
  }

  private var trimmed: String { text.trimmingCharacters(in: .whitespacesAndNewlines) }

  private func integer() throws(SyntaxError) -> Int128 {
    let isHex = trimmed.hasPrefix("0x") || trimmed.hasPrefix("0X")
    guard let number = isHex ? Int128(trimmed.dropFirst(2), radix: 16) : Int128(trimmed) else {
      let message = "expected a whole number in `<integer>`, found \"\(visible(trimmed))\""
      throw SyntaxError(offset: offset, message: message)
    }
    guard DocumentNode.wholeNumbers.contains(number) else {
      throw SyntaxError(offset: offset, message: "the number \(visible(trimmed)) does not fit into 64 bits")
    }
    return number
  }

  private func real() throws(SyntaxError) -> Double {
    guard let number = Double(trimmed), number.isFinite else {
      throw SyntaxError(offset: offset, message: "expected a number in `<real>`, found \"\(visible(trimmed))\"")
    }
    return number
  }
}
