import NIOCore
import Synchronization

extension Link {
  /// Far more than any wait, and little enough that the event loop's clock can add it.
  private static let longestWait = Duration.seconds(365 * 86_400)
  /// Characters that are left in a tty at most before they are read: half of what it holds before it holds its adapter
  /// back, which has no means to hold the unit back (N_TTY_BUF_SIZE in Linux's drivers/tty/n_tty.c is 4,096).
  private static let mostUnread = 2048

  /// Hands `bytes` to the operating system, in order, and returns when it has them all.
  ///
  /// Task cancellation does not stop it, so that a last word still reaches the console.
  ///
  /// - Throws: `hungUp`, or `stalled` when the peer takes not one byte for 5 s. The link is given up then: were it
  ///   not, bytes of a command that was reported as failed could still arrive later.
  public func send(_ bytes: [UInt8]) async throws(LinkError) {
    if bytes.isEmpty { return }
    let written = wire.channel.eventLoop.flatSubmit { self.write(bytes) }
    try await written.outcome(for: address).get()
  }

  /// All that has come since the last call, at once; `nil` when nothing came within the time.
  ///
  /// - Parameters:
  ///   - limit: how long to wait for the first byte; zero or less asks for what is here already.
  ///   - gathering: how close calls are answered one after the other: who has much to come is woken seldom, for more. A
  ///     limit that passes first hands out what has come by then.
  ///   - isLastWord: whether task cancellation does not end the wait, as it does not end ``send(_:)``: a console may
  ///     have to be put back as it was found, and that takes its answers.
  /// - Throws: `cancelled` at once when the task is cancelled, and nothing is lost by it; `hungUp` or `stalled` when
  ///   the peer is gone and all that came before was handed out.
  public func receive(
    within limit: Duration, gathering: Duration = .zero, isLastWord: Bool = false
  ) async throws(LinkError) -> [UInt8]? {
    if Task.isCancelled, !isLastWord { throw .cancelled(address) }
    let ticket = lastTicket.wrappingAdd(1, ordering: .relaxed).newValue
    let (loop, inbox) = (wire.channel.eventLoop, wire.inbox)
    // Begun before the handler is in place: so the loop sees the wait before it sees its cancellation.
    let time = TimeAmount(min(max(limit, .zero), Self.longestWait))
    let gathering = TimeAmount(min(max(gathering, .zero), Self.longestWait))
    // So that what is due waits for no read much longer.
    let interval = min(.nanoseconds(gathering.nanoseconds / 4), readInterval)
    let delivery = loop.flatSubmit {
      inbox.value.space(reads: interval)
      return inbox.value.take(within: time, gathering: gathering, ticket: ticket, on: loop)
    }
    if isLastWord { return try await delivery.outcome(for: address).get() }
    let outcome = await withTaskCancellationHandler {
      await delivery.outcome(for: address)
    } onCancel: {
      loop.execute { inbox.value.cancel(ticket: ticket) }
    }
    return try outcome.get()
  }

  /// The time in which so much comes that it is to be read, lest any of it is lost.
  private var readInterval: TimeAmount {
    .nanoseconds(Int64(Self.mostUnread * settings.bitsPerCharacter) * 1_000_000_000 / Int64(max(1, speed)))
  }

  private func write(_ bytes: [UInt8]) -> EventLoopFuture<Result<Void, LinkError>> {
    let (channel, inbox, address) = (wire.channel, wire.inbox, address)
    if let ending = inbox.value.ending { return channel.eventLoop.makeSucceededFuture(.failure(ending)) }
    accepted.value += bytes.count
    let written = channel.writeAndFlush(ByteBuffer(bytes: bytes))
    watch(written, taken: taken)
    return written.map { .success(()) }.recover { .failure(inbox.value.ending ?? .broken(address, $0)) }
  }

  /// How many bytes the operating system has taken so far.
  private var taken: Int {
    let waiting = try? wire.channel.syncOptions?.getOption(.bufferedWritableBytes)
    return accepted.value - (waiting ?? 0)
  }

  /// Gives the link up when the operating system takes no byte for as long as ``sendLimit``.
  private func watch(_ written: EventLoopFuture<Void>, taken before: Int) {
    let timer = wire.channel.eventLoop.scheduleTask(in: sendLimit) { [self] in
      let now = taken
      if now > before { return watch(written, taken: now) }
      wire.inbox.value.end(.stalled(address, after: sendLimit))
      wire.channel.close(promise: nil)
    }
    written.whenComplete { _ in timer.cancel() }
  }
}
