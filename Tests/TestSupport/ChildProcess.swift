import Foundation
import Synchronization

/// How a child process ended.
enum ChildEnd: Sendable, Hashable, CustomStringConvertible {
  case exited(code: Int32)
  case killed(signal: Int32)

  /// From what `waitpid` tells.
  init(waitCode: Int32) {
    let signal = waitCode & 0x7F
    self = signal == 0 ? .exited(code: (waitCode >> 8) & 0xFF) : .killed(signal: signal)
  }

  var description: String {
    switch self {
    case .exited(let code): "exit code \(code)"
    case .killed(let signal): "signal \(signal)"
    }
  }
}

/// A child process that outlives neither its scope nor the test process.
///
/// Each child has a thread of its own, which starts it and waits for it. That is more than a way not to block the
/// cooperative pool: the kernel sends the child's parent-death signal when the *thread* that started it ends, so a
/// thread of the pool, which ends after some idle seconds, would take the child with it.
final class ChildProcess: Sendable {
  private struct State {
    var pid: pid_t
    var status: ChildEnd?
    var isKilled = false
    var waiting: [CheckedContinuation<ChildEnd, Never>] = []
  }

  private let state: Mutex<State>

  private init(pid: pid_t) { state = Mutex(State(pid: pid)) }

  /// Starts a child and returns as soon as it runs.
  static func start(_ command: ChildCommand) async throws -> ChildProcess {
    try await withCheckedThrowingContinuation { started in
      Thread.detachNewThread {
        do {
          let pid = try command.spawn()
          let child = ChildProcess(pid: pid)
          started.resume(returning: child)
          child.reap(pid)
        } catch {
          started.resume(throwing: error)
        }
      }
    }
  }

  /// Ends the child at once; nothing happens where it has ended already.
  func kill() {
    state.withLock { state in
      // Under the lock the number cannot belong to another process yet: only `reap` gives it back.
      guard state.status == nil else { return }
      state.isKilled = true
      _ = Foundation.kill(state.pid, SIGKILL)
    }
  }

  /// How it ended where it was not ``kill()`` that ended it; absent while it runs.
  var endedByItself: ChildEnd? {
    state.withLock { state in
      // A kill may come when the child has ended already but is not reaped yet: the status tells.
      state.isKilled && state.status == .killed(signal: SIGKILL) ? nil : state.status
    }
  }

  /// Waits for its end. Not cut short by cancellation: kill it first.
  @discardableResult
  func waitForEnd() async -> ChildEnd {
    await withCheckedContinuation { continuation in
      let status = state.withLock { state in
        if state.status == nil { state.waiting.append(continuation) }
        return state.status
      }
      if let status { continuation.resume(returning: status) }
    }
  }

  private func reap(_ pid: pid_t) {
    var info = siginfo_t()
    // WNOWAIT leaves the zombie, and with it the number, until the lock is held.
    while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) != 0, errno == EINTR {}
    let (status, waiting) = state.withLock { state in
      var code: Int32 = 0
      waitpid(pid, &code, 0)
      let status = ChildEnd(waitCode: code)
      state.status = status
      defer { state.waiting = [] }
      return (status, state.waiting)
    }
    for continuation in waiting { continuation.resume(returning: status) }
  }
}
