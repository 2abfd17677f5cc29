/// A row of a table, and an object of the file for programs. Each kind of row has columns of its own.
protocol ResultRow: Sendable, Encodable {
  static var columns: [ResultColumn] { get }

  /// One text for each column.
  var cells: [String] { get }
  /// Whether what is demanded is there; true where nothing is.
  var isMet: Bool { get }
}

/// What stands over a column.
struct ResultColumn: Sendable, Equatable {
  var title: String
  /// Whether it holds numbers, which end at the same place.
  var isNumber: Bool

  static func text(_ title: String) -> ResultColumn { ResultColumn(title: title, isNumber: false) }
  static func number(_ title: String) -> ResultColumn { ResultColumn(title: title, isNumber: true) }
}

/// What a benchmark has measured; all of its rows are of one kind.
struct BenchmarkResult: Sendable, Encodable {
  var benchmark: String
  var rows: [any ResultRow] = []
  /// Why there are none; absent where it was measured.
  var failure: String?

  var isMet: Bool { failure == nil && rows.allSatisfy(\.isMet) }

  private enum CodingKeys: String, CodingKey { case benchmark, rows, failure }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(benchmark, forKey: .benchmark)
    try container.encodeIfPresent(failure, forKey: .failure)
    var list = container.nestedUnkeyedContainer(forKey: .rows)
    for row in rows { try list.encode(row) }
  }
}
