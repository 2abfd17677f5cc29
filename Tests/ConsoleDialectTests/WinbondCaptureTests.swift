import Testing

@testable import ConsoleDialect

@Suite struct WinbondCaptureTests {
  static let memory = Bytes(hex: "B4019FE5B4119FE5001080E500000FE1")

  @Test(arguments: [
    ("d -b", "# d -b 0x7f000000"), ("d -h", "# d -h 0x7f000000"), ("d -h -s", "# d -h -s 0x7f000000"),
    ("d -w", "# d 0x7f000000"), ("d -s", "# d -s 0x7f000000"),
  ])
  func everyFormShowsTheSameBytes(method: String, note: String) throws {
    let layout = try TestDialect.method(method, of: "winbond-w90").layout
    // The notes of this capture tell which form follows, so they are looked for in the file itself.
    let text = try String(contentsOf: Capture.url("winbond-w90p745-d-derived.txt"), encoding: .utf8)
    let lines = text.split(separator: "\n")
    let index = try #require(lines.firstIndex { $0.hasPrefix(note) })
    var parser = DumpParser(
      layout: layout, byteOrder: .little, checksGutter: true, address: 0x7F00_0000, length: 16)
    parser.consume(Array((lines[index + 1] + "\r\n\r").utf8))
    #expect(parser.isComplete, "\(lines[index + 1])")
    #expect(Bytes(parser.bytes) == Self.memory)
    #expect(parser.tail == [])
  }

  @Test func theRealCaptureIsHeld() throws {
    let method = try TestDialect.method("d -b", of: "winbond-w90")
    var parser = DumpParser(
      layout: method.layout, byteOrder: nil, checksGutter: true, address: 0x7F00_0000, length: 256)
    parser.consume(try Capture("winbond-w90p745-d-b").bytes)
    parser.consume(Array("\r\n".utf8))
    #expect(parser.missing == [32..<256])
    #expect(Bytes(parser.bytes.prefix(16)) == Self.memory)
    let foreign = parser.takeForeignLines().map(ConsoleText.plain)
    #expect(foreign == ["d -b 0x7F000000", "Displaying memory at 0x7F000000"])
    #expect(method.headers.contains { $0.matches(foreign[1]) })
  }

  @Test func aByteOfDeleteIsShownAsItself() throws {
    let layout = try TestDialect.method("d -b", of: "winbond-w90").layout
    var dump = Dump(layout, address: 0x7F00_0000, count: 16)
    dump.bytes = Array(0x1B...0x22) + Array(0x7C...0x83)
    #expect(dump.lines[0].hasSuffix("  ......!\"|}~\u{7F}...."))
    #expect(dump.parsed(dump.lines).isComplete)
  }

  @Test func commandsKeepTheirPrefixAndWidth() throws {
    let method = try TestDialect.method("d -s", of: "winbond-w90")
    #expect(method.command(address: 0x7F0E_0000, length: 256) == "d -s 0x7F0E0000")
    #expect(method.command(address: 0x100, length: 256) == "d -s 0x00000100")
    #expect(method.characters(length: 256, addressDigits: 8) == 16 * 68)
  }

  @Test func waking_sendsNoEscapeToAPrompt() throws {
    let wake = try TestDialect.load("winbond-w90").wake
    #expect(!wake.clear.contains("\u{1B}") && !wake.nudge.contains("\u{1B}"))
    let window = try #require(wake.autoboot.first)
    #expect(window.when.matches("Press ESC to enter debug mode .") && window.send == "\u{1B}" && window.every == nil)
    // The loader's line holds 79 characters, and its receiver 16.
    #expect(wake.clear.count <= 16 && wake.clear.count * wake.clearRounds >= 79)
  }

  @Test func itsBannerIsKnown() throws {
    let banners = try TestDialect.load("winbond-w90").banners
    let lines = ConsoleText.plain(try Capture("winbond-w90n745-boot").bytes).split(separator: "\n").map(String.init)
    #expect(lines.filter { line in banners.contains { $0.matches(line) } }.count == 2)
  }
}
