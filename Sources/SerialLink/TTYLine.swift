import NIOCore
import NIOPosix

/// The line behind a tty. Calls that may block are made on SwiftNIO's pool of threads, and none of the waiting here
/// ends with the task: a break that began must end, a last word must get out.
struct TTYLine: LineControl {
  /// As long as tcsendbreak(3) makes it.
  private static let breakLength = TimeAmount.milliseconds(250)
  /// What an adapter may take beyond the time on the wire.
  private static let drainGrace = TimeAmount.milliseconds(500)
  /// How long a close may wait for the last bytes.
  private static let longestClose = TimeAmount.seconds(5)

  let port: TTYPort
  let bitsPerCharacter: Int
  let loop: any EventLoop

  var speed: Int { port.speed }

  func setSpeed(_ baud: Int) async throws(LinkError) {
    try await drain(within: nil)
    try await blocking { port throws(LinkError) in try port.setSpeed(baud) }
  }

  func sendBreak() async throws(LinkError) {
    try await blocking { port throws(LinkError) in try port.setBreak(true) }
    await pause(Self.breakLength)
    try await blocking { port throws(LinkError) in try port.setBreak(false) }
  }

  func setModemLines(dtr: Bool?, rts: Bool?) async throws(LinkError) {
    try await blocking { port throws(LinkError) in try port.setModemLines(dtr: dtr, rts: rts) }
  }

  func close() async {
    // A line that hung up or takes nothing is let go all the same.
    try? await drain(within: Self.longestClose)
    try? await blocking { port throws(LinkError) in port.release() }
  }

  /// Waits until all that was written is on the wire; `.stalled` when that takes longer than the speed explains.
  ///
  /// The kernel has no event for "output is empty" but a call that may block for ever, so this wakes when the bytes
  /// should be out.
  private func drain(within limit: TimeAmount?) async throws(LinkError) {
    var pending = try await blocking { port throws(LinkError) in try port.pendingOutput() }
    let expected = time(for: pending) + Self.drainGrace
    let deadline = NIODeadline.now() + min(expected, limit ?? expected)
    while pending > 0 {
      let left = deadline - .now()
      guard left > .zero else { throw .undrained(port.address, pending: pending) }
      await pause(min(max(time(for: pending), .milliseconds(1)), left))
      pending = try await blocking { port throws(LinkError) in try port.pendingOutput() }
    }
    try await blocking { port throws(LinkError) in try port.drain() }
  }

  private func time(for bytes: Int) -> TimeAmount {
    .nanoseconds(Int64(bytes * bitsPerCharacter) * 1_000_000_000 / Int64(max(1, port.speed)))
  }

  private func pause(_ time: TimeAmount) async {
    // The timer fails only when the event loop is shut down; there is nothing to wait for then.
    try? await loop.scheduleTask(in: time) {}.futureResult.get()
  }

  private func blocking<Value: Sendable>(
    _ body: @escaping @Sendable (TTYPort) throws(LinkError) -> Value
  ) async throws(LinkError) -> Value {
    let port = port
    return try await Blocking.run(on: loop, for: port.address) { () throws(LinkError) in try body(port) }
  }
}
