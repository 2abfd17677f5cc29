import Testing

@testable import ConsoleDialect

/// Each of these runs in a process of its own: the hook that counts is the whole process's.
@Suite struct DumpAllocationTests {
  @Test func theCountIsTrue() async {
    await #expect(processExitsWith: .success) {
      let made = AllocationCount.of { for size in 1...100 { _ = Array(repeating: UInt8(size), count: size) } }
      let count = try #require(made)
      #expect(count >= 100)
    }
  }

  @Test func noLineOfADumpAllocates() async {
    await #expect(processExitsWith: .success) {
      let table = [
        ("u-boot", "md.l", 4096), ("u-boot", "md.b", 100), ("winbond-w90", "d -s", 100), ("cfe-bcm63xx", "dm", 64),
      ]
      for (dialect, method, chunk) in table {
        let dump = Dump(try TestDialect.method(method, of: dialect).layout, count: 5_000 * 16)
        let text = dump.text
        let pieces = stride(from: 0, to: text.count, by: chunk).map { Array(text[$0..<min($0 + chunk, text.count)]) }
        var parser = dump.parser
        let made = try #require(AllocationCount.of { for piece in pieces { parser.consume(piece) } })
        #expect(parser.isComplete)
        #expect(made < 100, "\(made) objects for 5,000 lines of \(method)")
      }
    }
  }

  @Test func linesThatTakeTheLongWayDoNotAllocateEither() async {
    await #expect(processExitsWith: .success) {
      // A column that nobody checks keeps every line off the shortcut.
      let dump = Dump(try TestDialect.method("md.b", of: "u-boot").layout, count: 2_000 * 16)
      let text = dump.text
      var parser = DumpParser(
        layout: dump.layout, byteOrder: nil, checksGutter: false, address: dump.address, length: dump.bytes.count)
      let made = try #require(AllocationCount.of { parser.consume(text) })
      #expect(parser.isComplete)
      #expect(made < 100, "\(made) objects for 2,000 lines")
    }
  }
}
