import BatchScheduler
import DumpManifest
import SerialLink
import Udev

/// What is plugged in, in which state, and for which slots: all that `batchdump list` tells.
public struct AdapterSurvey: Sendable, Equatable {
  /// A slot of the manifest as the adapters leave it.
  public struct Slot: Sendable, Equatable {
    /// Its name.
    public var name: String
    /// The node of its console; absent where it has none, or no single one.
    public var node: String?
    /// Why it has no node.
    public var problem: String?
  }

  /// A row for each port, in the order of the adapters given.
  public var rows: [AdapterRow]
  /// The slots of the manifest in its order; absent where there is no manifest.
  public var slots: [Slot]?
  /// What is no error and may become one.
  public var warnings: [String]

  /// Brings together adapters, the states of their nodes in the same order, and the slots of a manifest.
  public init(adapters: [Adapter], states: [NodeState], slots plans: [SlotPlan]? = nil) {
    rows = zip(adapters, states).map { adapter, state in
      AdapterRow(
        adapter, state: state, path: adapter.pathRule(among: adapters), slots: plans?.names(for: adapter))
    }
    warnings = states.compactMap(\.suspicion).prefix(1).map { $0 }
    guard let plans else {
      slots = nil
      warnings += Self.equalSerials(adapters)
      return
    }
    let binding = SlotBinding(slots: plans, adapters: adapters)
    slots = plans.map { Self.slot($0.name, binding.places[$0.name]) }
    warnings += binding.warnings
  }

  /// Looks at the nodes of adapters.
  public init(_ adapters: [Adapter], slots: [SlotPlan]? = nil) {
    self.init(adapters: adapters, states: NodeState.of(paths: adapters.map(\.node)), slots: slots)
  }

  private static func slot(_ name: String, _ place: SlotBinding.Place?) -> Slot {
    switch place {
    case .ready(.tty(let path)): Slot(name: name, node: path)
    case .missing(let text), .ambiguous(let text): Slot(name: name, problem: text)
    case .ready, nil: Slot(name: name)
    }
  }

  /// Serials that a rule must not trust.
  private static func equalSerials(_ adapters: [Adapter]) -> [String] {
    let bearers = Dictionary(grouping: adapters.filter { $0.serial != nil }) { $0.serial ?? "" }
    return bearers.sorted { NaturalOrder.isBefore($0.key, $1.key) }.compactMap { serial, adapters in
      let count = Set(adapters.map(\.usbPort)).count
      guard count > 1 else { return nil }
      return
        "\(count) adapters have serial \(serial) (\(list(adapters))): bind slots to their paths, not to this serial"
    }
  }

  /// The nodes, as many as a sentence bears.
  private static func list(_ adapters: [Adapter]) -> String {
    let nodes = adapters.map(\.node)
    guard nodes.count > 4 else { return nodes.joined(separator: ", ") }
    return "\(nodes.prefix(3).joined(separator: ", ")) and \(nodes.count - 3) more"
  }
}

extension [SlotPlan] {
  /// The slots that mean this adapter, alone or among others.
  func names(for adapter: Adapter) -> [String] {
    filter { slot in
      switch slot.endpoint {
      case .adapter(let match): match.matches(adapter)
      case .tty(let path): path == adapter.node || adapter.links.contains(path)
      case .tcp, .unix: false
      }
    }.map(\.name)
  }
}
