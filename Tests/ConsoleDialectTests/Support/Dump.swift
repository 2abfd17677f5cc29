@testable import ConsoleDialect

/// A dump made up for a test: what memory holds, and the lines that a console of some layout prints of it.
struct Dump {
  var layout: LineLayout
  var address: UInt64
  var bytes: [UInt8]
  var byteOrder: ByteOrder? = .little

  /// A layout with bytes that look random.
  init(_ layout: LineLayout, address: UInt64 = 0x4000_0000, count: Int = 256, seed: UInt64 = 1) {
    self.layout = layout
    self.address = address
    var random = SplitMix(state: seed)
    bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
  }

  var lines: [String] {
    stride(from: 0, to: bytes.count, by: layout.lineBytes).map { start in
      let piece = Array(bytes[start..<min(start + layout.lineBytes, bytes.count)])
      let shown = layout.address == .offset ? UInt64(start) : address &+ UInt64(start)
      return layout.line(address: shown, bytes: piece, byteOrder: byteOrder)
    }
  }

  var text: [UInt8] { Self.text(lines) }

  var parser: DumpParser {
    DumpParser(layout: layout, byteOrder: byteOrder, checksGutter: true, address: address, length: bytes.count)
  }

  /// What a parser makes of some lines, ended by CR LF.
  func parsed(_ lines: [String]) -> DumpParser {
    var parser = parser
    parser.consume(Self.text(lines))
    return parser
  }

  static func text(_ lines: [String]) -> [UInt8] { lines.flatMap { Array($0.utf8) + [0x0D, 0x0A] } }
}

extension DumpParser {
  /// Whether every byte that is held is right; those missing do not count.
  func holdsOnly(_ truth: [UInt8]) -> Bool {
    let missing = missing
    return truth.indices.allSatisfy { offset in
      bytes[offset] == truth[offset] || missing.contains { $0.contains(offset) }
    }
  }
}
