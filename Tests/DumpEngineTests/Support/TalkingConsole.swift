import NIOCore
import NIOPosix
import Synchronization

/// A console behind a unix socket that prompts at ctrl-C, or not, and says what a test lets it say.
final class TalkingConsole: Sendable {
  private let server: any Channel
  private let state: State

  private final class State: Sendable {
    let isMute = Mutex(false)
    let client = Mutex<(any Channel)?>(nil)
    let asked = AsyncStream<Void>.makeStream()
  }

  private init(_ server: any Channel, _ state: State) {
    self.server = server
    self.state = state
  }

  static func start(path: String) async throws -> TalkingConsole {
    let state = State()
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          state.client.withLock { $0 = channel }
          try channel.pipeline.syncOperations.addHandler(Handler(state))
        }
      }.bind(unixDomainSocketPath: path).get()
    return TalkingConsole(server, state)
  }

  /// Says something unasked.
  func say(_ text: String) async throws {
    guard let client = state.client.withLock({ $0 }) else { return }
    try await client.writeAndFlush(ByteBuffer(string: text)).get()
  }

  /// Answers nothing from now on.
  func fallSilent() { state.isMute.withLock { $0 = true } }

  /// Returns when it was asked so many times more.
  func waitUntilAsked(_ count: Int) async {
    var left = count
    for await _ in state.asked.stream {
      left -= 1
      if left == 0 { return }
    }
  }

  func stop() async { try? await server.close().get() }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let state: State

    init(_ state: State) { self.state = state }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      for byte in unwrapInboundIn(data).readableBytesView where byte == 0x03 {
        state.asked.continuation.yield()
        guard !state.isMute.withLock({ $0 }) else { continue }
        context.writeAndFlush(NIOAny(ByteBuffer(string: "\r\n=> ")), promise: nil)
      }
    }
  }
}
