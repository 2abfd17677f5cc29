/// How a unit is brought into its boot loader when nothing typed into its console can do that.
public struct ResetPlan: Sendable, Equatable {
  /// What is done.
  public var means: Means
  /// When it is done.
  public var moment: Moment

  /// The ways to reset a unit.
  public enum Means: Sendable, Equatable {
    /// A program is run and waited for: it switches a relay, a hub's port or a power supply.
    case command([String])
    /// The adapter's own lines are switched, step by step.
    case lines([LineStep])
  }

  /// When a unit is reset.
  public enum Moment: String, Sendable, Codable, CaseIterable {
    /// Before each dump, as soon as its link is open.
    case start
    /// When a prompt is waited for and none came in ten seconds.
    case noPrompt
  }

  /// One step of switching an adapter's lines.
  public struct LineStep: Sendable, Equatable {
    /// Whether DTR is on from now; absent: it stays.
    public var dtr: Bool?
    /// Whether RTS is on from now; absent: it stays.
    public var rts: Bool?
    /// Whether a break is sent.
    public var sendsBreak: Bool
    /// Seconds until the next step.
    public var seconds: Double
  }
}
