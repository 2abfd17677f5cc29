import Udev

/// Rules that name a port of a hub instead of a socket of the computer.
struct HubRules: Sendable {
  /// Every adapter that is known, and by that every hub.
  let known: [Adapter]

  /// The rules for a port of an adapter: its hub, the way from there, and its own number where the adapter has several.
  func rules(for adapter: Adapter) throws(SlotWriting.Refusal) -> [String: String] {
    let hubs = adapter.hubs.filter { !$0.isRoot }
    guard !hubs.isEmpty else {
      throw SlotWriting.Refusal(
        description: "\(adapter.node) (path \(adapter.path)) is plugged into the computer itself, behind no hub that "
          + "its slot could move with: plug it into the hub, or write paths (without --hub-relative)")
    }
    // The nearest hub is the one that a person means; one farther out may be needed where several are equal.
    for hub in hubs {
      // A name that a hub farther out has as well means that one.
      let names = hub.names.filter { name in hubs.last { $0.names.contains(name) } == hub }
      guard let name = names.first(where: { isDecisive($0, for: hub) }) else { continue }
      return ["hub": name, "hubPort": hub.portBelow].merging(portRules(adapter)) { $1 }
    }
    throw equalHubs(adapter, hubs[0])
  }

  /// What tells the ports of one adapter apart.
  private func portRules(_ adapter: Adapter) -> [String: String] {
    let siblings = known.filter { $0.usbPort == adapter.usbPort && $0.portPath != adapter.portPath }
    var rules: [String: String] = [:]
    if siblings.contains(where: { $0.interface != adapter.interface }) {
      rules["interface"] = (adapter.interface < 16 ? "0" : "") + String(adapter.interface, radix: 16)
    }
    if siblings.contains(where: { $0.interface == adapter.interface }) { rules["port"] = adapter.port.map { "\($0)" } }
    return rules
  }

  /// Whether no other hub that answers to the name has a socket which the rules would fit too, used or not.
  private func isDecisive(_ name: String, for hub: Adapter.Hub) -> Bool {
    let places = Set(known.flatMap(\.hubs).map(\.name))
    let namesakes = Set(known.flatMap(\.hubs).filter { $0.names.contains(name) }.map(\.name))
    // What is behind the hub itself never counts as a hub of that name.
    let rivals = namesakes.filter { $0 != hub.name && !$0.hasPrefix("\(hub.name).") }
    let way = hub.portBelow.split(separator: ".").dropLast().joined(separator: ".")
    // Every hub has the first ports; a way through a further hub is only where that hub is.
    return rivals.allSatisfy { !way.isEmpty && !places.contains("\($0).\(way)") }
  }

  private func equalHubs(_ adapter: Adapter, _ hub: Adapter.Hub) -> SlotWriting.Refusal {
    let equal = Set(known.flatMap(\.hubs).filter { $0.identifier == hub.identifier }.map(\.name))
    let list = equal.sorted(by: NaturalOrder.isBefore).joined(separator: ", ")
    return SlotWriting.Refusal(
      description: "\(adapter.node) is behind hub \(hub.name), and there are \(equal.count) hubs \(hub.identifier) "
        + "without a serial of their own (\(list)): no rule tells them apart when they move; use hubs of different "
        + "kinds, or write paths (without --hub-relative)")
  }
}

extension Adapter.Hub {
  /// Whether it is the controller's own; the kernel calls those `usb1`, `usb2`.
  fileprivate var isRoot: Bool { name.hasPrefix("usb") }

  fileprivate var identifier: String { "\(vendor):\(product)" }

  /// What a `hub` rule may call it, the best name first. A serial that a rule would read as a pattern is none.
  fileprivate var names: [String] {
    let plain = serial.flatMap { $0.contains { "*?[\\".contains($0) } ? nil : $0 }
    return (plain.map { [$0] } ?? []) + [identifier]
  }
}
