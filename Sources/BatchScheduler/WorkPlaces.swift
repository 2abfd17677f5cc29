import DumpEngine

/// How many slots of a batch may work at a time, in the manifest's order. One that waits for its adapter keeps no other
/// from it.
final class WorkPlaces: Sendable {
  private struct State {
    /// Numbers of slots that want to work, in order.
    var waiting: [Int]
    var working: Set<Int> = []
  }

  private let limit: Int
  private let state: Watched<State>

  /// Places for `limit` of the slots with the numbers 0 to `slots` - 1, all of which want to work.
  init(_ limit: Int, of slots: Int) {
    self.limit = limit
    state = Watched(State(waiting: Array(0..<slots)))
  }

  /// Returns when a slot may work, or its task is cancelled, and whether it may.
  func take(_ slot: Int) async -> Bool {
    if !state.current.value.waiting.contains(slot) {
      state.update { state in
        let place = state.waiting.firstIndex { $0 > slot } ?? state.waiting.endIndex
        state.waiting.insert(slot, at: place)
      }
    }
    while !Task.isCancelled {
      let (value, revision) = state.current
      if isNext(slot, value) {
        var isTaken = false
        state.update { state in
          // Meanwhile one before it may have come back.
          guard isNext(slot, state) else { return }
          state.waiting.removeAll { $0 == slot }
          state.working.insert(slot)
          isTaken = true
        }
        if isTaken { return true }
      } else {
        await state.changed(since: revision)
      }
    }
    return false
  }

  /// Notes that a slot does not work, and will not before it takes a place again.
  func leave(_ slot: Int) {
    state.update { state in
      state.waiting.removeAll { $0 == slot }
      state.working.remove(slot)
    }
  }

  private func isNext(_ slot: Int, _ state: State) -> Bool {
    state.waiting.prefix(max(0, limit - state.working.count)).contains(slot)
  }
}
