import Dispatch
import Foundation
import Synchronization

/// Ctrl-C and SIGTERM: the first stops the batch in order, the second leaves at once.
final class Interrupts {
  private let arrivals: Arrivals
  private let signals: [Int32]
  private let sources: [any DispatchSourceSignal]

  /// Whether any came.
  var wasInterrupted: Bool { arrivals.count > 0 }

  /// Calls `stop` at the first signal.
  ///
  /// - Parameter hangup: whether SIGHUP is one of them, as when the terminal goes, unless the process was told to
  ///   ignore it, as by nohup.
  init(hangup: Bool = false, stop: @escaping @Sendable () -> Void) {
    let arrivals = Arrivals(stop: stop)
    self.arrivals = arrivals
    signals = ([SIGINT, SIGTERM] + (hangup ? [SIGHUP] : [])).filter { number in
      // The default action would end the process before anybody is told.
      let before = signal(number, SIG_IGN)
      return number != SIGHUP || !Self.isIgnoring(before)
    }
    sources = signals.map { number in
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { arrivals.add(number) }
      source.activate()
      return source
    }
  }

  /// Gives the signals their usual meaning back.
  func restore() {
    sources.forEach { $0.cancel() }
    for number in signals { signal(number, SIG_DFL) }
  }

  private static func isIgnoring(_ action: sighandler_t?) -> Bool {
    unsafeBitCast(action, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Returns at the first signal.
  static func next() async {
    let (signals, arrival) = AsyncStream<Void>.makeStream()
    let interrupts = Interrupts { arrival.finish() }
    for await _ in signals {}
    interrupts.restore()
  }
}

/// The signals that have come.
private final class Arrivals: Sendable {
  private let counter = Mutex(0)
  private let stop: @Sendable () -> Void

  init(stop: @escaping @Sendable () -> Void) { self.stop = stop }

  var count: Int { counter.withLock { $0 } }

  func add(_ signal: Int32) {
    let count = counter.withLock { counter in
      counter += 1
      return counter
    }
    if count == 1 { return stop() }
    // A terminal that goes says so more than once: by its shell, and itself. That is nobody's impatience.
    if signal != SIGHUP { _exit(130) }
  }
}
