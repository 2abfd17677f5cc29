import Testing

@testable import ConsoleDialect

@Suite struct ConsoleTextTests {
  @Test(arguments: [
    ("plain", "plain"), ("a\r\nb\n\rc\r\r\nd", "a\nb\nc\nd"), ("\u{1B}[1;32mgreen\u{1B}[0m", "green"),
    ("~ # \u{1B}[6n", "~ # "), ("\u{1B}7x\u{1B}8", "x"), ("\u{1B}]0;title\u{07}text", "text"),
    ("\u{1B}]0;title\u{1B}\\text", "text"), ("\u{1B}(Btext", "text"), ("\u{1B}[08;01HShell> \u{1B}[0m", "Shell> "),
    ("ring\u{07}\u{00}", "ring"), ("abc\u{08} \u{08}", "ab"), ("abort:  3 \u{08}\u{08}\u{08} 2 ", "abort:  2 "),
    ("\rbootloader > del 3\rbootloader > del  \u{08}", "bootloader > del "), ("10%\r20%\r100%\r\n", "100%\n"),
    ("\u{1B}[2K\rHit any key: 2\u{1B}[2K\rHit any key: 1", "Hit any key: 1"), ("line\r", "line"),
    ("\u{08}\u{08}x", "x"),
    ("tab\tstays", "tab\tstays"), ("cut off \u{1B}[1;3", "cut off "), ("\u{1B}", ""), ("", ""),
  ])
  func plainTextIsWhatAPersonWouldSee(sent: String, seen: String) {
    #expect(Text(ConsoleText.plain(Array(sent.utf8))) == Text(seen))
  }

  @Test func highBytesAreLatin1AndControlCharactersAreGone() {
    #expect(ConsoleText.plain([0x4B, 0xE9, 0x80, 0x9B, 0x7F, 0xFF]) == "Ké\u{FF}")
  }

  @Test func noControlCharacterEverGetsThrough() {
    var random = SplitMix(state: 11)
    let noise = (0..<50_000).map { _ in UInt8.random(in: 0...255, using: &random) }
    let text = ConsoleText.plain(noise) + ConsoleText.visible(noise, limit: .max)
    #expect(
      !text.unicodeScalars.contains {
        ($0.value < 0x20 && $0 != "\n" && $0 != "\t") || (0x7F...0x9F).contains($0.value)
      })
  }

  @Test func anEscapeCharacterBeforeLongTextSwallowsLittle() {
    let text = ConsoleText.plain(Array("\u{1B}]".utf8) + [UInt8](repeating: 0x41, count: 5000))
    #expect(text.count > 4000)
  }

  @Test(arguments: [
    ("=> ", "=> "), ("a\r\n", #"a\r\n"#), ("\u{1B}[0m", #"\u{1B}[0m"#), ("\t\"\\", #"\t\"\\"#), ("\u{00}", #"\u{0}"#),
  ])
  func visibleTextTellsEveryByte(sent: String, shown: String) {
    #expect(ConsoleText.visible(Array(sent.utf8)) == shown)
  }

  @Test func visibleTextIsBounded() {
    let shown = ConsoleText.visible(
      Array("begin".utf8) + [UInt8](repeating: 0x2E, count: 10_000) + Array("end".utf8), limit: 20)
    #expect(shown == "begin.....…(9988 bytes)…......." + "end")
    #expect(ConsoleText.visible([0xFF, 0x80]) == #"\u{FF}\u{80}"#)
  }
}
