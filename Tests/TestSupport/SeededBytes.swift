/// `count` bytes that look random and are the same for the same `seed` on every machine (SplitMix64, little endian).
public func seededBytes(count: Int, seed: UInt64) -> [UInt8] {
  var generator = SplitMix64(state: seed)
  return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
    var word: UInt64 = 0
    for index in 0..<count {
      if index.isMultiple(of: 8) { word = generator.next() }
      buffer[index] = UInt8(truncatingIfNeeded: word)
      word >>= 8
    }
    initialized = count
  }
}

/// A random number generator for tests: same seed, same numbers. Constants from Steele, Lea and Flood, "Fast
/// Splittable Pseudorandom Number Generators", 2014.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// A generator whose numbers follow from `state`.
  public init(state: UInt64) { self.state = state }

  /// The next number.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
