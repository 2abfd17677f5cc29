/// What one direction of a paced line has carried.
public struct LineTraffic: Sendable, Hashable {
  /// Characters carried.
  public var bytes = 0
  /// Seconds from the moment when the first of them set out to the arrival of the last.
  public var seconds = 0.0
  /// Rate of the line in baud.
  public var speed: Int
  /// Bits that a character takes, start and stop bits among them.
  public var bitsPerCharacter = CharacterClock.bitsPerCharacter

  /// Traffic of a line that has carried nothing yet.
  public init(speed: Int) { self.speed = speed }

  /// Share of `seconds` in which the line was in use: bytes × bits / (speed × seconds); 0 where nothing was carried.
  public var lineUse: Double {
    guard seconds > 0 else { return 0 }
    return Double(bytes) * Double(bitsPerCharacter) / (Double(speed) * seconds)
  }
}
