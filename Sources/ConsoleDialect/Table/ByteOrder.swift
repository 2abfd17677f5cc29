/// The order of bytes in a target's words.
public enum ByteOrder: String, Sendable, Codable, CaseIterable {
  /// Lowest address holds the least significant byte.
  case little
  /// Lowest address holds the most significant byte.
  case big
}
