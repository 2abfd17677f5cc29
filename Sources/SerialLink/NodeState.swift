/// What can be known of a tty's node without opening it: opening alone may reset the unit behind it.
///
/// A value: it says how things were when it was read.
public struct NodeState: Sendable, Equatable {
  /// Whether it can be used.
  public enum Standing: String, Sendable, CaseIterable {
    /// This user may open it, and nobody is seen to have it.
    case free
    /// Another process has it.
    case held
    /// This user may not read and write it.
    case noAccess = "no access"
    /// There is no such node.
    case missing
    /// The path leads to something that is no tty.
    case notATTY = "no tty"
  }

  /// Whether it can be used.
  public var standing: Standing
  /// Why it cannot be used and what to do; the sentence's subject, the node, is left out.
  public var problem: String?
  /// Who has it, as far as this user may see.
  public var holders: [DeviceHolder]
  /// Programs that run, take adapters unasked, and whose files this user may not see: one of them may hold it.
  public var suspects: [DeviceHolder]

  /// A state by all that is known.
  public init(
    _ standing: Standing, problem: String? = nil, holders: [DeviceHolder] = [], suspects: [DeviceHolder] = []
  ) {
    self.standing = standing
    self.problem = problem
    self.holders = holders
    self.suspects = suspects
  }

  /// Who else may have it, and what to do about that; nothing where there is nobody to suspect.
  public var suspicion: String? {
    guard let remedy = suspects.compactMap(\.remedy).first else { return nil }
    let (names, verb) = (suspects.map(\.description).joined(separator: " and "), suspects.count == 1 ? "runs" : "run")
    return "\(names) \(verb) and may hold adapters, which this user cannot see: \(remedy)"
  }
}
