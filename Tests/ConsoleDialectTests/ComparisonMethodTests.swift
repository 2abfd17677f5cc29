import Testing

@testable import ConsoleDialect

@Suite struct ComparisonMethodTests {
  private let method: ComparisonMethod

  init() throws { method = try #require(try TestDialect.load("u-boot").comparison) }

  // "byte(s)" as captured from 2023.01; "byte" and "bytes" as common/cmd_mem.c of 2010 words them.
  @Test(arguments: [
    ("Total of 16 byte(s) were the same", 16), ("Total of 65535 byte(s) were the same", 65535),
    ("Total of 65535 bytes were the same", 65535), ("Total of 1 byte were the same", 1),
    ("Total of 0 byte(s) were the same", 0), ("Total of 0 bytes were the same", 0),
  ])
  func uBootSaysItInOldAndNewWords(line: String, count: Int) {
    #expect(method.equalBytes(in: line) == count)
  }

  @Test(arguments: [
    "Total of 16 word(s) were the same", "Total of 16 halfwords were the same", "Total of -1 byte(s) were the same",
    "Total of  byte(s) were the same", "Total of 6553\u{7}5 byte(s) were the same",
    "Total of 9999999999999999999 byte(s) were the same", "Total of 99999999999999999999 bytes were the same",
    "Total of \u{661}\u{662} bytes were the same", "Total of 16 byte(s) were the sam",
    "xTotal of 16 byte(s) were the same", "Total of 16 byte(s) were the same.", "cmp.b 40200000 40200001 f",
    "byte at 0x40200000 (0xd0) != byte at 0x40200010 (0x0)", "Unknown command 'cmp.b' - try 'help'", "",
  ])
  func whatIsDamagedIsNoResult(line: String) {
    #expect(method.equalBytes(in: line) == nil)
  }

  @Test func theCommandSaysBothPlacesAndTheLength() {
    let line = method.command(address: 0x4020_0000, other: 0x4020_0001, length: 0xFFFF)
    #expect(line == "cmp.b 40200000 40200001 ffff")
  }

  @Test func whatIsNoPlainNumberIsNoCount() throws {
    let loose = ComparisonMethod(command: method.command, reply: try Pattern("same: (\\S+)"))
    #expect(loose.equalBytes(in: "same: 12") == 12)
    for text in ["+12", "-12", "0x12", "1e3"] { #expect(loose.equalBytes(in: "same: \(text)") == nil) }
  }
}
