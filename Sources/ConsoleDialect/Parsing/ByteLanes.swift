/// Arithmetic on eight bytes at once, each in its lane of a 64-bit word, the first one lowest.
enum ByteLanes {
  static let ones: UInt64 = 0x0101_0101_0101_0101
  static let highs: UInt64 = 0x8080_8080_8080_8080

  /// The high bit of each lane that holds at least `least` and at most `most`, both below 0x80.
  @inline(__always)
  static func within(_ word: UInt64, _ least: UInt8, _ most: UInt8) -> UInt64 {
    // Lanes keep their lower seven bits so that no sum carries into its neighbour; the eighth decides at the end.
    let low = word & ~highs
    let reaches = low &+ (UInt64(0x80 - least) &* ones)
    let exceeds = low &+ (UInt64(0x7F - most) &* ones)
    return reaches & ~exceeds & ~word & highs
  }

  /// All eight bits of each lane whose high bit is set.
  @inline(__always)
  static func spread(_ bits: UInt64) -> UInt64 { (bits >> 7) &* 0xFF }

  /// Four bytes from eight hex digits, the first digits' byte lowest. Sets bits of `wrong` where a lane is no digit.
  @inline(__always)
  static func decodeHex(_ text: UInt64, wrong: inout UInt64) -> UInt32 {
    // Lower case is made of letters only for the letters' own test: 0x10 to 0x19 would become digits by it.
    let digits = within(text, 0x30, 0x39)
    let letters = within(text | (0x20 &* ones), 0x61, 0x66)
    wrong |= (digits | letters) ^ highs
    let nibbles = (text & (0x0F &* ones)) &+ ((letters >> 7) &* 9)
    let pairs = (nibbles << 4 | nibbles >> 8) & 0x00FF_00FF_00FF_00FF
    let quads = (pairs | pairs >> 8) & 0x0000_FFFF_0000_FFFF
    return UInt32(truncatingIfNeeded: quads | quads >> 16)
  }
}

/// A gutter's rule for eight bytes at once.
struct GutterLanes: Sendable {
  private let least: UInt8
  private let most: UInt8
  private let dots: UInt64
  private let mask: UInt64

  init(_ gutter: LineLayout.Gutter) {
    least = gutter.printable.lowerBound
    most = gutter.printable.upperBound
    dots = UInt64(gutter.dot) &* ByteLanes.ones
    mask = UInt64(gutter.mask) &* ByteLanes.ones
  }

  /// The characters that stand for eight bytes.
  @inline(__always)
  func shown(_ bytes: UInt64) -> UInt64 {
    let seen = bytes & mask
    let printable = ByteLanes.spread(ByteLanes.within(seen, least, most))
    return (seen & printable) | (dots & ~printable)
  }
}
