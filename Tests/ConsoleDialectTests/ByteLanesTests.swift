import Testing

@testable import ConsoleDialect

@Suite struct ByteLanesTests {
  @Test(arguments: 0..<8)
  func everyByteIsADigitOrNotInEveryLane(lane: Int) {
    for byte in UInt8.min...UInt8.max {
      for filler in [UInt8(ascii: "0"), UInt8(ascii: "f"), UInt8(ascii: "A")] {
        var text = [UInt8](repeating: filler, count: 8)
        text[lane] = byte
        let nibbles = text.map(Hex.nibble)
        var wrong: UInt64 = 0
        let word = text.withUnsafeBytes { UInt64(littleEndian: $0.load(as: UInt64.self)) }
        let decoded = ByteLanes.decodeHex(word, wrong: &wrong)
        #expect((wrong == 0) == (nibbles[lane] != nil), "byte \(byte) in lane \(lane)")
        guard let value = nibbles[lane] else { continue }
        let pair = lane & 1 == 0 ? value << 4 | nibbles[lane + 1]! : nibbles[lane - 1]! << 4 | value
        #expect(UInt8(truncatingIfNeeded: decoded >> UInt32(8 * (lane / 2))) == pair, "byte \(byte) in lane \(lane)")
      }
    }
  }

  @Test func noByteMakesItsNeighbourADigit() {
    let digits: [UInt64] = (UInt8.min...UInt8.max).map { Hex.nibble($0) == nil ? 0 : 1 }
    for pair in UInt64(0)...0xFFFF {
      var wrong: UInt64 = 0
      _ = ByteLanes.decodeHex(0x3030_3000_0030_3030 | pair << 24, wrong: &wrong)
      let isRight = digits[Int(pair & 0xFF)] & digits[Int(pair >> 8)] == 1
      if (wrong == 0) != isRight { Issue.record("the bytes \(pair & 0xFF) and \(pair >> 8)") }
    }
  }

  @Test(arguments: ["0123456789abcdef", "ABCDEFabcdef", "0", "gG:;/`@'\u{10}\u{19}"])
  func aDigitIsWhatTheStandardLibraryTakesForOne(text: String) {
    for byte in text.utf8 { #expect(Hex.nibble(byte).map(Int.init) == Character(Unicode.Scalar(byte)).hexDigitValue) }
  }

  @Test(arguments: [
    (UInt8(0x20)...0x7E, UInt8(ascii: "."), UInt8(0xFF)), (0x21...0x7F, UInt8(ascii: "."), 0xFF),
    (0x20...0x7E, UInt8(ascii: "_"), 0x7F),
  ])
  func everyByteIsShownInEveryLaneAsOnItsOwn(printable: ClosedRange<UInt8>, dot: UInt8, mask: UInt8) {
    let gutter = LineLayout.Gutter(open: " ", close: "", printable: printable, dot: dot, mask: mask, split: nil)
    let lanes = GutterLanes(gutter)
    for byte in UInt8.min...UInt8.max {
      for lane in 0..<8 {
        let word = UInt64(byte) << UInt64(8 * lane) | (UInt64(0x41) << UInt64(8 * ((lane + 1) % 8)))
        let shown = lanes.shown(word)
        #expect(
          UInt8(truncatingIfNeeded: shown >> UInt64(8 * lane)) == gutter.shown(byte), "byte \(byte) in lane \(lane)")
      }
    }
  }
}
