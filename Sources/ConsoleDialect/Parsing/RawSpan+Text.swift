// The compiler checks this module for memory safety. What is marked `unsafe` here it cannot know to be safe: these are
// loads of integers, for which any bytes are a value, and the standard library checks their bounds.
extension RawSpan {
  /// One byte. Checks its bounds.
  @inline(__always)
  func byte(_ at: Int) -> UInt8 { unsafe unsafeLoad(fromByteOffset: at, as: UInt8.self) }

  /// Eight bytes, the first one lowest. Checks its bounds.
  @inline(__always)
  func eight(_ at: Int) -> UInt64 {
    UInt64(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self))
  }

  /// Four bytes, the first one lowest. Checks its bounds.
  @inline(__always)
  func four(_ at: Int) -> UInt64 {
    UInt64(UInt32(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: at, as: UInt32.self)))
  }

  /// Two bytes, the first one lowest. Checks its bounds.
  @inline(__always)
  func two(_ at: Int) -> UInt64 {
    UInt64(UInt16(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: at, as: UInt16.self)))
  }

  /// Where the next LF is, looking at eight bytes at a time.
  func lineFeed(from start: Int) -> Int? {
    var at = start
    while at + 8 <= byteCount {
      let others = eight(at) ^ (UInt64(ASCII.lineFeed) * ByteLanes.ones)
      let found = (others &- ByteLanes.ones) & ~others & ByteLanes.highs
      if found != 0 { return at + found.trailingZeroBitCount / 8 }
      at += 8
    }
    while at < byteCount {
      if byte(at) == ASCII.lineFeed { return at }
      at += 1
    }
    return nil
  }

  /// The first place from `start` that is no CR.
  @inline(__always)
  func passReturns(from start: Int) -> Int {
    var at = start
    while at < byteCount, byte(at) == ASCII.carriageReturn { at += 1 }
    return at
  }

  /// The end of a line that ends before `end`, without the CRs there.
  func withoutReturns(from start: Int, to end: Int) -> Int {
    var end = end
    while end > start, byte(end - 1) == ASCII.carriageReturn { end -= 1 }
    return end
  }
}
