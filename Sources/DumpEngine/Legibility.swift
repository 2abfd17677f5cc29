/// Tells text from what a line at another rate makes of it, as it comes: a unit that resets falls back to its own rate,
/// and its autoboot waits for a few seconds only.
struct Legibility: Sendable {
  /// So many unreadable ones among the latest 64 characters show that it is no text: noise that turns a bit of each
  /// character over makes an eighth of them unreadable, another rate about a half.
  private static let most = 24

  /// One bit for each of the latest 64 characters, set where it is unreadable.
  private var latest: UInt64 = 0

  /// Takes what came; false where it is no text any more.
  mutating func take(_ bytes: [UInt8]) -> Bool {
    for byte in bytes {
      // Not the control characters: of these noise makes a quarter of all hex digits.
      latest = latest << 1 | (byte >= 0x80 || byte == 0 ? 1 : 0)
      if latest.nonzeroBitCount >= Self.most { return false }
    }
    return true
  }
}

extension UInt8 {
  /// Whether a character belongs to no text: it is neither printed nor one of those that move the cursor, ring the bell,
  /// begin a sequence, choose a character set (SO, SI), stop and start the other end (XON, XOFF), or ask for a file (NAK).
  var isUnreadable: Bool {
    switch self {
    case 0x20...0x7E, 0x07...0x0F, 0x11, 0x13, 0x15, 0x1B: false
    default: true
    }
  }
}
