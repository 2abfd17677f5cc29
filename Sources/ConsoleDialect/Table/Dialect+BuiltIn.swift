import PositionedDocument

extension Dialect {
  /// The names of the dialects that come with batchdump, in alphabetical order.
  public static let builtInNames: [String] = embeddedDialects.map(\.name).sorted()

  /// A dialect that comes with batchdump; absent where none has that name.
  ///
  /// - Throws: `DocumentError` with the place in the file where a table is wrong. The project's tests load them all.
  public static func builtIn(named name: String) throws -> Dialect? {
    guard let file = embeddedDialects.first(where: { $0.name == name }) else { return nil }
    let document = try Document.parse(Array(file.text.utf8), name: "\(file.name).json")
    return try document.decode(Dialect.self)
  }
}
