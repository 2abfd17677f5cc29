/// A command line with placeholders for numbers, as dialects and manifests write it.
///
/// `{address}` is replaced by the number in bare lower-case hex, `{address:X}` in upper case, `{address:08X}` with
/// zeros to eight digits, `{length:d}` in decimal. `{{` stands for a brace.
public struct CommandTemplate: Sendable, Hashable, Decodable, CustomStringConvertible {
  /// As it was written.
  public let text: String
  let pieces: [Piece]

  enum Piece: Sendable, Hashable {
    case literal(String)
    case number(name: String, format: NumberFormat)
  }

  /// Reads a template.
  ///
  /// - Throws: ``TemplateError`` where a brace is not closed, a placeholder has no name, or its format is unknown.
  public init(_ text: String) throws(TemplateError) {
    self.text = text
    var pieces: [Piece] = []
    var literal = ""
    var rest = text[...]
    while let character = rest.popFirst() {
      guard character == "{" else {
        literal.append(character)
        continue
      }
      if rest.first == "{" {
        literal.append(rest.removeFirst())
        continue
      }
      if !literal.isEmpty { pieces.append(.literal(literal)) }
      literal = ""
      pieces.append(try Self.placeholder(&rest, of: text))
    }
    if !literal.isEmpty { pieces.append(.literal(literal)) }
    self.pieces = pieces
  }

  private static func placeholder(_ rest: inout Substring, of text: String) throws(TemplateError) -> Piece {
    guard let close = rest.firstIndex(of: "}") else {
      throw TemplateError(text: text, reason: "opens a brace that is never closed; a brace itself is written {{")
    }
    let inside = rest[..<close]
    rest = rest[rest.index(after: close)...]
    let parts = inside.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts[0].contains(where: \.isLetter), parts[0].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) })
    else {
      throw TemplateError(text: text, reason: "has a placeholder without a name: {\(inside)}")
    }
    guard let format = NumberFormat(parts.count == 2 ? parts[1] : "x") else {
      throw TemplateError(
        text: text, reason: "has the format \"\(parts[1])\", which is none of x, X, d, each with a width as in 08X")
    }
    return .number(name: String(parts[0]), format: format)
  }

  /// Decodes from a string.
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    do {
      try self.init(text)
    } catch {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: error.description))
    }
  }

  /// As it was written.
  public var description: String { text }

  /// The names that need a value.
  public var placeholders: Set<String> {
    Set(pieces.compactMap { if case .number(let name, _) = $0 { name } else { nil } })
  }

  /// Refuses a template that uses other names than these.
  ///
  /// - Throws: ``TemplateError`` that names the placeholder and those allowed.
  public func checked(allowing names: Set<String>) throws(TemplateError) {
    guard let unknown = placeholders.subtracting(names).min() else { return }
    let allowed = names.sorted().map { "{\($0)}" }.joined(separator: ", ")
    throw TemplateError(
      text: text, reason: "uses {\(unknown)}; " + (names.isEmpty ? "no placeholder is known here" : "known: \(allowed)")
    )
  }

  /// The command line with its numbers put in.
  ///
  /// - Precondition: a value for each of ``placeholders``; ``checked(allowing:)`` is what makes sure of it.
  public func render(_ values: [String: UInt64]) -> String {
    pieces.map { piece in
      switch piece {
      case .literal(let text): return text
      case .number(let name, let format):
        guard let value = values[name] else { preconditionFailure("no value for {\(name)} in \"\(text)\"") }
        return format.render(value)
      }
    }.joined()
  }
}

/// Why a text is no command template.
public struct TemplateError: Error, Hashable, CustomStringConvertible {
  /// The template as it was written.
  public var text: String
  /// What is wrong, as the end of a sentence that begins with the template.
  public var reason: String

  /// The template and what is wrong.
  public var description: String { "command \"\(text)\" \(reason)" }
}

/// How a placeholder writes its number: `x`, `X` or `d`, with an optional width filled up with zeros.
struct NumberFormat: Sendable, Hashable {
  var radix: Int
  var uppercase: Bool
  var width: Int

  init?(_ text: Substring) {
    let digits = text.dropLast()
    guard digits.count <= 2, digits.allSatisfy({ $0.isASCII && $0.isNumber }), digits.isEmpty || digits.first == "0"
    else { return nil }
    switch text.last {
    case "x": (radix, uppercase) = (16, false)
    case "X": (radix, uppercase) = (16, true)
    case "d": (radix, uppercase) = (10, false)
    default: return nil
    }
    width = Int(digits) ?? 0
  }

  func render(_ value: UInt64) -> String {
    let digits = String(value, radix: radix, uppercase: uppercase)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
