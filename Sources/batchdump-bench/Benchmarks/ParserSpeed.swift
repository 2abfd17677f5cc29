import ConsoleDialect
import Foundation
import TestSupport

/// How fast the dump parser takes console text, and what it takes from the heap.
///
/// The speed stands beside that of `memchr` finding the line ends of the same text, which no reader of lines can beat,
/// and beside that of what one would write in an hour: a regular expression in Python. That no unsafe pointer is in it
/// is the compiler's to prove: ``ConsoleDialect`` is built with its check for memory safety, and would not build.
struct ParserSpeed: Benchmark {
  let name = "parser"
  let summary = "console text through the dump parser, one core"

  private static let payload = 1 << 20
  private static let pieceSizes = [4096, 512]
  private static let rounds = 60

  /// Console text per second that issues demand, in MB/s.
  private static let methods = [
    ("u-boot", "md.b", 400.0), ("u-boot", "md.l", 1500), ("u-boot", "md.q", 400), ("winbond-w90", "d -s", 400),
  ]

  func measure() async throws -> [BenchmarkRow] {
    let bytes = seededBytes(count: Self.payload, seed: 11)
    return try Self.methods.flatMap { dialect, method, demanded in
      let text = try DumpText(of: bytes, dialect: dialect, method: method)
      var rows = try Self.pieceSizes.map { try Self.speed(text, pieceSize: $0, demanded) }
      if method == "md.l", let parser = rows.first { rows += try Self.comparison(text, parser.measured) }
      return try rows + Self.allocations(text, dialect)
    }
  }

  private static func speed(_ text: DumpText, pieceSize: Int, _ demanded: Double) throws -> BenchmarkRow {
    let pieces = text.pieces(of: pieceSize)
    var best = (parser: Duration.seconds(3600), search: Duration.seconds(3600))
    // In turn, so that what else the machine does meets both alike.
    for _ in 0..<rounds {
      var parser = text.parser
      best.parser = min(best.parser, ContinuousClock().measure { for piece in pieces { parser.consume(piece) } })
      guard parser.isComplete, parser.bytes == text.bytes else {
        throw BenchmarkFailure("\(text.method) in pieces of \(pieceSize): the parser does not hold what was printed")
      }
      var lines = 0
      best.search = min(
        best.search, ContinuousClock().measure { for piece in pieces { lines += lineFeeds(in: piece) } })
      guard lines == text.lines else {
        throw BenchmarkFailure("\(text.method): \(lines) line ends in \(text.lines) lines")
      }
    }
    return BenchmarkRow(
      subject: "\(text.method) in pieces of \(pieceSize) bytes", measured: text.speed(best.parser),
      reference: text.speed(best.search), referenceName: "memchr", unit: "MB/s",
      target: .measured(.atLeast, demanded))
  }

  /// The same text by Python; nothing where there is none.
  private static func comparison(_ text: DumpText, _ parser: Double) throws -> [BenchmarkRow] {
    guard let time = try PythonRegex.time(text) else {
      note("not compared with a Python regex, for there is no python3 here")
      return []
    }
    return [
      BenchmarkRow(
        subject: "\(text.method) in pieces of \(pieceSizes[0]) bytes", measured: parser, reference: text.speed(time),
        referenceName: "Python regex", unit: "MB/s", target: nil)
    ]
  }

  /// What lines cost the heap: twice as many must take no more than half of them.
  private static func allocations(_ text: DumpText, _ dialect: String) throws -> [BenchmarkRow] {
    let half = try DumpText(of: Array(text.bytes.prefix(payload / 2)), dialect: dialect, method: text.method)
    guard let fewer = try half.allocations(pieceSize: 512), let more = try text.allocations(pieceSize: 512) else {
      note("allocations are not counted, for only a release build does that")
      return []
    }
    return [
      BenchmarkRow(
        subject: "\(text.method): allocations for each line beyond \(half.lines)",
        measured: Double(more - fewer) / Double(text.lines - half.lines), reference: Double(fewer),
        referenceName: "for those in all", unit: "allocations", target: .measured(.atMost, 0))
    ]
  }

  private static func note(_ text: String) { FileHandle.standardError.write(Data("parser: \(text)\n".utf8)) }

  private static func lineFeeds(in text: [UInt8]) -> Int {
    text.withUnsafeBytes { text in
      guard var at = text.baseAddress else { return 0 }
      let end = at + text.count
      var found = 0
      while let feed = memchr(at, 0x0A, end - at) {
        found += 1
        at = UnsafeRawPointer(feed) + 1
      }
      return found
    }
  }
}
