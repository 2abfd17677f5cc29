import Dispatch
import DumpEngine
import SlotProgress
import Synchronization

/// Shows a batch's events as they come, apart from the tasks that they come from: a terminal that is held with ctrl-S
/// must hold no dump.
final class ProgressDisplay: Sendable {
  private let queue = DispatchQueue(label: "progress")
  private let backlog = Mutex(ProgressBacklog())
  private let progress: Mutex<TextProgress>

  /// A display of the slots of a batch, in the manifest's order.
  init(slots: [String]) { progress = Mutex(TextProgress(slots: slots)) }

  /// Shows an event soon.
  func show(_ event: SessionEvent) { add(.event(event)) }

  /// Shows a line that belongs to no slot, above the slots.
  func note(_ text: String) { add(.note(text)) }

  private func add(_ entry: ProgressBacklog.Entry) {
    guard backlog.withLock({ $0.add(entry) }) else { return }
    queue.async { [self] in
      while case let entries = backlog.withLock({ $0.take() }), !entries.isEmpty { show(entries) }
    }
  }

  private func show(_ entries: [ProgressBacklog.Entry]) {
    progress.withLock { progress in
      for entry in entries {
        switch entry {
        case .event(let event): progress.show(event)
        case .note(let text): progress.note(text)
        }
      }
    }
  }

  /// Returns when all events are shown, the last state with them.
  func finish() async {
    await withCheckedContinuation { continuation in
      queue.async { [self] in
        progress.withLock { $0.finish() }
        continuation.resume()
      }
    }
  }
}
