import NIOCore
import Synchronization

/// Joins a simulated device to its pty: paces it by a timer while it is busy, loses what nobody listens to.
///
/// Lives on one event loop, longer than the channels that it is plugged into one after the other: without any the unit
/// goes on, unheard.
final class UnitLine: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  /// How often a busy line is looked after; what its speed carries in that time goes out together, like a FIFO's fill.
  static let tick = TimeAmount.milliseconds(4)
  /// The same for one that has been full for long: what it carries is no answer that somebody waits for. Such lines are
  /// looked after in groups.
  private static let fullTick = TimeAmount.milliseconds(16)
  private static let turns: Nanoseconds = 8
  private static let lastTurn = Atomic(Nanoseconds(0))
  private static let long = TimeAmount.milliseconds(250)

  /// More than this many characters from the host are left in the tty until the line has carried some.
  private static let incomingLimit = 8192

  private(set) var device: SimulatedDevice
  /// The link that leads to the unit's tty.
  let link: String
  private let eventLoop: any EventLoop
  private var terminal: PseudoTerminal?
  /// Ends when the adapter that was pulled is gone.
  private(set) var leaving: EventLoopFuture<Void>?
  private var hasStarted = false
  private var hasEnded = false
  private let start: SimulatedUnit.StartState
  private let echoDelay: TimeAmount
  private var clock = CharacterClock(speed: 1, now: 0)
  private var context: ChannelHandlerContext?
  /// What the channel has said last; true without one.
  private var isWritable = true
  private lazy var timer = UnitTimer(of: self, on: eventLoop)
  /// True from the first sign of work to the moment when both ends are silent.
  private var isBusy = false
  /// Since when the unit has had something to print for all the time that its line had for it.
  private var fullSince: Nanoseconds?
  private let turn = UnitLine.lastTurn.wrappingAdd(1, ordering: .relaxed).newValue % UnitLine.turns
  private var isFrozen = false
  private var frozenSince: Nanoseconds = 0
  /// Time that passed for everybody else while the unit was frozen.
  private var timeMissed: Nanoseconds = 0
  private var openCount = 0
  private var isHeard = false
  private var isReading = true
  private var output: [UInt8] = []

  init(_ device: consuming SimulatedDevice, unit: SimulatedUnit, link: String, on eventLoop: any EventLoop) {
    self.device = device
    self.link = link
    self.eventLoop = eventLoop
    start = unit.start
    echoDelay = .milliseconds(Int64(unit.echoDelay))
  }

  private var now: Nanoseconds { Nanoseconds(NIODeadline.now().uptimeNanoseconds) }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    isWritable = context.channel.isWritable
    isReading = true
    if !hasStarted { begin() }
    wake()
  }

  private func begin() {
    hasStarted = true
    switch start {
    case .off, .booting: return
    case .running: device.reset()
    case .prompt: device.resume()
    case .halfLine: device.resume(typed: device.halfLine)
    case .flooding:
      device.resume()
      device.startFlood()
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    isWritable = true
    terminal = nil
    leaving = nil
    openCount = 0
    isHeard = false
    device.loseIncoming()
    isBusy = false
    wake()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // Who types has opened the tty, even if the watcher's word of it is still on its way.
    if openCount == 0 { hear() }
    // What is over but for its last tick must not make the echo of what comes now an early one.
    if isBusy, echoDelay > .zero { carry() }
    device.send(unwrapInboundIn(data).readableBytesView)
    regulateReading(context)
    wake(after: echoDelay)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    isWritable = context.channel.isWritable
    guard isWritable, isBusy else { return }
    isBusy = false
    wake()
  }

  /// Users opened and closed the tty.
  func usersChanged(opens: Int, closes: Int) {
    openCount = max(0, openCount + opens - closes)
    if opens > 0 { hear() }
    guard openCount == 0 else { return }
    isHeard = false
    terminal?.forgetUser()
  }

  private func hear() {
    isHeard = true
    guard start == .booting, !device.isPowered, device.counters.starts == 0 else { return }
    device.reset()
    wake()
  }

  // MARK: - Adapter

  var isPluggedIn: Bool { terminal != nil }

  /// Takes the pty to whose channel it is about to be added; false where it has one, or has ended.
  func attach(_ terminal: PseudoTerminal) -> Bool {
    guard self.terminal == nil, !hasEnded else { return false }
    self.terminal = terminal
    return true
  }

  /// Gives a pty up that got no channel.
  func detach() { terminal = nil }

  /// Takes the adapter away: the tty hangs up, and its link vanishes. The future ends when it is gone; nil where there
  /// is none.
  func pull() -> EventLoopFuture<Void>? {
    guard let context, let terminal, leaving == nil else { return leaving }
    PseudoTerminal.removeLink(link, leadingTo: terminal.path)
    leaving = context.channel.closeFuture
    context.close(promise: nil)
    return leaving
  }

  /// Ends the unit for good.
  func end() -> EventLoopFuture<Void>? {
    hasEnded = true
    timer.cancel()
    return pull()
  }

  // MARK: - Faults

  /// Stops the unit's clock, as a debugger does.
  func freeze() {
    guard !isFrozen else { return }
    isFrozen = true
    frozenSince = now
    timer.cancel()
  }

  /// Lets a frozen unit go on; its own time has stood still.
  func thaw() {
    guard isFrozen else { return }
    isFrozen = false
    timeMissed += now - frozenSince
    isBusy = false
    wake()
  }

  /// Does something to the device from outside, and lets it go on.
  func disturb(_ change: (inout SimulatedDevice) -> Void) {
    change(&device)
    isBusy = false
    wake()
  }

  /// Puts another unit in place of this one, without power.
  func exchange(for other: consuming SimulatedDevice) {
    device = other
    isBusy = false
    timer.cancel()
  }

  // MARK: - Pace

  /// What the host's end is set to, in baud; 0 where unknown.
  var hostSpeed: Int { terminal?.hostSpeed ?? 0 }

  /// Begins to count time anew if the line was silent.
  private func wake(after delay: TimeAmount = .zero) {
    guard !isBusy, !isFrozen, !hasEnded else { return }
    isBusy = true
    clock.restart(speed: device.portSpeed, now: now + delay.nanoseconds)
    schedule(in: delay + Self.tick)
  }

  private func schedule(in delay: TimeAmount) {
    guard !isFrozen, !hasEnded else { return }
    timer.set(delay) { $0.carry() }
  }

  private func carry() {
    guard isWritable else { return }
    let now = now
    let due = clock.due(now: now)
    let (used, pause) = device.carry(due, now: now - timeMissed, hostSpeed: hostSpeed, into: &output)
    clock.take(used)
    fullSince = used < due || output.isEmpty ? nil : fullSince ?? now
    if device.portSpeed != clock.speed { clock.restart(speed: device.portSpeed, now: now) }
    flush()
    if let context { regulateReading(context) }
    switch pause {
    case .busy: schedule(in: isFull(now) ? .nanoseconds(untilTurn(now)) : Self.tick)
    case .idle: isBusy = false
    case .sleeping(let until): sleep(until: until + timeMissed, now: now)
    case .hungUp:
      _ = pull()
      isBusy = false
      wake()
    }
  }

  private func isFull(_ now: Nanoseconds) -> Bool { fullSince.map { now - $0 > Self.long.nanoseconds } ?? false }

  private func untilTurn(_ now: Nanoseconds) -> Nanoseconds {
    let tick = Self.fullTick.nanoseconds
    return tick - (now + tick / Self.turns * turn) % tick
  }

  /// Waits without being busy, so that a character from the host is carried at once.
  private func sleep(until: Nanoseconds, now: Nanoseconds) {
    isBusy = false
    timer.set(.nanoseconds(max(0, until - now))) { $0.wake() }
  }

  private func flush() {
    defer { output.removeAll(keepingCapacity: true) }
    guard isHeard, !output.isEmpty, leaving == nil, let context else { return }
    context.writeAndFlush(NIOAny(ByteBuffer(bytes: output)), promise: nil)
  }

  /// Leaves characters in the tty while the line has more to carry than it likes to hold.
  private func regulateReading(_ context: ChannelHandlerContext) {
    let wanted = device.incoming.count < Self.incomingLimit
    guard wanted != isReading else { return }
    isReading = wanted
    try? context.channel.syncOptions?.setOption(.autoRead, value: wanted)
  }
}
