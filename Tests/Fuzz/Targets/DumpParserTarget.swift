import ConsoleDialect
import Foundation
import PositionedDocument

extension FuzzTarget {
  /// The replies to read commands.
  ///
  /// The first line says what was asked for: method, address and length in hex, byte order, whether the column of
  /// characters is checked, and how the rest is cut, such as `u-boot/md.l 40000000 123 little gutter 7`. The rest is
  /// what the console printed.
  static let dumpParser = FuzzTarget("dump-parser") { bytes in
    var input = FuzzInput(bytes)
    guard let question = DumpQuestion(input.line()) else { return false }
    let text = input.remaining
    var whole = question.parser
    whole.consume(text)
    try check(whole, question)
    try HeldLines(question, text).check(whole)
    for pieces in [text.pieces(question.cut), text.map { [$0] }] {
      var other = question.parser
      for piece in pieces { other.consume(piece) }
      try expectAlike(whole, other)
    }
    return true
  }

  private static func check(_ parser: DumpParser, _ question: DumpQuestion) throws {
    let (missing, bytes) = (parser.missing, parser.bytes)
    try expect(bytes.count == question.length, "expected \(question.length) bytes, found \(bytes.count)")
    var end = 0
    for range in missing {
      let isFurther = range.lowerBound > end || (end == 0 && range.lowerBound == 0)
      try expect(isFurther && !range.isEmpty, "expected ranges apart and in order, found \(missing)")
      end = range.upperBound
    }
    try expect(end <= question.length, "expected ranges within \(question.length) bytes, found \(missing)")
    let held = question.length - missing.reduce(0) { $0 + $1.count }
    try expect(parser.heldBytes == held, "expected \(held) bytes held, found \(parser.heldBytes)")
    try expect(parser.isComplete == missing.isEmpty, "complete: \(parser.isComplete), missing: \(missing)")
    for range in missing {
      try expect(bytes[range].allSatisfy { $0 == 0 }, "expected zeros where bytes are missing, in \(range)")
    }
  }

  private static func expectAlike(_ one: DumpParser, _ other: DumpParser) throws {
    var (one, other) = (one, other)
    try expect(one.missing == other.missing, "in pieces: missing \(other.missing) in place of \(one.missing)")
    try expect(one.bytes == other.bytes, "in pieces: other bytes")
    try expect(one.counters == other.counters, "in pieces: \(other.counters) in place of \(one.counters)")
    try expect(one.tail == other.tail, "in pieces: another tail")
    let foreign = one.takeForeignLines()
    try expect(foreign == other.takeForeignLines(), "in pieces: other foreign lines")
    let isBounded = foreign.count <= 64 && foreign.allSatisfy { $0.count <= 512 } && one.tail.count <= 16384
    try expect(isBounded, "more is kept of foreign lines than is allowed")
  }
}

/// What a console was asked.
struct DumpQuestion {
  let layout: LineLayout
  let address: UInt64
  let length: Int
  let byteOrder: ByteOrder
  let checksGutter: Bool
  let cut: UInt64

  private static let layouts: [String: LineLayout] = {
    let builtIn = Dialect.builtInNames.compactMap { try? Dialect.builtIn(named: $0) }
    let files = try? FileManager.default.contentsOfDirectory(at: FuzzFolders.dialects, includingPropertiesForKeys: nil)
    let others = (files ?? []).compactMap { try? Document.load(path: $0.path).decode(Dialect.self) }
    let methods = (others + builtIn).flatMap { dialect in
      dialect.reads.map { ("\(dialect.name)/\($0.name.filter { $0 != " " })", $0.layout) }
    }
    return Dictionary(methods) { $1 }
  }()

  /// Absent where the line asks nothing that can be asked.
  init?(_ line: [UInt8]) {
    let words = String(decoding: line.prefix(128), as: UTF8.self).split(separator: " ")
    guard words.count == 6, let layout = Self.layouts[String(words[0])], let address = UInt64(words[1], radix: 16),
      let length = Int(words[2], radix: 16), (1...0x4000).contains(length),
      let byteOrder = ByteOrder(rawValue: String(words[3])), let cut = UInt64(words[5], radix: 16)
    else { return nil }
    self.layout = layout
    self.address = address
    self.length = length
    self.byteOrder = byteOrder
    checksGutter = words[4] == "gutter"
    self.cut = cut
  }

  var parser: DumpParser {
    DumpParser(layout: layout, byteOrder: byteOrder, checksGutter: checksGutter, address: address, length: length)
  }
}
