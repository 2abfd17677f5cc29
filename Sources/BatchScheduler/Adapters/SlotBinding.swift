import DumpManifest
import SerialLink
import Udev

/// Which slot each adapter belongs to, as the manifest's rules and what is plugged in now say.
public struct SlotBinding: Sendable, Equatable {
  /// Where a slot's console is.
  public enum Place: Sendable, Equatable {
    /// There.
    case ready(LinkAddress)
    /// No adapter meets the slot's rules.
    case missing(String)
    /// The rules do not decide: the candidates, and what to do.
    case ambiguous(String)
  }

  /// By slot.
  public let places: [String: Place]
  /// The adapter of each slot that has exactly one.
  public let adapters: [String: Adapter]
  /// What is no error and may become one.
  public let warnings: [String]

  /// Binds slots to adapters.
  public init(slots: [SlotPlan], adapters plugged: [Adapter]) {
    let candidates = slots.map { slot in plugged.filter { slot.endpoint.means($0) } }
    var owners: [String: [String]] = [:]
    for (slot, found) in zip(slots, candidates) where found.count == 1 {
      owners[found[0].sysPath, default: []].append(slot.name)
    }
    var places: [String: Place] = [:]
    var adapters: [String: Adapter] = [:]
    for (slot, found) in zip(slots, candidates) {
      let rivals = found.count == 1 ? (owners[found[0].sysPath] ?? []).filter { $0 != slot.name } : []
      places[slot.name] = Self.place(of: slot, among: found, rivals)
      if found.count == 1, rivals.isEmpty { adapters[slot.name] = found[0] }
    }
    self.places = places
    self.adapters = adapters
    warnings = Self.warnings(slots, plugged)
  }

  /// All that is ambiguous, a sentence for each slot, in order of their names.
  public var ambiguities: [String] {
    places.sorted { $0.key < $1.key }.compactMap { slot, place in
      if case .ambiguous(let text) = place { "slot \(slot): \(text)" } else { nil }
    }
  }

  private static func place(of slot: SlotPlan, among found: [Adapter], _ rivals: [String]) -> Place {
    guard case .adapter(let match) = slot.endpoint else {
      // A console that the manifest names by itself is where it says, whatever udev knows of it.
      guard rivals.isEmpty else { return .ambiguous(contest(found[0], slot.name, rivals)) }
      return LinkAddress(named: slot.endpoint).map(Place.ready) ?? .missing("it has no address")
    }
    switch found.count {
    case 0: return .missing("no adapter matches \(match.text): plug it in; `batchdump list` shows what is there")
    case 1 where rivals.isEmpty: return .ready(.tty(path: found[0].node))
    case 1: return .ambiguous(contest(found[0], slot.name, rivals))
    default:
      let list = found.map { "\($0.node) (path \($0.portPath))" }.joined(separator: ", ")
      return .ambiguous(
        "\(found.count) adapters match \(match.text): \(list); add a rule that only one of them meets, such as `path`")
    }
  }

  private static func contest(_ adapter: Adapter, _ slot: String, _ rivals: [String]) -> String {
    "\(adapter.node) (path \(adapter.portPath)) is claimed by \(rivals.joined(separator: ", ")) as well; give each slot "
      + "rules that its own adapter alone meets"
  }

  /// A serial that several adapters bear tells none of them apart, even where the other rules do for now.
  private static func warnings(_ slots: [SlotPlan], _ adapters: [Adapter]) -> [String] {
    slots.compactMap { slot in
      guard case .adapter(let match) = slot.endpoint, let serial = match.rules["serial"] else { return nil }
      // A pattern asks for a kind of serial, not for one.
      guard !serial.contains(where: { "*?".contains($0) }) else { return nil }
      let bearers = adapters.filter { AdapterMatch(rules: ["serial": serial]).matches($0) }
      let count = Set(bearers.map(\.usbPort)).count
      guard count > 1 else { return nil }
      let list = bearers.map(\.node).joined(separator: ", ")
      return "slot \(slot.name) asks for serial \(serial), which \(count) adapters have (\(list)): "
        + "their paths tell them apart, their serials do not"
    }
  }
}

extension Endpoint {
  /// Whether an adapter is, or may be, where this console is.
  fileprivate func means(_ adapter: Adapter) -> Bool {
    switch self {
    case .adapter(let match): match.matches(adapter)
    case .tty(let path): path == adapter.node || adapter.links.contains(path)
    case .tcp, .unix: false
    }
  }
}

extension AdapterMatch {
  /// As messages write it.
  var text: String { rules.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ") }
}

extension LinkAddress {
  /// Where a console is that the manifest names by itself; nil where match rules name it.
  init?(named endpoint: Endpoint) {
    switch endpoint {
    case .tty(let path): self = .tty(path: path)
    case .tcp(let host, let port): self = .tcp(host: host, port: port)
    case .unix(let path): self = .unix(path: path)
    case .adapter: return nil
    }
  }
}
