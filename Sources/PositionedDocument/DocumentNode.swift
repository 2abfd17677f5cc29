/// A value in a document, with its place.
public struct DocumentNode: Sendable, Hashable {
  /// The kinds of value.
  public enum Value: Sendable, Hashable {
    /// JSON's null; binary property lists know it too.
    case null
    /// True or false.
    case bool(Bool)
    /// A whole number that fits into 64 bits, signed or unsigned.
    case integer(Int128)
    /// A number with a fraction or an exponent; finite.
    case real(Double)
    /// A text.
    case string(String)
    /// Values in the document's order.
    case array([DocumentNode])
    /// Keys and values in the document's order, each key once.
    case object([Member])
    /// A property list's bytes.
    case data
    /// A property list's point in time.
    case date
  }

  /// A key and its value.
  public struct Member: Sendable, Hashable {
    /// The key, without its quotes.
    public var key: String
    /// Where the key stands, in bytes from the document's start.
    public var keyOffset: Int
    /// The value.
    public var node: DocumentNode
  }

  /// What the value is.
  public var value: Value
  /// Where the value stands, in bytes from the document's start.
  public var offset: Int

  /// The value as a message calls it.
  var summary: String {
    switch value {
    case .null: "null"
    case .bool(let flag): "\(flag)"
    case .integer(let number): "the number \(number)"
    case .real(let number): "the number \(number)"
    case .string(let text): "the text \"\(visible(text))\""
    case .array(let elements): elements.isEmpty ? "an empty array" : "an array"
    case .object(let members): members.isEmpty ? "an empty object" : "an object"
    case .data: "binary data"
    case .date: "a date"
    }
  }

  /// The value of a key, nil where this is no object or has no such key.
  func member(_ key: String) -> Member? {
    guard case .object(let members) = value else { return nil }
    return members.first { $0.key == key }
  }
}
