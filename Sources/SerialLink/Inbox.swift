import NIOCore
import Synchronization

/// What has come over a link and was not taken yet, and who waits for it. Lives on the channel's event loop.
///
/// Memory is bounded: beyond ``highWater`` bytes reading stops, the kernel's buffers fill, and the peer is held back as
/// the line allows. Reading goes on when the bytes are taken.
final class Inbox: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  /// Bytes, nothing within the time limit, or why there will be none.
  typealias Delivery = Result<[UInt8]?, LinkError>

  static let highWater = 256 * 1024

  /// There is one read in each such time at most, so that a peer that hands its characters over one by one, as an
  /// emulator does, wakes this process once for many: QEMU was dumped 2.5 times as fast by a debug build, at half the
  /// processor time. A line of 115200 baud carries eleven characters meanwhile.
  static let readInterval = TimeAmount.milliseconds(1)

  /// So late this process may be and still have listened.
  private static let lateness = TimeAmount.milliseconds(500)

  private struct Waiter {
    let ticket: Int
    let promise: EventLoopPromise<Delivery>
    /// When it is told that nothing came.
    var limit: NIODeadline
    /// When it is handed what has come by then.
    let due: NIODeadline
    /// The next of both.
    var timer: Scheduled<Void>
  }

  /// How many groups of links are read one after the other within an interval.
  private static let turns: UInt64 = 8
  private static let lastTurn = Atomic(UInt64(0))

  private let address: LinkAddress
  private let turn = Inbox.lastTurn.wrappingAdd(1, ordering: .relaxed).newValue % Inbox.turns
  private var held: [UInt8] = []
  private var waiter: Waiter?
  private var context: ChannelHandlerContext?
  /// Where the link is a tty, until the channel ends.
  var glance: TTYGlance?
  /// Whether reading waits for bytes to be taken.
  private var isPaused = false
  /// The next read, where it waits for its time.
  private var rest: Scheduled<Void>?
  /// How close reads follow one another now.
  private var interval = Inbox.readInterval
  private var lastRead = NIODeadline.uptimeNanoseconds(0)
  private var lastDelivery = NIODeadline.uptimeNanoseconds(0)
  /// Why nothing more will come; unset while the link is up.
  private(set) var ending: LinkError?

  init(address: LinkAddress) {
    self.address = address
  }

  /// How many bytes wait here.
  var count: Int { held.count }

  /// Whether somebody waits for bytes.
  var hasReader: Bool { waiter != nil }

  /// How close reads follow one another from now on: who has much to come reads seldom.
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
  ///
  /// - Parameter gathering: how close deliveries follow one another; a limit that passes ends that wait too.
  func take(
    within limit: TimeAmount, gathering: TimeAmount, ticket: Int, on loop: any EventLoop
  ) -> EventLoopFuture<Delivery> {
    guard waiter == nil else { return loop.makeSucceededFuture(.failure(.secondReader(address))) }
    let (now, due) = (NIODeadline.now(), lastDelivery + gathering)
    if now >= due || limit <= .zero || isEnough, let delivery = nextDelivery() {
      return loop.makeSucceededFuture(delivery)
    }
    let promise = loop.makePromise(of: Delivery.self)
    let limit = now + limit
    // The read that comes first when it is due hands it out; only where there is none, the timer does.
    let timer = timer(at: now < due ? min(due + interval, limit) : limit, ticket: ticket, on: loop)
    waiter = Waiter(ticket: ticket, promise: promise, limit: limit, due: due, timer: timer)
    return promise.futureResult
  }

  private func timer(at time: NIODeadline, ticket: Int, on loop: any EventLoop) -> Scheduled<Void> {
    loop.assumeIsolated().scheduleTask(deadline: time) { self.endWait(ticket: ticket, on: loop) }
  }

  /// Hands out what has come, and tells that nothing did where it is time for that.
  private func endWait(ticket: Int, on loop: any EventLoop) {
    guard let waiting = waiter, waiting.ticket == ticket else { return }
    if let delivery = nextDelivery() { return answer(ticket: ticket, delivery) }
    let now = NIODeadline.now()
    if now < waiting.limit {
      waiter?.timer = timer(at: waiting.limit, ticket: ticket, on: loop)
    } else if now < waiting.limit + Self.lateness {
      answer(ticket: ticket, .success(nil))
    } else {
      // Whoever was stopped or asleep for long has not listened, and calls nobody silent for that.
      waiter?.limit = now + Self.lateness
      waiter?.timer = timer(at: now + Self.lateness, ticket: ticket, on: loop)
    }
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
    glance = nil
    end(.hungUp(address))
    deliver()
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
  }

  /// Whether no more will come before something is handed out.
  private var isEnough: Bool { ending != nil || held.count >= Self.highWater }

  private func nextDelivery() -> Delivery? {
    guard held.isEmpty else {
      let bytes = held
      held = []
      lastDelivery = .now()
      // Nobody waits while it is paused: what is read now cannot go past what is handed out.
      if isPaused { readOn() }
      return .success(bytes)
    }
    return ending.map { .failure($0) }
  }

  private func deliver() {
    guard let waiter, isEnough || NIODeadline.now() >= waiter.due, let delivery = nextDelivery() else { return }
    answer(ticket: waiter.ticket, delivery)
  }

  private func answer(ticket: Int, _ delivery: Delivery) {
    guard let waiting = waiter, waiting.ticket == ticket else { return }
    waiter = nil
    waiting.timer.cancel()
    waiting.promise.succeed(delivery)
  }

  /// Asks for the next read: at once, or when its time has come where the last one was only just; not while more than
  /// enough is held.
  private func readOn() {
    guard let context, rest == nil else { return }
    isPaused = held.count >= Self.highWater
    if isPaused { return }
    let due = nextRead
    guard NIODeadline.now() < due else { return read(context) }
    rest = context.eventLoop.assumeIsolated().scheduleTask(deadline: due) {
      self.rest = nil
      if let context = self.context { self.read(context) }
    }
  }

  /// When the next read is due: no more than one interval behind the last, at its turn in each interval, so that those of
  /// some links wake the loop together; not those of all, which would keep the answers waiting that come for one of them.
  private var nextRead: NIODeadline {
    let step = UInt64(interval.nanoseconds)
    let offset = step / Self.turns * turn
    return .uptimeNanoseconds((lastRead.uptimeNanoseconds + step - offset) / step * step + offset)
  }

  private func read(_ context: ChannelHandlerContext) {
    lastRead = .now()
    guard interval > Self.readInterval, let glance, glance.read(into: &held) else { return context.read() }
    deliver()
    readOn()
  }
}
