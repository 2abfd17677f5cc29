/// A program that is run at a certain moment of a batch, such as one that switches a unit's power.
public struct HookCommand: Sendable, Hashable {
  /// How long a hook may still tidy up after it was asked to end.
  static let patience: Duration = .seconds(2)
  /// Most bytes of a hook's output that are kept, the last ones.
  static let longestOutput = 4096
  /// Variables by which the service manager speaks to this process alone; see sd_notify(3), sd_listen_fds(3).
  static let withheld = [
    "NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC", "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES",
  ]

  /// The program and its arguments. No shell reads them. A program without a slash is looked for in `PATH`.
  public let arguments: [String]
  /// Variables that are added to the environment of this process.
  public let environment: [String: String]
  /// What the hook can read from its standard input.
  public let input: [UInt8]
  /// Longest time that the hook may take.
  public let limit: Duration

  /// Describes a hook; nothing is run yet.
  public init(arguments: [String], environment: [String: String] = [:], input: [UInt8] = [], limit: Duration) {
    self.arguments = arguments
    self.environment = environment
    self.input = input
    self.limit = limit
  }

  /// What is added to the environment of this process, and what is taken from it.
  var environmentChanges: [String: String?] {
    let without = Self.withheld.map { ($0, String?.none) }
    return Dictionary(uniqueKeysWithValues: without).merging(environment.mapValues(Optional.some)) { $1 }
  }
}
