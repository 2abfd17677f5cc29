import ConsoleDialect

/// What a console prints of some memory by one of its methods.
struct DumpText {
  let method: String
  /// What memory holds.
  let bytes: [UInt8]
  let text: [UInt8]
  let address: UInt64 = 0x4000_0000
  private let layout: LineLayout

  /// - Precondition: `bytes` are whole lines.
  init(of bytes: [UInt8], dialect: String, method: String) throws {
    guard let layout = try Dialect.builtIn(named: dialect)?.reads.first(where: { $0.name == method })?.layout else {
      throw BenchmarkFailure("the dialect \(dialect) has no method \(method) any more: name another one here")
    }
    self.method = method
    self.bytes = bytes
    self.layout = layout
    let address = address
    text = stride(from: 0, to: bytes.count, by: layout.lineBytes).flatMap { start in
      let line = Array(bytes[start..<start + layout.lineBytes])
      return Array(layout.line(address: address + UInt64(start), bytes: line, byteOrder: .little).utf8) + [0x0D, 0x0A]
    }
  }

  var lines: Int { bytes.count / layout.lineBytes }

  /// A parser that waits for it.
  var parser: DumpParser {
    DumpParser(layout: layout, byteOrder: .little, checksGutter: true, address: address, length: bytes.count)
  }

  func pieces(of size: Int) -> [[UInt8]] {
    stride(from: 0, to: text.count, by: size).map { Array(text[$0..<min($0 + size, text.count)]) }
  }

  /// In MB/s, of text.
  func speed(_ time: Duration) -> Double { Double(text.count) / (time / .seconds(1)) / 1e6 }

  /// How often parsing all of it takes memory from the heap, the parser's making included; absent where that is not
  /// counted.
  func allocations(pieceSize: Int) throws -> Int? {
    let pieces = pieces(of: pieceSize)
    return try HeapUse.count {
      var parser = parser
      for piece in pieces { parser.consume(piece) }
      guard parser.isComplete else { throw BenchmarkFailure("\(method): the parser does not hold what was printed") }
    }
  }
}
