import Testing

@testable import ConsoleDialect
@testable import DumpEngine

@Suite("A chunk on its way in")
struct ChunkBufferTests {
  /// A U-Boot `md.b` parser that has seen lines of 16 bytes at these addresses; byte N of a line is its address + N.
  private func parser(address: UInt64, length: Int, lines: [UInt64]) throws -> DumpParser {
    let method = try #require(try Dialect.builtIn(named: "u-boot")?.reads.first { $0.name == "md.b" })
    var parser = DumpParser(
      layout: method.layout, byteOrder: nil, checksGutter: false, address: address, length: length)
    for line in lines {
      let cells = (0..<16).map { hex(UInt64(UInt8(truncatingIfNeeded: line + $0)), 2) }.joined(separator: " ")
      parser.consume(Array("\(hex(line, 8)): \(cells)  ................\r\n".utf8))
    }
    return parser
  }

  private func hex(_ value: UInt64, _ width: Int) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  @Test("takes what a parser holds, at its place")
  func takes() throws {
    var buffer = ChunkBuffer(100..<164)
    buffer.take(try parser(address: 0x1000, length: 64, lines: [0x1000, 0x1010]), at: 100)
    #expect(buffer.held == RangeSet(100..<132))
    #expect(Array(buffer.missing.ranges) == [132..<164])
    #expect(buffer[100..<132] == (0..<32).map { UInt8($0) })
    #expect(buffer.pieces.map(\.offset) == [100])
  }

  @Test("takes only what lies within it of a dump that began before and ends behind it")
  func clips() throws {
    var buffer = ChunkBuffer(100..<120)
    buffer.take(try parser(address: 0x1000, length: 32, lines: [0x1000, 0x1010]), at: 94)
    #expect(buffer.missing.isEmpty)
    #expect(buffer.bytes == (6..<26).map { UInt8($0) })
  }

  @Test("never takes what it holds already a second time")
  func keepsFirst() throws {
    var buffer = ChunkBuffer(0..<16)
    buffer.take(try parser(address: 0x1000, length: 16, lines: [0x1000]), at: 0)
    buffer.take(try parser(address: 0x1080, length: 16, lines: [0x1080]), at: 0)
    #expect(buffer.bytes == (0..<16).map { UInt8($0) })
    buffer.forget(-5..<4)
    #expect(Array(buffer.missing.ranges) == [0..<4])
    buffer.take(try parser(address: 0x1080, length: 16, lines: [0x1080]), at: 0)
    #expect(buffer.bytes.prefix(5) == [0x80, 0x81, 0x82, 0x83, 4])
  }

  @Test("what is in doubt is held but not sound")
  func doubt() throws {
    var buffer = ChunkBuffer(0..<32)
    buffer.take(try parser(address: 0x1000, length: 32, lines: [0x1000, 0x1010]), at: 0)
    buffer.doubt(8..<24, true)
    #expect(buffer.held == RangeSet(0..<32))
    #expect(Array(buffer.sound.ranges) == [0..<8, 24..<32])
    buffer.doubt(8..<16, false)
    #expect(buffer.pieces.map(\.offset) == [0, 24])
    #expect(buffer.pieces.map(\.bytes.count) == [16, 8])
  }

  @Test(
    "asks for what is missing",
    arguments: [
      ([0..<1000], 1000, 0, [0..<1000]), ([0..<1000], 400, 0, [0..<400, 400..<800, 800..<1000]),
      ([0..<10, 20..<30], 1000, 0, [0..<10, 20..<30]), ([0..<10, 20..<30], 1000, 10, [0..<30]),
      ([0..<10, 20..<30, 90..<95], 1000, 16, [0..<30, 90..<95]), ([0..<10, 20..<30], 16, 10, [0..<16, 16..<30]),
    ] as [([Range<Int>], Int, Int, [Range<Int>])])
  func requests(missing: [Range<Int>], longest: Int, joining: Int, expected: [Range<Int>]) {
    let buffer = ChunkBuffer(0..<1000, wanting: RangeSet(missing))
    #expect(buffer.requests(longest: longest, joining: joining) == expected)
  }

  @Test(
    "a request begins at an aligned place and covers what is wanted",
    arguments: [
      ("u-boot", "md.l", 0x1000, 16, 0x1000, 16), ("u-boot", "md.l", 0x1001, 16, 0x1000, 20),
      ("u-boot", "md.l", 0x1003, 1, 0x1000, 4), ("u-boot", "md.b", 0x1003, 1, 0x1003, 1),
      ("winbond-w90", "d -s", 0x1006, 10, 0x1004, 256),
    ] as [(String, String, UInt64, Int, UInt64, Int)])
  func request(dialect: String, name: String, address: UInt64, length: Int, from: UInt64, count: Int) throws {
    let method = try #require(try Dialect.builtIn(named: dialect)?.reads.first { $0.name == name })
    let request = method.request(for: address, length: length)
    #expect(request.address == from)
    #expect(request.length == count)
  }

  @Test("a part that was matched by its own digest is one no longer when a byte of it is another's")
  func digested() {
    var buffer = ChunkBuffer(100..<164)
    for start in [100, 132] {
      let origins: [(range: Range<Int>, provenance: Provenance)] = [
        (start..<start + 16, .constant), (start + 16..<start + 32, .reference),
      ]
      buffer.match(start..<start + 32, with: SimilarBlock(bytes: (0..<32).map { $0 }, origins: origins))
    }
    #expect(buffer.digested == [100..<132, 132..<164])
    #expect(buffer.matched.map(\.provenance) == [.constant, .reference, .constant, .reference])
    #expect(buffer[132..<164] == (0..<32).map { UInt8($0) })
    buffer.forget(105..<106)
    #expect(buffer.digested == [132..<164])
    buffer.replace(140..<141, with: [7])
    #expect(buffer.digested.isEmpty)
  }
}
