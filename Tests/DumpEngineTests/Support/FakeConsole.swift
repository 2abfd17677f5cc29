import NIOCore
import NIOPosix

/// A console that misbehaves, behind a unix socket.
final class FakeConsole: Sendable {
  /// How it misbehaves.
  enum Habit: Sendable {
    /// Sends these bytes for ever, from the start.
    case endless([UInt8])
    /// Sends these bytes once and says nothing more.
    case says([UInt8])
    /// Sends back what it is sent, and nothing else.
    case echoes
    /// Closes when it is sent anything.
    case closes
    /// Prints its prompt at each ctrl-C; when a line is entered, or else is typed, sends these bytes for ever.
    case prompts(whenTyped: [UInt8], atOnce: Bool)
  }

  private let channel: any Channel
  private let group: MultiThreadedEventLoopGroup

  private init(_ channel: any Channel, _ group: MultiThreadedEventLoopGroup) {
    self.channel = channel
    self.group = group
  }

  static func start(_ habit: Habit, path: String) async throws -> FakeConsole {
    // A thread of its own: who prints without end lets nobody else at it.
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let channel = try await ServerBootstrap(group: group)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Handler(habit))
        }
      }.bind(unixDomainSocketPath: path).get()
    return FakeConsole(channel, group)
  }

  func stop() async {
    try? await channel.close().get()
    try? await group.shutdownGracefully()
  }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let habit: Habit
    private var isFlooding = false
    private var isClosed = false

    init(_ habit: Habit) { self.habit = habit }

    func channelActive(context: ChannelHandlerContext) {
      switch habit {
      case .endless(let bytes): flood(bytes, context)
      case .says(let bytes): send(bytes, context)
      default: break
      }
    }

    func channelInactive(context: ChannelHandlerContext) { isClosed = true }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let bytes = Array(unwrapInboundIn(data).readableBytesView)
      switch habit {
      case .endless, .says: break
      case .echoes: send(bytes, context)
      case .closes: context.close(promise: nil)
      case .prompts(let typed, let atOnce):
        for byte in bytes {
          if byte == 0x03 {
            send(Array("\r\n=> ".utf8), context)
          } else if atOnce || byte == 0x0D || byte == 0x0A {
            if !typed.isEmpty { flood(typed, context) }
          } else {
            send([byte], context)
          }
        }
      }
    }

    private func send(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
      context.writeAndFlush(NIOAny(ByteBuffer(bytes: bytes)), promise: nil)
    }

    /// Each piece waits until the one before it is gone: an endless peer is held back by its reader, too.
    private func flood(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
      guard !isFlooding else { return }
      isFlooding = true
      pump(ByteBuffer(bytes: bytes), NIOLoopBound(self, eventLoop: context.eventLoop), context.channel)
    }

    private func pump(_ piece: ByteBuffer, _ handler: NIOLoopBound<Handler>, _ channel: any Channel) {
      channel.writeAndFlush(piece).whenSuccess {
        channel.eventLoop.execute {
          if !handler.value.isClosed { handler.value.pump(piece, handler, channel) }
        }
      }
    }
  }
}
