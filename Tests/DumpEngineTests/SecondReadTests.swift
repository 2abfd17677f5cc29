import Testing

@testable import ConsoleDialect
@testable import DumpEngine

@Suite("A range is believed when two reads in a row are equal")
struct SecondReadTests {
  /// A read of `bytes` from `part` on that holds all but `gaps`.
  private func read(_ part: Range<Int>, _ bytes: [UInt8], gaps: [Range<Int>] = []) throws -> ChunkBuffer {
    let method = try #require(try Dialect.builtIn(named: "u-boot")?.reads.first { $0.name == "md.b" })
    var buffer = ChunkBuffer(part)
    var parser = DumpParser(
      layout: method.layout, byteOrder: nil, checksGutter: false, address: UInt64(part.lowerBound), length: part.count)
    for line in part.grains(of: 16) {
      let cells = line.map { hex(bytes[$0 - part.lowerBound], 2) }.joined(separator: " ")
      let gutter = String(repeating: ".", count: line.count)
      let blanks = String(repeating: "   ", count: 16 - line.count)
      parser.consume(Array("\(hex(line.lowerBound, 8)): \(cells)\(blanks)  \(gutter)\r\n".utf8))
    }
    buffer.take(parser, at: part.lowerBound)
    for gap in gaps { buffer.forget(gap) }
    return buffer
  }

  private func hex(_ value: some BinaryInteger, _ width: Int) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  private let bytes = (0..<48).map { UInt8($0) }

  @Test("at once where nothing differs")
  func equal() throws {
    var second = SecondRead(0x100..<0x130, first: bytes)
    #expect(Array(second.pending.ranges) == [0x100..<0x130])
    #expect(second.compare(try read(0x100..<0x130, bytes)) == 0)
    #expect(second.pending.isEmpty && second.unstable.isEmpty)
    #expect(Array(second.agreed.ranges) == [0x100..<0x130])
  }

  @Test("a line that differed needs a third read that equals the second")
  func third() throws {
    var second = SecondRead(0x100..<0x130, first: bytes)
    var right = bytes
    right[20] = 0xEE
    #expect(second.compare(try read(0x100..<0x130, right)) == 1)
    #expect(Array(second.unstable.ranges) == [0x110..<0x120])
    #expect(Array(second.agreed.ranges) == [0x100..<0x110, 0x120..<0x130])
    #expect(second.compare(try read(0x100..<0x130, right)) == 0)
    #expect(second.pending.isEmpty && second.unstable.isEmpty)
    #expect(second.bytes == right)
  }

  @Test("bytes that agreed are never changed by a later read")
  func settled() throws {
    var second = SecondRead(0x100..<0x130, first: bytes)
    _ = second.compare(try read(0x100..<0x130, bytes))
    #expect(second.compare(try read(0x100..<0x130, bytes.reversed())) == 0)
    #expect(second.bytes == bytes)
  }

  @Test("what never stays the same is never believed")
  func unstable() throws {
    var second = SecondRead(0x100..<0x110, first: Array(bytes.prefix(16)))
    for round in 1...5 {
      #expect(second.compare(try read(0x100..<0x110, bytes.prefix(16).map { $0 &+ UInt8(round) })) == 1)
    }
    #expect(Array(second.unstable.ranges) == [0x100..<0x110])
    #expect(second.agreed.isEmpty)
  }

  @Test("what the second read misses stays pending and is not called unstable")
  func missing() throws {
    var second = SecondRead(0x100..<0x130, first: bytes)
    #expect(second.compare(try read(0x100..<0x130, bytes, gaps: [0x110..<0x120])) == 0)
    #expect(Array(second.pending.ranges) == [0x110..<0x120])
    #expect(second.unstable.isEmpty)
  }

  @Test(
    "pieces end at multiples of their size",
    arguments: [
      (0..<0, 16, []), (0..<16, 16, [0..<16]), (5..<40, 16, [5..<16, 16..<32, 32..<40]), (16..<17, 16, [16..<17]),
    ] as [(Range<Int>, Int, [Range<Int>])])
  func grains(range: Range<Int>, size: Int, expected: [Range<Int>]) {
    #expect(range.grains(of: size) == expected)
  }
}
