/// An input taken apart from its beginning.
struct FuzzInput {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  /// What was not taken yet.
  var remaining: [UInt8] { Array(rest) }

  /// The next byte, 0 behind the end.
  mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

  /// The bytes up to the next LF, which is taken too.
  mutating func line() -> [UInt8] {
    let line = rest.prefix { $0 != 0x0A }
    rest = rest.dropFirst(line.count + 1)
    return Array(line)
  }
}

extension [UInt8] {
  /// The same bytes in pieces of 1 to 64 bytes, and an empty one now and then; which follows from `seed`.
  func pieces(_ seed: UInt64) -> [[UInt8]] {
    var state = seed
    var pieces: [[UInt8]] = []
    var at = 0
    while at < count {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let size = Swift.min(Int(state >> 58), count - at)
      pieces.append(Array(self[at..<(at + size)]))
      at += size
    }
    return pieces
  }
}

extension String {
  /// Whether a terminal shows it as it is: no control, format or other invisible characters.
  var isPrintable: Bool {
    unicodeScalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
      default: true
      }
    }
  }
}
