import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// Links over stream sockets: raw TCP, and sockets in the file system.
enum SocketTransport {
  private static let connectLimit = TimeAmount.seconds(5)

  /// A peer that vanished without a word is noticed when idle (keepalive: 2 s and three probes, 1 s apart) and when it
  /// leaves bytes unacknowledged (user timeout): tcp(7). Nagle's algorithm would hold keystrokes back.
  static let options: [(name: NIOBSDSocket.Option, value: ChannelOptions.Types.SocketOption.Value)] = [
    (.tcp_nodelay, 1),
    (.init(rawValue: TCP_KEEPIDLE), 2),
    (.init(rawValue: TCP_KEEPINTVL), 1),
    (.init(rawValue: TCP_KEEPCNT), 3),
    (.init(rawValue: TCP_USER_TIMEOUT), 5000),
  ]

  static func open(host: String, port: Int, on loop: any EventLoop) async throws(LinkError) -> Wire {
    let address = LinkAddress.tcp(host: host, port: port)
    guard (1...65_535).contains(port) else { throw .badPort(address) }
    return try await open(address, on: loop) { bootstrap in
      var bootstrap = bootstrap.channelOption(.socketOption(.so_keepalive), value: 1)
      for option in options { bootstrap = bootstrap.channelOption(.tcpOption(option.name), value: option.value) }
      return bootstrap.connect(host: host, port: port)
    }
  }

  static func open(path: String, on loop: any EventLoop) async throws(LinkError) -> Wire {
    try await open(.unix(path: path), on: loop) { $0.connect(unixDomainSocketPath: path) }
  }

  private static func open(
    _ address: LinkAddress, on loop: any EventLoop, _ connect: (ClientBootstrap) -> EventLoopFuture<any Channel>
  ) async throws(LinkError) -> Wire {
    guard let bootstrap = ClientBootstrap(validatingGroup: loop) else { throw .foreignLoops(address) }
    let inbox = Wire.makeInbox(for: address, on: loop)
    let connecting = connect(
      bootstrap.connectTimeout(connectLimit).channelOption(.recvAllocator, value: Wire.receiveBuffer)
        .channelInitializer(Wire.install(inbox)))
    return Wire(channel: try await finish(connecting, address), inbox: inbox, control: nil)
  }

  /// Waits for a connection, but not beyond the task's cancellation; one that comes later is closed unused.
  private static func finish(
    _ connecting: EventLoopFuture<any Channel>, _ address: LinkAddress
  ) async throws(LinkError) -> any Channel {
    let loop = connecting.eventLoop
    let outcome = loop.makePromise(of: Result<any Channel, LinkError>.self)
    let isSettled = NIOLoopBoundBox.makeBoxSendingValue(false, eventLoop: loop)
    connecting.whenComplete { result in
      if isSettled.value {
        if case .success(let channel) = result { channel.close(promise: nil) }
        return
      }
      isSettled.value = true
      outcome.succeed(result.mapError { .unreachable(address, $0) })
    }
    let channel = await withTaskCancellationHandler {
      await outcome.futureResult.outcome(for: address)
    } onCancel: {
      loop.execute {
        if isSettled.value { return }
        isSettled.value = true
        outcome.succeed(.failure(.cancelled(address)))
      }
    }
    return try channel.get()
  }
}
