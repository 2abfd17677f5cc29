/// The way from a document's root to one of its values, written `slots[2].console.speed`.
public struct DocumentPath: Sendable, Hashable, CustomStringConvertible {
  /// One step of the way.
  public enum Element: Sendable, Hashable {
    /// Into an object, by key.
    case key(String)
    /// Into an array, counted from 0.
    case index(Int)
  }
  /// The steps, from the root.
  public var elements: [Element]

  /// The way along `elements`; without any, the root.
  public init(_ elements: [Element] = []) { self.elements = elements }

  /// The root.
  public static let root = DocumentPath()

  /// One step further, into an object.
  public func key(_ name: String) -> DocumentPath { DocumentPath(elements + [.key(name)]) }

  /// One step further, into an array.
  public func index(_ index: Int) -> DocumentPath { DocumentPath(elements + [.index(index)]) }

  /// The steps as a person writes them; empty for the root. Keys that are no plain words are put into `["…"]`.
  public var description: String {
    var text = ""
    for element in elements {
      switch element {
      case .index(let index): text += "[\(index)]"
      case .key(let name) where name.isPlainKey: text += text.isEmpty ? name : "." + name
      case .key(let name): text += "[\"\(visible(name))\"]"
      }
    }
    return text
  }
}

extension String {
  fileprivate var isPlainKey: Bool {
    !isEmpty && utf8.count <= 60
      && utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "$"): true
        default: false
        }
      }
  }
}

/// `text` for a message: control characters and others that could steer a terminal made visible,
/// cut after `limit` characters. Documents may come from anywhere, and their words end up on a screen.
public func visible(_ text: String, limit: Int = 60) -> String {
  var result = ""
  for (count, scalar) in text.unicodeScalars.enumerated() {
    if count == limit { return result + "…" }
    switch scalar {
    case "\r": result += "\\r"
    case "\n": result += "\\n"
    case "\t": result += "\\t"
    case _ where scalar.properties.generalCategory.isInvisible:
      let digits = String(scalar.value, radix: 16, uppercase: true)
      result += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

extension Unicode.GeneralCategory {
  fileprivate var isInvisible: Bool {
    switch self {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
    default: false
    }
  }
}
