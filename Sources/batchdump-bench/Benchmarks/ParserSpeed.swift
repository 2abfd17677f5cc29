import ConsoleDialect
import Foundation
import TestSupport

/// How fast the dump parser takes console text, beside how fast `memchr` finds the line ends of the same text: no reader
/// of lines can be faster than that.
struct ParserSpeed: Benchmark {
  let name = "parser"
  let summary = "console text through the dump parser, one core"

  /// Console text per second that the issue of the first release demands, in MB/s.
  private static let demanded = 400.0
  private static let payload = 1 << 20
  private static let address: UInt64 = 0x4000_0000
  private static let pieceSizes = [4096, 512]
  private static let rounds = 60

  private static let methods = [("u-boot", "md.b"), ("u-boot", "md.l"), ("u-boot", "md.q"), ("winbond-w90", "d -s")]

  func measure() async throws -> [BenchmarkRow] {
    let bytes = seededBytes(count: Self.payload, seed: 11)
    return try Self.methods.flatMap { dialect, method in
      guard let read = try Dialect.builtIn(named: dialect)?.reads.first(where: { $0.name == method }) else {
        throw BenchmarkFailure("the dialect \(dialect) has no method \(method) any more: name another one here")
      }
      let text = Self.dump(of: bytes, as: read.layout)
      return try Self.pieceSizes.map { try Self.measure(read, text, bytes, pieceSize: $0) }
    }
  }

  private static func measure(
    _ method: ReadMethod, _ text: [UInt8], _ bytes: [UInt8], pieceSize: Int
  ) throws -> BenchmarkRow {
    let pieces = stride(from: 0, to: text.count, by: pieceSize).map {
      Array(text[$0..<min($0 + pieceSize, text.count)])
    }
    var best = (parser: Duration.seconds(3600), search: Duration.seconds(3600))
    // In turn, so that what else the machine does meets both alike.
    for _ in 0..<rounds {
      var parser = DumpParser(
        layout: method.layout, byteOrder: .little, checksGutter: true, address: address, length: bytes.count)
      best.parser = min(best.parser, ContinuousClock().measure { for piece in pieces { parser.consume(piece) } })
      guard parser.isComplete, parser.bytes == bytes else {
        throw BenchmarkFailure("\(method.name) in pieces of \(pieceSize): the parser does not hold what was printed")
      }
      var lines = 0
      best.search = min(
        best.search, ContinuousClock().measure { for piece in pieces { lines += lineFeeds(in: piece) } })
      guard lines == bytes.count / method.layout.lineBytes else {
        throw BenchmarkFailure("\(method.name): \(lines) line ends in \(bytes.count) bytes")
      }
    }
    let speed = { (time: Duration) in Double(text.count) / (time / .seconds(1)) / 1e6 }
    return BenchmarkRow(
      subject: "\(method.name) in pieces of \(pieceSize) bytes", measured: speed(best.parser),
      reference: speed(best.search), referenceName: "memchr", unit: "MB/s", target: .measured(.atLeast, demanded))
  }

  private static func dump(of bytes: [UInt8], as layout: LineLayout) -> [UInt8] {
    stride(from: 0, to: bytes.count, by: layout.lineBytes).flatMap { start in
      let line = Array(bytes[start..<start + layout.lineBytes])
      return Array(layout.line(address: address + UInt64(start), bytes: line, byteOrder: .little).utf8) + [0x0D, 0x0A]
    }
  }

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
