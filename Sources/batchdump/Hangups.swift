import Dispatch
import Foundation

/// SIGHUP, by custom the wish that a daemon read its configuration again. Several that come while one is being heeded
/// are one.
final class Hangups {
  private let stream: AsyncStream<Void>
  private let source: any DispatchSourceSignal

  /// Hears the signal from now on, for as long as it is kept.
  init() {
    let (stream, arrivals) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    self.stream = stream
    // The default action would end the process.
    signal(SIGHUP, SIG_IGN)
    source = DispatchSource.makeSignalSource(signal: SIGHUP, queue: .global())
    source.setEventHandler { @Sendable in arrivals.yield() }
    source.activate()
  }

  /// The signals as they come; ends with the task that reads it.
  var arrivals: AsyncStream<Void> { stream }
}
