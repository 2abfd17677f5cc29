/// Why a dialect's table cannot be right.
public struct DialectError: Error, Hashable, CustomStringConvertible {
  /// The keys that lead to the wrong value, indices as numbers: `["reads", "0", "layout", "cells"]`.
  public var path: [String]
  /// What was found, and what is allowed.
  public var message: String

  /// The place in the table and what is wrong there.
  public var description: String { "\(path.joined(separator: ".")): \(message)" }

  /// The same for whoever decodes a table, below the place where the table stands.
  func asDecodingError(below codingPath: [any CodingKey]) -> DecodingError {
    .dataCorrupted(.init(codingPath: codingPath + path.map { TableKey($0) }, debugDescription: message))
  }

  /// The same as seen from further outside.
  func below(_ outer: String...) -> DialectError { DialectError(path: outer + path, message: message) }
}

/// A place in a table: a key, or an index in an array.
struct TableKey: CodingKey {
  let stringValue: String
  var intValue: Int? { Int(stringValue) }

  init(_ text: String) { stringValue = text }
  init(stringValue: String) { self.stringValue = stringValue }
  init(intValue: Int) { stringValue = String(intValue) }
}

/// Throws unless a table's value is as it must be.
func require(_ holds: Bool, _ path: String..., else message: @autoclosure () -> String) throws(DialectError) {
  guard holds else { throw DialectError(path: path, message: message()) }
}
