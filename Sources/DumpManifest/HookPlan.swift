/// Programs that are run when something happens to a unit: a lamp, a label printer, a relay. Each is a command with its
/// arguments, run without a shell.
public struct HookPlan: Sendable, Equatable {
  /// When a unit is known and not yet read.
  public var unitArrived: [String]?
  /// When a unit is dumped as the manifest asks.
  public var unitFinished: [String]?
  /// When a unit was given up; in a batch also when its slot has none.
  public var unitFailed: [String]?
  /// Seconds after which a hook is ended.
  public var timeLimit = 30.0
}
