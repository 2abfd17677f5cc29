import Dispatch
import Foundation
import Synchronization

/// Ctrl-C and SIGTERM: the first stops the batch in order, the second leaves at once.
final class Interrupts {
  /// What a person is told who has sent the first.
  static let notice =
    "stopping: consoles are put back at their line rate, what was read is kept, reports are written; ctrl-C once more "
    + "leaves at once, and consoles as they are"

  private let arrivals: Arrivals
  private let signals: [Int32]
  private let sources: [any DispatchSourceSignal]

  /// Whether any came.
  var wasInterrupted: Bool { !arrivals.isEmpty }

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

  /// From here on the process is about to end by itself, with this status. Who stops it now gets what it was going to say,
  /// and not that a signal has killed it: systemd sends one when the adapter goes that ended the dump. The second ends it
  /// at once, should nobody read what it has to say.
  func end(with status: Int32) { arrivals.end(with: status) }

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
  /// How many of all, and of those that somebody sends who is in a hurry.
  private let counts = Mutex((all: 0, hurried: 0, status: Int32(130)))
  private let stop: @Sendable () -> Void

  init(stop: @escaping @Sendable () -> Void) { self.stop = stop }

  /// Before the end.
  var isEmpty: Bool { counts.withLock { $0.all == 0 } }

  func add(_ signal: Int32) {
    // A terminal that goes says so more than once: by its shell, and itself; and who ends its session then sends a
    // SIGTERM. That is nobody's impatience.
    let now = counts.withLock { counts in
      counts.all += 1
      if signal != SIGHUP { counts.hurried += 1 }
      return counts
    }
    if now.all == 1 { stop() } else if now.hurried > 1 { _exit(now.status) }
  }

  func end(with status: Int32) {
    counts.withLock { counts in
      (counts.all, counts.hurried, counts.status) = (counts.all + 1, 0, status)
    }
  }
}
