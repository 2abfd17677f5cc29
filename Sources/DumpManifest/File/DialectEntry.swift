import ConsoleDialect

/// A manifest's own dialect: its whole table, or the name of the file that holds it.
enum DialectEntry: Decodable, Sendable {
  case table(Dialect)
  case file(String)

  init(from decoder: any Decoder) throws {
    if let path = try? decoder.singleValueContainer().decode(String.self) {
      self = .file(path)
    } else {
      self = .table(try Dialect(from: decoder))
    }
  }
}
