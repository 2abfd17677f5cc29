import Glibc
import NIOCore
import NIOPosix

/// A serial line between a unix socket and a pty: both directions at a given speed, and counted.
///
/// It puts an emulator's serial port, such as a QEMU chardev, behind a tty that behaves like one at an adapter: QEMU by
/// itself knows no speed. What the device prints while nobody has the tty open is lost; when the device's end closes,
/// the tty hangs up.
public final class PacedBridge: Sendable {
  /// How the device's socket is reached.
  public enum Peer: Sendable, Hashable {
    /// The device listens at this path; the bridge connects when the tty is opened for the first time, so that a device
    /// that starts with the connection starts heard.
    case connecting(to: String)
    /// The bridge listens at this path for one device at a time.
    case listening(at: String)
  }

  /// How often a busy line is looked after.
  static let tick = TimeAmount.milliseconds(2)

  /// The link that leads to the tty.
  public let path: String

  private let terminal: any Channel
  private let core: NIOLoopBound<BridgeCore>
  private let listener: (any Channel)?
  private let watcher: OpenWatcher
  private let terminalPath: String

  /// Joins a device to a tty.
  ///
  /// - Parameters:
  ///   - peer: where the device is.
  ///   - path: where to put the link to the tty; nothing may be there.
  ///   - speed: baud, with ten bits a character.
  public static func start(
    _ peer: Peer, path: String, speed: Int, group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
  ) async throws -> PacedBridge {
    guard speed >= CharacterClock.bitsPerCharacter else {
      throw SimulatorError("a line cannot have a speed of \(speed) baud; allowed are 10 baud and more")
    }
    let eventLoop = group.next()
    let pty = try PseudoTerminal()
    let (terminal, core) = try await openTerminal(pty, speed: speed, on: eventLoop)
    do {
      try pty.publish(as: path)
      let watcher = try await OpenWatcher(on: eventLoop)
      try await eventLoop.submit {
        _ = try watcher.watch(pty.path) { [weak core = core.value] opens, closes in
          core?.usersChanged(opens: opens, closes: closes)
        }
      }.get()
      let listener = try await join(peer, core, on: eventLoop)
      return PacedBridge(path: path, terminal: terminal, core: core, listener: listener, watcher: watcher, pty: pty)
    } catch {
      try? await terminal.close().get()
      throw error
    }
  }

  private init(
    path: String, terminal: any Channel, core: NIOLoopBound<BridgeCore>, listener: (any Channel)?,
    watcher: OpenWatcher, pty: PseudoTerminal
  ) {
    self.path = path
    self.terminal = terminal
    self.core = core
    self.listener = listener
    self.watcher = watcher
    terminalPath = pty.path
  }

  /// What each direction has carried since the start, or since `resetTraffic`.
  public func traffic() async -> (toHost: LineTraffic, toDevice: LineTraffic) {
    let core = core
    let traffic = try? await terminal.eventLoop.submit { core.value.traffic }.get()
    return traffic ?? (LineTraffic(speed: 0), LineTraffic(speed: 0))
  }

  /// Begins to count anew.
  public func resetTraffic() async {
    let core = core
    try? await terminal.eventLoop.submit { core.value.resetTraffic() }.get()
  }

  /// Returns when the line has hung up.
  public func untilClosed() async { try? await terminal.closeFuture.get() }

  /// Ends the line: the tty hangs up, the link vanishes, the device's socket closes. May be called more than once.
  public func stop() async {
    try? await listener?.close().get()
    let core = core
    try? await terminal.eventLoop.submit { core.value.stop() }.get()
    await untilClosed()
    await watcher.stop()
    PseudoTerminal.removeLink(path, leadingTo: terminalPath)
  }

  // MARK: - Ends

  private static func openTerminal(
    _ pty: PseudoTerminal, speed: Int, on eventLoop: any EventLoop
  ) async throws -> (any Channel, NIOLoopBound<BridgeCore>) {
    do {
      let channel = try await NIOPipeBootstrap(group: eventLoop)
        .channelOption(.writeBufferWaterMark, value: ChannelOptions.Types.WriteBufferWaterMark(low: 1024, high: 4096))
        .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 256))
        .takingOwnershipOfDescriptor(inputOutput: pty.master).get()
      channel.closeFuture.whenComplete { _ in pty.closeSlave() }
      let core = try await eventLoop.submit {
        let core = BridgeCore(speed: speed, pty: pty, terminal: channel, eventLoop: eventLoop)
        try channel.pipeline.syncOperations.addHandler(BridgeEnd(core, isDevice: false))
        return NIOLoopBound(core, eventLoop: eventLoop)
      }.get()
      return (channel, core)
    } catch {
      close(pty.master)
      pty.closeSlave()
      throw error
    }
  }

  /// Brings the device's end; returns the listening channel where there is one.
  private static func join(
    _ peer: Peer, _ core: NIOLoopBound<BridgeCore>, on eventLoop: any EventLoop
  ) async throws -> (any Channel)? {
    let prepare: @Sendable (any Channel) -> EventLoopFuture<Void> = { channel in
      channel.eventLoop.makeCompletedFuture {
        try channel.pipeline.syncOperations.addHandler(BridgeEnd(core.value, isDevice: true))
      }
    }
    switch peer {
    case .listening(let path):
      return try await ServerBootstrap(group: eventLoop)
        .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 256))
        .childChannelInitializer(prepare)
        .bind(unixDomainSocketPath: path).get()
    case .connecting(let path):
      try await eventLoop.submit {
        core.value.whenOpened {
          ClientBootstrap(group: eventLoop)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 256))
            .channelInitializer(prepare)
            .connect(unixDomainSocketPath: path).whenFailure { _ in core.value.stop() }
        }
      }.get()
      return nil
    }
  }
}
