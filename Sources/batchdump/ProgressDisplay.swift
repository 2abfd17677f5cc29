import Dispatch
import DumpEngine
import SlotProgress
import Synchronization

/// Shows a batch's events as they come, apart from the tasks that they come from: a terminal that is held with ctrl-S
/// must hold no dump.
final class ProgressDisplay: Sendable {
  private let queue = DispatchQueue(label: "progress")
  private let progress: Mutex<TextProgress>

  /// A display of the slots of a batch, in the manifest's order.
  init(slots: [String]) { progress = Mutex(TextProgress(slots: slots)) }

  /// Shows an event soon.
  func show(_ event: SessionEvent) {
    queue.async { [self] in progress.withLock { $0.show(event) } }
  }

  /// Shows a line that belongs to no slot, above the slots.
  func note(_ text: String) {
    queue.async { [self] in progress.withLock { $0.note(text) } }
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
