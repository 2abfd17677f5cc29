import NIOCore

/// The state of a bridge; lives on its event loop.
final class BridgeCore {
  private let speed: Int
  private let eventLoop: any EventLoop
  private let pty: PseudoTerminal
  private let terminal: any Channel
  private var device: (any Channel)?
  private var toHost: PacedDirection?
  private var toDevice: PacedDirection?
  private var timer: Scheduled<Void>?
  private var openCount = 0
  /// Called once, when the tty is first opened.
  private var onFirstOpen: (() -> Void)?
  private var past = (toHost: LineTraffic(speed: 0), toDevice: LineTraffic(speed: 0))

  init(speed: Int, pty: PseudoTerminal, terminal: any Channel, eventLoop: any EventLoop) {
    self.speed = speed
    self.pty = pty
    self.terminal = terminal
    self.eventLoop = eventLoop
    past = (LineTraffic(speed: speed), LineTraffic(speed: speed))
  }

  private var now: Nanoseconds { Nanoseconds(NIODeadline.now().uptimeNanoseconds) }

  var traffic: (toHost: LineTraffic, toDevice: LineTraffic) {
    (toHost?.traffic ?? past.toHost, toDevice?.traffic ?? past.toDevice)
  }

  func resetTraffic() {
    toHost?.resetTraffic(now: now)
    toDevice?.resetTraffic(now: now)
    past = (LineTraffic(speed: speed), LineTraffic(speed: speed))
  }

  /// Does `action` when somebody opens the tty, at once if somebody has.
  func whenOpened(_ action: @escaping () -> Void) {
    guard openCount == 0 else { return action() }
    onFirstOpen = action
  }

  /// Users opened and closed the tty.
  func usersChanged(opens: Int, closes: Int) {
    openCount = max(0, openCount + opens - closes)
    toHost?.isHeard = openCount > 0
    if openCount == 0 { pty.forgetUser() }
    guard opens > 0, let action = onFirstOpen else { return }
    onFirstOpen = nil
    action()
  }

  /// The device is there. A second one is turned away while the first is.
  func attach(_ channel: any Channel) {
    guard device == nil else { return channel.close(promise: nil) }
    device = channel
    toHost = PacedDirection(speed: speed, from: channel, to: terminal, isHeard: openCount > 0)
    toDevice = PacedDirection(speed: speed, from: terminal, to: channel, isHeard: true)
  }

  /// The device is gone: the line hangs up.
  func detach(_ channel: any Channel) {
    guard device === channel else { return }
    past = traffic
    device = nil
    toHost = nil
    toDevice = nil
    terminal.close(promise: nil)
  }

  func received(_ bytes: ByteBufferView, fromDevice: Bool) {
    if !fromDevice, openCount == 0 { toHost?.isHeard = true }
    (fromDevice ? toHost : toDevice)?.append(bytes, now: now)
    schedule()
  }

  /// Both ends close.
  func stop() {
    timer?.cancel()
    device?.close(promise: nil)
    terminal.close(promise: nil)
  }

  /// Looks after the line again in a tick. A full target calls when it has room.
  func schedule() {
    guard timer == nil else { return }
    timer = eventLoop.assumeIsolated().scheduleTask(in: PacedBridge.tick) { [weak self] in self?.carry() }
  }

  private func carry() {
    timer = nil
    let now = now
    toHost?.carry(now: now)
    toDevice?.carry(now: now)
    if toHost?.canCarry == true || toDevice?.canCarry == true { schedule() }
  }
}

/// Hands what one end of the bridge receives to its core.
final class BridgeEnd: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let core: BridgeCore
  private let isDevice: Bool

  init(_ core: BridgeCore, isDevice: Bool) {
    self.core = core
    self.isDevice = isDevice
  }

  func channelActive(context: ChannelHandlerContext) {
    if isDevice { core.attach(context.channel) }
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    core.received(unwrapInboundIn(data).readableBytesView, fromDevice: isDevice)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { core.schedule() }
  }

  func channelInactive(context: ChannelHandlerContext) {
    if isDevice { core.detach(context.channel) } else { core.stop() }
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
