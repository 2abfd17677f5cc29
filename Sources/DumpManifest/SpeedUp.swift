/// Whether a slot's line rate is raised while its unit is read.
public enum SpeedUp: Sendable, Hashable {
  /// The rate stays.
  case never
  /// Up to this rate in baud, though the manifest does not ask for it: a step that fails has a way back.
  case allowed(to: Int)
  /// Up to this rate in baud, as the manifest says, also where a step that fails leaves the console waiting for a reset
  /// by hand.
  case named(to: Int)

  /// The highest rate to change to, in baud; absent where the rate stays.
  public var limit: Int? {
    switch self {
    case .never: nil
    case .allowed(let rate), .named(let rate): rate
    }
  }

  /// Whether the manifest asks for it.
  public var isNamed: Bool {
    if case .named = self { true } else { false }
  }
}
