import Testing

@testable import Udev

@Suite struct DeviceTextTests {
  @Test(arguments: [
    ("FT232R USB UART", "FT232R USB UART"),
    (" VIA Labs, Inc.   \n", "VIA Labs, Inc."),
    ("Müller 株式会社", "Müller 株式会社"),
    ("a\u{0}b\rc\u{7F}d", "a?b?c?d"),
    ("\u{200B}x\u{2028}y\u{FEFF}", "?x?y?"),
    ("\u{FFFD}\u{E000}", "??"),
  ]) func `only what acts or hides is replaced`(text: String, cleaned: String) {
    #expect(DeviceText.cleaned(text) == cleaned)
  }

  @Test func `nothing stays nothing`() {
    #expect(DeviceText.cleaned(nil as String?) == nil)
    #expect(DeviceText.cleaned(" \r\n") == nil)
  }

  @Test func `length is counted in scalars, so that no character can be long`() {
    let tower = "e" + String(repeating: "\u{301}", count: 5000)
    #expect(DeviceText.cleaned(tower)?.unicodeScalars.count == 256)
    #expect(DeviceText.cleaned("abcdef", limit: 3) == "abc")
    #expect(DeviceText.cleaned("ab cdef", limit: 3) == "ab")
  }

  @Test(arguments: 0...0x9F as ClosedRange<UInt32>) func `no control character is left`(value: UInt32) throws {
    let scalar = try #require(Unicode.Scalar(value))
    let isControl = value < 0x20 || value >= 0x7F
    #expect(DeviceText.cleaned("a\(Character(scalar))b") == (isControl ? "a?b" : "a\(Character(scalar))b"))
  }
}
