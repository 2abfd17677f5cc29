import Testing

@testable import ConsoleDialect

/// All that a parser tells.
struct Outcome: Equatable {
  var bytes: Bytes
  var missing: [Range<Int>]
  var counters: LineCounters
  var foreign: [Text]
  var tail: Text

  init(_ parser: DumpParser, feeding pieces: [ArraySlice<UInt8>]) {
    var parser = parser
    for piece in pieces { parser.consume(Array(piece)) }
    bytes = Bytes(parser.bytes)
    missing = parser.missing
    counters = parser.counters
    foreign = parser.takeForeignLines().map { Text($0) }
    tail = Text(parser.tail)
  }
}

@Suite struct DumpStreamTests {
  @Test(arguments: ForeignDump.all)
  func aReplyMeansTheSameInPiecesOfAnySize(dump: ForeignDump) throws {
    try expectSame(dump.parser(), dump.reply())
  }

  @Test(arguments: CapturedDump.all)
  func aCaptureMeansTheSameInPiecesOfAnySize(dump: CapturedDump) throws {
    let layout = try TestDialect.method(dump.method, of: "u-boot").layout
    let parser = DumpParser(
      layout: layout, byteOrder: .little, checksGutter: dump.checksGutter, address: dump.address, length: dump.length)
    try expectSame(parser, Capture(dump.file).bytes)
  }

  @Test(arguments: DumpNoiseTests.table)
  func noiseMeansTheSameInPiecesOfAnySize(noise: Noise) throws {
    let dump = try DumpNoiseTests.clean()
    var lines = dump.lines
    noise.damage(&lines)
    expectSame(dump.parser, Dump.text(lines) + Array("=> ".utf8))
  }

  private func expectSame(_ parser: DumpParser, _ text: [UInt8]) {
    let whole = Outcome(parser, feeding: [text[...]])
    for size in [1, 2, 3, 7, 16, 62, 77, 512] {
      let pieces = stride(from: 0, to: text.count, by: size).map { text[$0..<min($0 + size, text.count)] }
      #expect(Outcome(parser, feeding: pieces) == whole, "in pieces of \(size)")
    }
    var random = SplitMix(state: 7)
    for _ in 0..<20 {
      var pieces: [ArraySlice<UInt8>] = []
      var rest = text[...]
      while !rest.isEmpty {
        let size = Int.random(in: 0...200, using: &random)
        pieces.append(rest.prefix(size))
        rest = rest.dropFirst(size)
      }
      #expect(Outcome(parser, feeding: pieces) == whole, "in pieces of \(pieces.map(\.count))")
    }
  }

  @Test(arguments: TestDialect.allNames + Dialect.builtInNames)
  func everyLayoutReadsBackWhatItPrints(name: String) throws {
    for method in try TestDialect.load(name).reads where method.layout.strip == nil {
      for (order, lines) in [(ByteOrder.little, 3), (.big, 1)] {
        for rest in [0, method.layout.cellBytes, method.layout.lineBytes - method.layout.cellBytes] {
          let count = lines * method.layout.lineBytes + rest
          var dump = Dump(method.layout, address: 0x1000, count: count, seed: UInt64(count))
          dump.byteOrder = order
          let parser = dump.parsed(dump.lines)
          #expect(parser.isComplete, "\(method.name) \(order) \(count): \(dump.lines) \(parser.counters)")
          #expect(Bytes(parser.bytes) == Bytes(dump.bytes), "\(method.name) \(order) \(count)")
        }
      }
    }
  }

  @Test(arguments: ["\n", "\r\n", "\r\n\r", "\r\r\n", "\n\r"])
  func linesEndInManyWays(end: String) throws {
    let dump = try DumpNoiseTests.clean()
    let text = Array((dump.lines.joined(separator: end) + end).utf8)
    #expect(Outcome(dump.parser, feeding: [text[...]]).missing == [])
    expectSame(dump.parser, text)
  }

  @Test func aLengthThatIsNoWholeCellKeepsOnlyWhatWasAskedFor() throws {
    let whole = try DumpNoiseTests.clean("md.q", count: 32)
    var parser = DumpParser(
      layout: whole.layout, byteOrder: .little, checksGutter: true, address: whole.address, length: 29)
    parser.consume(whole.text)
    #expect(parser.isComplete && parser.heldBytes == 29)
    #expect(Bytes(parser.bytes) == Bytes(whole.bytes.prefix(29)))
  }

  @Test func endlessInputCostsBoundedMemory() throws {
    let dump = try DumpNoiseTests.clean()
    var parser = dump.parser
    let garbage = Array(repeating: UInt8(ascii: "4"), count: 1 << 16)
    for _ in 0..<64 { parser.consume(garbage) }
    #expect(parser.tail.count <= 512)
    parser.consume(Array("\r\n".utf8) + dump.text)
    #expect(parser.isComplete)
    #expect(parser.takeForeignLines().map(\.count) == [512])
  }

  @Test(arguments: 505...520)
  func aLineAboutAsLongAsOneMayBeMeansTheSameInPiecesOfAnySize(length: Int) throws {
    let dump = try DumpNoiseTests.clean()
    for end in ["\n", "\r\n", "\r\r\r\n"] {
      expectSame(dump.parser, Array(repeating: UInt8(ascii: "4"), count: length) + Array(end.utf8) + dump.text)
    }
  }

  @Test func foreignLinesAreKeptWithinBounds() throws {
    var parser = try DumpNoiseTests.clean().parser
    for line in 0..<1000 { parser.consume(Array("line \(line) \(String(repeating: "x", count: line))\n".utf8)) }
    let kept = parser.takeForeignLines()
    #expect(kept.count == 64 && kept.allSatisfy { $0.count <= 512 })
    #expect(parser.counters.foreign == 1000)
    #expect(parser.takeForeignLines() == [])
    parser.consume(Array("more\n".utf8))
    #expect(parser.takeForeignLines() == [Array("more".utf8)])
  }

  @Test func binaryNoiseHoldsNothing() throws {
    let dump = try DumpNoiseTests.clean()
    var random = SplitMix(state: 3)
    let noise = (0..<200_000).map { _ in UInt8.random(in: 0...255, using: &random) }
    let outcome = Outcome(dump.parser, feeding: [noise[...]])
    #expect(outcome.missing == [0..<128])
    expectSame(dump.parser, Array(noise.prefix(5000)))
  }
}
