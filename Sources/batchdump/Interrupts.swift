import Dispatch
import Foundation
import Synchronization

/// Ctrl-C and SIGTERM: the first stops the batch in order, the second leaves at once.
final class Interrupts {
  private static let signals = [SIGINT, SIGTERM]

  private let arrivals: Arrivals
  private let sources: [any DispatchSourceSignal]

  /// Whether any came.
  var wasInterrupted: Bool { arrivals.count > 0 }

  /// Calls `stop` at the first signal.
  init(stop: @escaping @Sendable () -> Void) {
    let arrivals = Arrivals(stop: stop)
    self.arrivals = arrivals
    sources = Self.signals.map { number in
      // The default action would end the process before anybody is told.
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { arrivals.add() }
      source.activate()
      return source
    }
  }

  /// Gives the signals their usual meaning back.
  func restore() {
    sources.forEach { $0.cancel() }
    for number in Self.signals { signal(number, SIG_DFL) }
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

  func add() {
    let number = counter.withLock { counter in
      counter += 1
      return counter
    }
    guard number == 1 else { _exit(130) }
    stop()
  }
}
