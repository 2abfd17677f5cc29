import Foundation
import PositionedDocument
import Testing

@testable import ConsoleDialect

/// Tables of consoles that do not come with batchdump yet: they prove that the language can hold them.
enum TestDialect {
  static func load(_ name: String) throws -> Dialect {
    if let builtIn = try Dialect.builtIn(named: name) { return builtIn }
    let bytes = try Array(Data(contentsOf: Capture.url("Dialects/\(name).json")))
    return try Document.parse(bytes, name: "\(name).json").decode(Dialect.self)
  }

  static var allNames: [String] {
    let files = try? FileManager.default.contentsOfDirectory(atPath: Capture.url("Dialects").path)
    return (files ?? []).filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
  }

  static func method(_ name: String, of dialect: String) throws -> ReadMethod {
    try #require(try load(dialect).reads.first { $0.name == name }, "\(dialect) has no method \(name)")
  }

  /// A layout decoded from JSON as a manifest would hold it.
  static func layout(_ json: String) throws -> LineLayout {
    try JSONDecoder().decode(LineLayout.self, from: Data(json.utf8))
  }
}
