import NIOPosix
import ServiceNotifier

/// Tells the service manager that this process is alive, for as long as it is: that its tasks and its event loops get
/// their turns.
struct ServiceHealth {
  private let notifier: ServiceNotifier

  init(_ notifier: ServiceNotifier) { self.notifier = notifier }

  /// Reports until the task is cancelled; returns at once where nobody wants to know.
  @Sendable func report() async {
    guard let interval = notifier.watchdogInterval else { return }
    let loops = MultiThreadedEventLoopGroup.singleton
    while (try? await ContinuousClock().sleep(for: interval)) != nil {
      for loop in loops.makeIterator() { try? await loop.submit {}.get() }
      notifier.watchdog()
    }
  }
}
