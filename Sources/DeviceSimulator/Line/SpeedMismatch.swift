/// What becomes of characters when the two ends of a line run at different speeds.
struct SpeedMismatch: Sendable, Equatable {
  /// Up to this difference both ends still sample the same bits: a UART drifts by half a bit over a character at 5 %,
  /// and either end brings some error of its own.
  static let toleratedPercent = 3

  private let key: UInt64

  /// Nil where the ends understand each other. A host speed of 0 or below counts as unknown, and as equal.
  init?(unitSpeed: Int, hostSpeed: Int) {
    guard hostSpeed > 0, abs(unitSpeed - hostSpeed) * 100 > Self.toleratedPercent * unitSpeed else { return nil }
    key = UInt64(unitSpeed) << 32 ^ UInt64(hostSpeed)
  }

  /// Another byte than `byte`, always the same for the same speeds.
  func garbled(_ byte: UInt8) -> UInt8 {
    let garbage = UInt8(truncatingIfNeeded: SeededWords(seed: key)[UInt64(byte)])
    return garbage == byte ? ~byte : garbage
  }
}
