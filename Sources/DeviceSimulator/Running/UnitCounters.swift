/// What a simulated unit has done since it was started.
public struct UnitCounters: Sendable, Hashable {
  /// Characters that the unit put on the line; those that nobody listened to count too.
  public var bytesOut = 0
  /// Characters that reached the unit's port.
  public var bytesIn = 0
  /// Characters that reached the port while its FIFO was full, and were lost.
  public var bytesOverrun = 0
  /// Commands run, each part of a `;` chain and each repetition by an empty line counted.
  public var commandsRun = 0
  /// Bytes of memory shown by dump commands.
  public var bytesDumped = 0
  /// Bytes of memory over which the unit computed digests.
  public var bytesDigested = 0
  /// Times the firmware started, by power or reset.
  public var starts = 0
  /// Characters flipped, dropped and doubled by line noise, both directions together.
  public var noise = NoiseCounters()

  /// All zero.
  public init() {}
}

/// What line noise has done.
public struct NoiseCounters: Sendable, Hashable {
  /// Characters with one bit turned over.
  public var flipped = 0
  /// Characters that vanished.
  public var dropped = 0
  /// Characters that came twice.
  public var doubled = 0

  /// All zero.
  public init() {}
}
