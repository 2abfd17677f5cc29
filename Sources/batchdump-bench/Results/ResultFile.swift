import Foundation

/// Results for programs: JSON with the machine that they are from.
struct ResultFile: Encodable {
  /// Grows when a key changes its meaning.
  let version = 1
  var measuredAt = Date()
  var processors = ProcessInfo.processInfo.activeProcessorCount
  var results: [BenchmarkResult]

  func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    return try encoder.encode(self)
  }

  func write(to path: String) throws { try json().write(to: URL(filePath: path), options: .atomic) }
}
