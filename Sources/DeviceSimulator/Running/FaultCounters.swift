/// What the faults of a ``FaultPlan`` have done.
public struct FaultCounters: Sendable, Hashable {
  /// Bursts that began.
  public var bursts = 0
  /// Characters garbled by bursts.
  public var burstCharacters = 0
  /// Lines of somebody else's that began.
  public var foreignLines = 0
  /// Stalls that began.
  public var stalls = 0
  /// Resets by the watchdog.
  public var resets = 0
  /// Times that the adapter vanished by itself.
  public var hangUps = 0
  /// Whether the console died: 0 or 1.
  public var deaths = 0
  /// Digests answered wrong.
  public var lies = 0
  /// Digest commands, and comparisons, that reset the unit.
  public var digestResets = 0
  /// Digests and comparisons that took their time.
  public var slowDigests = 0
  /// Reads of unstable cells that gave another value, by displays, digests and comparisons.
  public var unstableReads = 0
  /// Characters garbled by a wrong clock, both directions together.
  public var drifted = 0

  /// All zero.
  public init() {}
}
