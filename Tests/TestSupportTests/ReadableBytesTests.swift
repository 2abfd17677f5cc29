import TestSupport
import Testing

@Suite("Bytes in a failing test")
struct ReadableBytesTests {
  @Test(
    "are readable, with nothing hidden",
    arguments: [
      (ReadableBytes("=> "), "=> "), (ReadableBytes("a\r\nb"), #"a\r\nb"#),
      (ReadableBytes("\t\u{8}\u{1B}[2K"), #"\t\b\e[2K"#), (ReadableBytes(#"C:\"#), #"C:\\"#),
      (ReadableBytes([0, 0x7F]), #"\x00\x7F"#), (ReadableBytes("é"), #"\xC3\xA9"#),
    ])
  func escapes(bytes: ReadableBytes, shown: String) {
    #expect(bytes.description == shown)
  }

  @Test("tell where two images differ")
  func differences() {
    #expect(difference(found: [1, 2], expected: [1, 2]) == nil)
    #expect(
      difference(found: [1, 9, 3], expected: [1, 2, 3]) == "1 bytes differ, first at 0x1: 09 03, expected 02 03")
    #expect(
      difference(found: [1], expected: [1, 2])
        == "1 bytes, expected 2; 0 bytes differ, first at 0x1: nothing, expected 02")
  }
}

@Suite("Seeded bytes")
struct SeededBytesTests {
  @Test("follow the published numbers of SplitMix64")
  func published() {
    var generator = SplitMix64(state: 1_234_567)
    #expect(generator.next() == 6_457_827_717_110_365_317)
    #expect(generator.next() == 3_203_168_211_198_807_973)
  }

  @Test("are the same for the same seed, and a prefix of any longer run")
  func repeatable() {
    #expect(seededBytes(count: 0, seed: 7).isEmpty)
    #expect(seededBytes(count: 13, seed: 7) == Array(seededBytes(count: 32, seed: 7).prefix(13)))
    #expect(seededBytes(count: 32, seed: 7) != seededBytes(count: 32, seed: 8))
  }
}
