import Udev

/// Writes slots for the adapters that are plugged in, so that nobody has to copy paths by hand.
public struct SlotWriting: Sendable {
  /// What binds a slot to its adapter.
  public enum Binding: Sendable {
    /// The socket of this computer.
    case path
    /// The port of a hub: the slots move with the hub from socket to socket, and from computer to computer.
    case hub
  }

  /// Why slots cannot be written.
  public struct Refusal: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was expected, what is there, and what to do.
    public let description: String
  }

  /// What binds slots to adapters.
  public var binding: Binding
  /// Every adapter that is known, so that no rule fits two.
  private let known: [Adapter]

  /// Writes slots whose rules tell their adapters from all that are `known`.
  public init(_ binding: Binding, known: [Adapter]) {
    self.binding = binding
    self.known = known
  }

  /// Slots called `prefix` and a number for all known adapters, in the order of hubs and their ports.
  public func slots(prefix: String) throws(Refusal) -> [WrittenSlot] {
    try slots(known.sorted(by: Adapter.isInSocketOrder).enumerated().map { ("\(prefix)\($0 + 1)", $1) })
  }

  /// Slots that have their names already.
  public func slots(_ named: [(name: String, adapter: Adapter)]) throws(Refusal) -> [WrittenSlot] {
    var slots: [WrittenSlot] = []
    for (name, adapter) in named { slots.append(WrittenSlot(name, match: try rules(for: adapter))) }
    return slots
  }

  private func rules(for adapter: Adapter) throws(Refusal) -> [String: String] {
    switch binding {
    case .hub: return try HubRules(known: known).rules(for: adapter)
    case .path: return ["path": try path(of: adapter)]
    }
  }

  private func path(of adapter: Adapter) throws(Refusal) -> String {
    let remedy = "bind slots by `serial`, or by `hub` and `hubPort` (--hub-relative)"
    guard !adapter.path.isEmpty else {
      throw Refusal(
        description: "\(adapter.node) has no path, since its USB controller has no name in sysfs: \(remedy)")
    }
    let path = adapter.pathRule(among: known)
    // A path leaves out the number of the bus, and a controller may have several.
    if let twin = known.first(where: { $0.usbPort != adapter.usbPort && $0.pathRule(among: known) == path }) {
      throw Refusal(description: "\(adapter.node) and \(twin.node) have the same path \(path): \(remedy)")
    }
    return path
  }
}
