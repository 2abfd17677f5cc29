import DumpEngine
import DumpManifest
import Udev

/// What is to be done at each slot, and where its console is now. The manifest may be read anew, and adapters come and
/// go; tasks that serve a slot wait here for a change that concerns it.
public final class SlotDirectory: Sendable {
  /// All that concerns one slot.
  struct View: Sendable, Equatable {
    var plan: SlotPlan
    var place: SlotBinding.Place
  }

  private struct State {
    var slots: [SlotPlan]
    var adapters: [String: Adapter]
    var binding: SlotBinding
  }

  private let state: Watched<State>
  private let log: @Sendable (String) -> Void

  /// Slots with the adapters that are plugged now. `log` takes warnings, each once for as long as it holds.
  public init(slots: [SlotPlan], adapters: [Adapter] = [], log: @escaping @Sendable (String) -> Void = { _ in }) {
    let known = Dictionary(adapters.map { ($0.sysPath, $0) }, uniquingKeysWith: { $1 })
    let binding = SlotBinding(slots: slots, adapters: adapters)
    state = Watched(State(slots: slots, adapters: known, binding: binding))
    self.log = log
    for warning in binding.warnings { log(warning) }
  }

  /// Keeps up with what is plugged, for as long as events come.
  public func follow(_ events: some AsyncSequence<AdapterEvent, Never>) async {
    for await event in events {
      change { state in
        switch event {
        case .added(let adapter), .changed(let adapter): state.adapters[adapter.sysPath] = adapter
        case .removed(let adapter): state.adapters[adapter.sysPath] = nil
        }
      }
    }
  }

  /// Does something else at the slots from now on; slots at work go on as they are until they are idle.
  public func set(slots: [SlotPlan]) {
    change { $0.slots = slots }
  }

  /// How slots and adapters belong together now.
  public var binding: SlotBinding { state.current.value.binding }

  /// The slots' names, in the manifest's order.
  var names: [String] { state.current.value.slots.map(\.name) }

  /// What concerns a slot; nil where it is not in the manifest any more.
  func view(of slot: String) -> View? { Self.view(of: slot, state.current.value) }

  /// Returns when what concerns a slot is not `view` any more, or the task is cancelled.
  func changed(of slot: String, from view: View?) async {
    while !Task.isCancelled {
      let (value, revision) = state.current
      if Self.view(of: slot, value) != view { return }
      await state.changed(since: revision)
    }
  }

  /// Returns when the slots' names are not these any more, or the task is cancelled.
  func changed(from names: [String]) async {
    while !Task.isCancelled {
      let (value, revision) = state.current
      if value.slots.map(\.name) != names { return }
      await state.changed(since: revision)
    }
  }

  private static func view(of slot: String, _ state: State) -> View? {
    guard let plan = state.slots.first(where: { $0.name == slot }) else { return nil }
    return View(plan: plan, place: state.binding.places[slot] ?? .missing("the slot is unknown"))
  }

  private func change(_ change: (inout State) -> Void) {
    let before = Set(binding.warnings)
    state.update { state in
      change(&state)
      let plugged = state.adapters.values.sorted { $0.sysPath < $1.sysPath }
      state.binding = SlotBinding(slots: state.slots, adapters: plugged)
    }
    for warning in binding.warnings where !before.contains(warning) { log(warning) }
  }
}
