import TestSupport
import Testing

@testable import batchdump_bench

@Suite("A dump's text")
struct DumpTextTests {
  @Test("is read alike by the parser, in whatever pieces, and by the Python regex")
  func alike() throws {
    let text = try DumpText(of: seededBytes(count: 4096, seed: 3), dialect: "u-boot", method: "md.l")
    #expect(text.lines == 256 && text.text.count == 256 * 65)
    for size in [17, 512, 1 << 20] {
      var parser = text.parser
      for piece in text.pieces(of: size) { parser.consume(piece) }
      #expect(parser.isComplete && parser.bytes == text.bytes)
    }
    // Throws where Python holds other bytes; absent where there is no Python.
    #expect(try PythonRegex.time(text).map { $0 > .zero } != false)
  }

  @Test("needs a method that its dialect has")
  func unknown() {
    #expect(throws: BenchmarkFailure.self) { try DumpText(of: [], dialect: "u-boot", method: "md.x") }
  }
}
