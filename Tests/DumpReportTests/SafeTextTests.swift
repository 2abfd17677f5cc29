import Testing

@testable import DumpReport

@Suite("Text from outside")
struct SafeTextTests {
  @Test(
    "has nothing that acts on a terminal",
    arguments: [
      ("plain text", "plain text"), ("a\u{1B}[2Jb", "a?[2Jb"), ("a\nb\r\tc", "a?b??c"), ("\u{7F}\u{9B}31m", "??31m"),
      ("ab\u{202E}cd", "ab?cd"), ("\u{200B}\u{FEFF}", "??"), ("Prüfplatz 3", "Prüfplatz 3"), ("\u{2028}", "?"),
      ("工場", "工場"), ("\u{E000}\u{10FFFF}", "??"), ("", ""),
    ])
  func harmless(text: String, expected: String) {
    #expect(SafeText(text, limit: 40).description == expected)
  }

  @Test("is bounded", arguments: [(3, "abc"), (2, "a…"), (1, "…")])
  func bounded(limit: Int, expected: String) {
    #expect(SafeText("abc", limit: limit).description == expected)
    #expect(SafeText(bytes: Array("abc".utf8), limit: limit).description == expected)
  }

  @Test("may be bytes that are no text")
  func noText() {
    #expect(SafeText(bytes: [0x61, 0xFF, 0xC3, 0x28, 0x00], limit: 10).description == "a??(?")
    #expect(SafeText(bytes: [UInt8](repeating: 0x41, count: 1 << 20), limit: 4).description == "AAA…")
  }

  @Test(
    "numbers are grouped by thousands",
    arguments: [
      (0, "0"), (7, "7"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-1000, "-1,000"),
      (Int.min, "-9,223,372,036,854,775,808"),
    ])
  func grouped(number: Int, expected: String) {
    #expect(number.grouped == expected)
  }

  @Test(
    "and addresses are hex", arguments: [(0, "0x0"), (0x7F0E_0000, "0x7F0E0000"), (UInt64.max, "0xFFFFFFFFFFFFFFFF")])
  func hex(number: UInt64, expected: String) {
    #expect(number.hex == expected)
  }
}
