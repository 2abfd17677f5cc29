/// The words of SplitMix64, each reachable without the ones before it, so that a large random memory needs no storage.
///
/// Constants from Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014.
struct SeededWords: Sendable {
  let seed: UInt64

  /// The word number `index`, counted from 0.
  subscript(index: UInt64) -> UInt64 {
    var mixed = seed &+ (index &+ 1) &* 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Appends `count` bytes from `offset` on.
  func append(_ offset: Int, _ count: Int, to bytes: inout [UInt8]) {
    var offset = offset
    let end = offset + count
    while offset < end {
      var word = self[UInt64(offset / 8)] >> UInt64(offset % 8 * 8)
      for _ in 0..<min(8 - offset % 8, end - offset) {
        bytes.append(UInt8(truncatingIfNeeded: word))
        word >>= 8
        offset += 1
      }
    }
  }
}

/// Random numbers drawn one after the other from `SeededWords`.
struct SeededGenerator: RandomNumberGenerator, Sendable {
  private let words: SeededWords
  private var index: UInt64 = 0

  init(seed: UInt64) { words = SeededWords(seed: seed) }

  mutating func next() -> UInt64 {
    defer { index &+= 1 }
    return words[index]
  }
}
