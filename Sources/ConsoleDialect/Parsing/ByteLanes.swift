/// Arithmetic on eight bytes at once, each in its lane of a 64-bit word, the first one lowest.
enum ByteLanes {
  static let ones: UInt64 = 0x0101_0101_0101_0101
  static let highs: UInt64 = 0x8080_8080_8080_8080

  /// Four bytes from eight hex digits, the first digits' byte lowest. Sets bits of `wrong` where a lane is no digit.
  @inline(__always)
  static func decodeHex(_ text: UInt64, wrong: inout UInt64) -> UInt32 {
    // What may be a letter is made lower case and moved to follow "9"; then digits are 0x30 to 0x3F.
    let letters = (text >> 6) & ones
    let nibbles = ((text | letters << 5) &- letters &* 0x27) ^ (0x30 &* ones)
    // A letter must have come to lie from 10 to 15, anything else below. What carries into a neighbour is wrong itself.
    wrong |= ((nibbles &+ 6 &* ones) ^ letters << 4) & (0xF0 &* ones)
    let pairs = (nibbles << 4 | nibbles >> 8) & 0x00FF_00FF_00FF_00FF
    let quads = (pairs | pairs >> 8) & 0x0000_FFFF_0000_FFFF
    return UInt32(truncatingIfNeeded: quads | quads >> 16)
  }
}

/// A gutter's rule for eight bytes at once.
struct GutterLanes: Sendable {
  private let dots: UInt64
  private let mask: UInt64
  /// What makes the lowest printable character, and the first one that is not printable any more, set its high bit.
  private let reach: UInt64
  private let excess: UInt64

  /// - Precondition: printable characters are below 0x80.
  init(_ gutter: LineLayout.Gutter) {
    dots = UInt64(gutter.dot) &* ByteLanes.ones
    mask = UInt64(gutter.mask) &* ByteLanes.ones
    reach = UInt64(0x80 - gutter.printable.lowerBound) &* ByteLanes.ones
    excess = UInt64(0x7F - gutter.printable.upperBound) &* ByteLanes.ones
  }

  /// The characters that stand for eight bytes.
  @inline(__always)
  func shown(_ bytes: UInt64) -> UInt64 {
    let seen = bytes & mask
    // Lanes keep their lower seven bits so that no sum carries into its neighbour; the eighth decides at the end.
    let low = seen & ~ByteLanes.highs
    let isPrintable = (low &+ reach) & ~(low &+ excess | seen) & ByteLanes.highs
    let printable = (isPrintable >> 7) &* 0xFF
    return (seen & printable) | (dots & ~printable)
  }
}
