import Testing

@testable import ConsoleDialect

@Suite struct LineBufferTests {
  private func lines(_ text: String, limit: Int = 4096, pieces size: Int = .max) -> [Text] {
    var buffer = LineBuffer(limit: limit)
    let bytes = Array(text.utf8)
    return stride(from: 0, to: bytes.count, by: min(size, bytes.count)).flatMap { start in
      buffer.append(Array(bytes[start..<min(start + min(size, bytes.count), bytes.count)])).map { Text($0) }
    }
  }

  @Test(arguments: [1, 2, 3, 5, 100])
  func everyLineEndIsOne(size: Int) {
    let text = "crlf\r\nlf\nlfcr\n\rcrlfcr\r\n\rcrcrlf\r\r\n\r\ninside\rstays\r\n"
    let expected = ["crlf", "lf", "lfcr", "crlfcr", "crcrlf", "", "inside\rstays"].map { Text($0) }
    #expect(lines(text, pieces: size) == expected)
  }

  @Test func theTailIsWhatHasNoEndYet() {
    var buffer = LineBuffer()
    #expect(
      buffer.append(Array("version\r\nU-Boot\r\n\r=> ".utf8)).map { Text($0) } == [Text("version"), Text("U-Boot")])
    #expect(Text(buffer.tail) == Text("=> "))
    buffer.clear()
    #expect(buffer.tail == [])
  }

  @Test func aLineThatIsTooLongIsCutAndCountedAndNeverGrows() {
    var buffer = LineBuffer(limit: 8)
    for _ in 0..<1000 { #expect(buffer.append(Array(repeating: 0x41, count: 100)) == []) }
    #expect(buffer.tail.count == 8 && buffer.cutLines == 1)
    #expect(buffer.append(Array("\r\n12345678\r\n123456789\r\n".utf8)).map(\.count) == [8, 8, 8])
    #expect(buffer.cutLines == 2)
  }
}
