import NIOCore

/// What has come over a link and was not taken yet, and who waits for it. Lives on the channel's event loop.
///
/// Memory is bounded: beyond ``highWater`` bytes reading stops, the kernel's buffers fill, and the peer is held back as
/// the line allows. Reading goes on when the bytes are taken.
final class Inbox: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  /// Bytes, nothing within the time limit, or why there will be none.
  typealias Delivery = Result<[UInt8]?, LinkError>

  static let highWater = 256 * 1024

  /// Reads follow one another no closer than this, so that a peer that hands its characters over one by one, as an
  /// emulator does, wakes this process once for many: QEMU was dumped 2.5 times as fast by a debug build, at half the
  /// processor time. A line of 115200 baud carries eleven characters meanwhile.
  static let readInterval = TimeAmount.milliseconds(1)

  private struct Waiter {
    let ticket: Int
    let promise: EventLoopPromise<Delivery>
    let limit: Scheduled<Void>
  }

  private let address: LinkAddress
  private var held: [UInt8] = []
  private var waiter: Waiter?
  private var context: ChannelHandlerContext?
  /// Whether reading waits for bytes to be taken.
  private var isPaused = false
  /// The next read, where it waits for its time.
  private var rest: Scheduled<Void>?
  /// How close reads follow one another now.
  private var interval = Inbox.readInterval
  private var lastRead = NIODeadline.uptimeNanoseconds(0)
  /// Why nothing more will come; unset while the link is up.
  private(set) var ending: LinkError?

  init(address: LinkAddress) {
    self.address = address
  }

  /// How many bytes wait here.
  var count: Int { held.count }

  /// Whether somebody waits for bytes.
  var hasReader: Bool { waiter != nil }

  /// How close reads follow one another from now on: whoever has much to come is woken less often when more comes at once.
  func space(reads interval: TimeAmount) {
    let interval = max(Self.readInterval, interval)
    guard interval != self.interval else { return }
    self.interval = interval
    guard let rest else { return }
    rest.cancel()
    self.rest = nil
    readOn()
  }

  /// All that has come; waits for the first bytes, but no longer than `limit`. `ticket` is for ``cancel(ticket:)``.
  func take(within limit: TimeAmount, ticket: Int, on loop: any EventLoop) -> EventLoopFuture<Delivery> {
    if let delivery = nextDelivery() { return loop.makeSucceededFuture(delivery) }
    guard waiter == nil else { return loop.makeSucceededFuture(.failure(.secondReader(address))) }
    let promise = loop.makePromise(of: Delivery.self)
    let timer = loop.assumeIsolated().scheduleTask(in: limit) { self.answer(ticket: ticket, .success(nil)) }
    waiter = Waiter(ticket: ticket, promise: promise, limit: timer)
    return promise.futureResult
  }

  /// Ends the wait that bears this ticket, if it is still on. Nothing that came is lost.
  func cancel(ticket: Int) {
    answer(ticket: ticket, .failure(.cancelled(address)))
  }

  /// Remembers why the link ends. The first reason stays.
  func end(_ reason: LinkError) {
    if ending == nil { ending = reason }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    held.append(contentsOf: unwrapInboundIn(data).readableBytesView)
  }

  func channelActive(context: ChannelHandlerContext) {
    readOn()
    context.fireChannelActive()
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    deliver()
    readOn()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    end(.broken(address, error))
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    end(.hungUp(address))
    deliver()
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
  }

  private func nextDelivery() -> Delivery? {
    guard held.isEmpty else {
      let bytes = held
      held = []
      if isPaused { readOn() }
      return .success(bytes)
    }
    return ending.map { .failure($0) }
  }

  private func deliver() {
    guard let waiter, let delivery = nextDelivery() else { return }
    answer(ticket: waiter.ticket, delivery)
  }

  private func answer(ticket: Int, _ delivery: Delivery) {
    guard let waiting = waiter, waiting.ticket == ticket else { return }
    waiter = nil
    waiting.limit.cancel()
    waiting.promise.succeed(delivery)
  }

  /// Asks for the next read: at once, or when its time has come where the last one was only just; not while more than
  /// enough is held.
  private func readOn() {
    guard let context, rest == nil else { return }
    isPaused = held.count >= Self.highWater
    if isPaused { return }
    let due = lastRead + interval
    guard NIODeadline.now() < due else { return read(context) }
    rest = context.eventLoop.assumeIsolated().scheduleTask(deadline: due) {
      self.rest = nil
      if let context = self.context { self.read(context) }
    }
  }

  private func read(_ context: ChannelHandlerContext) {
    lastRead = .now()
    context.read()
  }
}
