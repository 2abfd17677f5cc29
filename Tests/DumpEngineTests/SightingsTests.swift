import Testing

@testable import ConsoleDialect
@testable import DumpEngine

@Suite("A range is believed when two reads in a row are equal")
struct SightingsTests {
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

  private func sightings(_ part: Range<Int>, held: Range<Int>) -> Sightings {
    Sightings(part, held: RangeSet(held), bytes: Array(bytes.prefix(part.count)))
  }

  @Test("at once where nothing differs")
  func equal() throws {
    var seen = sightings(0x100..<0x130, held: 0x100..<0x130)
    seen.take(try read(0x100..<0x130, bytes))
    #expect(seen.agreed == RangeSet(0x100..<0x130))
    #expect(seen.new.isEmpty && seen.differing.isEmpty && seen.pieces.isEmpty)
  }

  @Test("a line that differs is not believed, and its latest bytes are kept")
  func differs() throws {
    var seen = sightings(0x100..<0x130, held: 0x100..<0x130)
    var other = bytes
    other[20] = 0xEE
    seen.take(try read(0x100..<0x130, other))
    #expect(seen.differing == RangeSet(0x110..<0x120) && seen.differingLines == 1)
    #expect(Array(seen.agreed.ranges) == [0x100..<0x110, 0x120..<0x130])
    #expect(seen.pieces.map(\.offset) == [0x110] && seen.pieces[0].bytes == Array(other[16..<32]))
  }

  @Test("what was not held is seen for the first time, whatever the buffer had there")
  func first() throws {
    var seen = sightings(0x100..<0x130, held: 0x100..<0x108)
    seen.take(try read(0x100..<0x130, bytes))
    #expect(seen.agreed == RangeSet(0x100..<0x108))
    #expect(seen.new == RangeSet(0x108..<0x130))
    #expect(seen.pieces.map(\.offset) == [0x108] && seen.pieces[0].bytes == Array(bytes[8...]))
  }

  @Test("what the second read misses is neither alike nor different")
  func missing() throws {
    var seen = sightings(0x100..<0x130, held: 0x100..<0x130)
    seen.take(try read(0x100..<0x130, bytes, gaps: [0x110..<0x120]))
    #expect(Array(seen.agreed.ranges) == [0x100..<0x110, 0x120..<0x130])
    #expect(seen.differing.isEmpty && seen.new.isEmpty)
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
