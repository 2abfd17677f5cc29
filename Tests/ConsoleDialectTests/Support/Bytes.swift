import CZlib

@testable import ConsoleDialect

/// Bytes that a failing test shows as a person can read them.
struct Bytes: Equatable, CustomStringConvertible {
  var bytes: [UInt8]

  init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

  /// From hex digits; anything else between them is ignored.
  init(hex: String) {
    let digits = hex.utf8.compactMap(Hex.nibble)
    bytes = stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  var description: String {
    bytes.prefix(512).map { NumberFormat.byte.render(UInt64($0)) }.joined(separator: " ")
      + (bytes.count > 512 ? " …" : "")
  }

  /// CRC-32 as zlib computes it, in eight hex digits as U-Boot prints it.
  var crc32: String {
    NumberFormat("08x")!.render(
      UInt64(bytes.withUnsafeBytes { CZlib.crc32(0, $0.bindMemory(to: UInt8.self).baseAddress, uInt($0.count)) }))
  }
}

/// Text with CR, LF and the like visible.
struct Text: Equatable, CustomStringConvertible {
  var text: String

  init(_ text: String) { self.text = text }
  init(_ bytes: [UInt8]) { text = String(decoding: bytes, as: UTF8.self) }

  var description: String { "\"\(ConsoleText.visible(Array(text.utf8), limit: 2000))\"" }
}

/// Numbers that look random and are the same in every run.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
