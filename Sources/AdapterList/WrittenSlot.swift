import Foundation

/// A slot as a manifest has it: a name, and the rules that bind it to an adapter.
public struct WrittenSlot: Sendable, Equatable {
  /// Its name.
  public var name: String
  /// The rules by key.
  public var match: [String: String]

  /// A slot by name and rules.
  public init(_ name: String, match: [String: String]) {
    self.name = name
    self.match = match
  }

  /// The part of a manifest that lists slots, as a JSON document of its own: one line a slot. Without a line end.
  public static func text(_ slots: [WrittenSlot]) throws -> String {
    let lines = try slots.map { slot in
      let rules = try slot.match.sorted { $0.key < $1.key }.map { "\(try quoted($0.key)): \(try quoted($0.value))" }
      return "    { \"name\": \(try quoted(slot.name)), \"match\": { \(rules.joined(separator: ", ")) } }"
    }
    guard !lines.isEmpty else { return "{ \"slots\": [] }" }
    return "{\n  \"slots\": [\n\(lines.joined(separator: ",\n"))\n  ]\n}"
  }

  private static func quoted(_ text: String) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return String(decoding: try encoder.encode(text), as: UTF8.self)
  }
}
