import DumpManifest
import SerialLink
import Udev

/// Tells of adapters from a survey on: keeps what is plugged, so that each event can be told with its slots.
public struct AdapterWatch: Sendable {
  private let slots: [SlotPlan]?
  private var present: [String: Adapter] = [:]

  /// Watches from `adapters` on, which the reader knows already.
  public init(knowing adapters: [Adapter], slots: [SlotPlan]?) {
    self.slots = slots
    for adapter in adapters { present[adapter.sysPath] = adapter }
  }

  /// What there is to tell of an event, and the row for it; nothing where the reader knows that already. `look` is
  /// asked for the state of the adapter's node.
  public mutating func take(
    _ event: AdapterEvent, look: (String) -> NodeState = NodeState.of(path:)
  ) -> (event: AdapterEvent, row: AdapterRow)? {
    let adapter = event.adapter
    let known = present[adapter.sysPath]
    if case .removed = event {
      // The survey is younger than the watch's start: it may lack what went in between.
      guard known != nil else { return nil }
      defer { present[adapter.sysPath] = nil }
      return (event, row(adapter, nil))
    }
    // A watch begins with all that is there.
    if case .added = event, known == adapter { return nil }
    present[adapter.sysPath] = adapter
    return (known == nil ? event : .changed(adapter), row(adapter, look(adapter.node)))
  }

  private func row(_ adapter: Adapter, _ state: NodeState?) -> AdapterRow {
    AdapterRow(
      adapter, state: state, path: adapter.pathRule(among: Array(present.values)), slots: slots?.names(for: adapter))
  }
}
