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
  /// What memory-display commands have printed to the end of the line, in the order in which they did. A range that goes
  /// on where the one before ended is one with it; a byte that was printed twice is in two ranges.
  public private(set) var rangesDumped: [MemoryRange] = []
  /// Ranges that are not in ``rangesDumped`` because it was full.
  public private(set) var rangesNotKept = 0
  /// Bytes of memory over which the unit computed digests.
  public var bytesDigested = 0
  /// Bytes of memory that the unit compared with others and found the same.
  public var bytesCompared = 0
  /// Times the firmware started, by power or reset.
  public var starts = 0
  /// Characters flipped, dropped, doubled and inserted by line noise, both directions together.
  public var noise = NoiseCounters()
  /// What other faults have done.
  public var faults = FaultCounters()

  /// How many ranges are kept.
  public static let rangeLimit = 4096

  /// All zero.
  public init() {}

  mutating func noteDumped(_ range: MemoryRange) {
    if let last = rangesDumped.last, rangesNotKept == 0, last.end == range.address {
      rangesDumped[rangesDumped.count - 1].size += range.size
    } else if rangesDumped.count < Self.rangeLimit {
      rangesDumped.append(range)
    } else {
      rangesNotKept += 1
    }
  }
}

/// What line noise has done.
public struct NoiseCounters: Sendable, Hashable {
  /// Characters with one bit turned over.
  public var flipped = 0
  /// Characters that vanished.
  public var dropped = 0
  /// Characters that came twice.
  public var doubled = 0
  /// Characters that nobody sent.
  public var inserted = 0

  /// All zero.
  public init() {}
}
