/// All that is to go wrong with a unit: its line, its processor and its memory.
///
/// Faults follow from the seed and from what the unit prints: the same typing brings the same faults. Those in
/// characters and lines are what noise on the line does not do; see ``LineNoise`` for the rest.
public struct FaultPlan: Sendable {
  /// Runs of garbled characters.
  public struct Bursts: Sendable, Hashable {
    /// When one begins, in characters that the unit prints.
    public var occurrence: FaultOccurrence
    /// Characters that are garbled one after the other; at least 1.
    public var length: Int

    /// Bursts of `length` characters.
    public init(_ occurrence: FaultOccurrence, length: Int) {
      self.occurrence = occurrence
      self.length = length
    }
  }

  /// Lines that something else than the boot loader prints on the console, such as a driver.
  public struct ForeignLines: Sendable, Hashable {
    /// Where they come.
    public enum Placement: String, Decodable, Sendable, CaseIterable {
      /// Behind a line feed.
      case betweenLines
      /// Within a line, which goes on behind it.
      case withinLine
      /// Either, as the seed will have it.
      case anywhere
    }

    /// When one is printed, in characters of the unit's own.
    public var occurrence: FaultOccurrence
    /// Where.
    public var placement: Placement
    /// What they say, without line end; a kernel's messages where empty.
    public var texts: [String]

    /// Lines at these places.
    public init(_ occurrence: FaultOccurrence, placement: Placement = .anywhere, texts: [String] = []) {
      self.occurrence = occurrence
      self.placement = placement
      self.texts = texts
    }
  }

  /// Pauses in which the unit neither prints nor reads.
  public struct Stalls: Sendable, Hashable {
    /// When one begins, in characters that the unit prints.
    public var occurrence: FaultOccurrence
    /// How long one takes, in milliseconds.
    public var milliseconds: Int

    /// Stalls of so many milliseconds.
    public init(_ occurrence: FaultOccurrence, milliseconds: Int) {
      self.occurrence = occurrence
      self.milliseconds = milliseconds
    }
  }

  /// What the faults follow from.
  public var seed: UInt64
  /// Runs of garbled characters.
  public var bursts: Bursts?
  /// Lines of somebody else's.
  public var foreignLines: ForeignLines?
  /// Pauses.
  public var stalls: Stalls?
  /// Resets as by a watchdog, in characters that the unit prints.
  public var resets: FaultOccurrence?
  /// The adapter vanishes, in characters that the unit prints. ``RunningUnit/plugIn()`` puts it back.
  public var hangUps: FaultOccurrence?
  /// Characters after which the console says nothing more, whatever is done to the unit.
  public var deadAfter: Int?
  /// Wrong answers to digest commands, in such commands. A lie is the same for the same range and contents.
  public var lies: FaultOccurrence?
  /// Digest commands that fail, lie or are slow over many bytes.
  public var digests: DigestFaults?
  /// Bytes that read back differently.
  public var unstableCells: UnstableCells?
  /// A wrong clock.
  public var drift: ClockDrift?

  /// No faults.
  public init(seed: UInt64 = 1) { self.seed = seed }
}
