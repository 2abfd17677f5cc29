import Synchronization

/// A value that changes, for tasks that wait for the next change. A task that looks late sees the latest value; memory
/// does not grow with the number of changes.
package final class Watched<Value: Sendable>: Sendable {
  private struct State {
    var value: Value
    var revision = 0
    var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    var cancelled: Set<Int> = []
    var lastTicket = 0
  }

  private let state: Mutex<State>

  /// A value that has not changed yet.
  package init(_ value: Value) { state = Mutex(State(value: value)) }

  /// The value now, and a number that says how often it has changed.
  package var current: (value: Value, revision: Int) { state.withLock { ($0.value, $0.revision) } }

  /// Changes the value and tells all who wait.
  package func update(_ change: (inout Value) -> Void) {
    let waiters = state.withLock { state in
      change(&state.value)
      state.revision += 1
      defer { state.waiters = [:] }
      return state.waiters.values.map { $0 }
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Returns when the value has changed since it bore `revision`, at the deadline, or when the task is cancelled.
  package func changed(since revision: Int, until deadline: ContinuousClock.Instant) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.changed(since: revision) }
      group.addTask { try? await ContinuousClock().sleep(until: deadline) }
      await group.next()
      group.cancelAll()
    }
  }

  /// Returns when the value has changed since it bore `revision`, or the task is cancelled.
  package func changed(since revision: Int) async {
    let ticket = state.withLock { state in
      state.lastTicket += 1
      return state.lastTicket
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isDone = state.withLock { state in
          let isCancelled = state.cancelled.remove(ticket) != nil
          if isCancelled || state.revision != revision { return true }
          state.waiters[ticket] = continuation
          return false
        }
        if isDone { continuation.resume() }
      }
    } onCancel: {
      let waiter = state.withLock { state in
        let waiter = state.waiters.removeValue(forKey: ticket)
        if waiter == nil { state.cancelled.insert(ticket) }
        return waiter
      }
      waiter?.resume()
    }
    _ = state.withLock { $0.cancelled.remove(ticket) }
  }
}
