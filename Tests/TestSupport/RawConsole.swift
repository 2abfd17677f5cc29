import NIOCore
import NIOPosix

/// A person at a console: bytes out, bytes in, nothing understood. For tests of the bench itself; it shares no code
/// with the links that it is there to test.
public struct RawConsole {
  private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
  private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
  private var unread: [UInt8] = []

  fileprivate init(
    _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
  ) {
    self.inbound = inbound.makeAsyncIterator()
    self.outbound = outbound
  }

  /// Sends a text as it is.
  public func send(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }

  /// Everything from what was read last up to the first `text`, itself included.
  ///
  /// Waits as long as it takes: a test limits its time by a trait. Throws `ConsoleEnded` when the other side has gone
  /// or the task is cancelled.
  public mutating func read(until text: String) async throws -> String {
    let wanted = Array(text.utf8)
    var searched = 0
    while true {
      if let range = unread[searched...].firstRange(of: wanted) {
        let read = unread[..<range.upperBound]
        unread = Array(unread[range.upperBound...])
        return String(decoding: read, as: UTF8.self)
      }
      searched = max(0, unread.count - wanted.count + 1)
      guard let piece = try await nextPiece() else {
        throw ConsoleEnded(expected: ReadableBytes(wanted), received: ReadableBytes(unread))
      }
      unread += piece.readableBytesView
    }
  }

  /// Absent where the console has ended or the task is cancelled: a test out of time shall tell what it had read.
  private mutating func nextPiece() async throws -> ByteBuffer? {
    do {
      return try await inbound.next()
    } catch is CancellationError {
      return nil
    }
  }
}

/// A console that ended before it printed what was expected.
public struct ConsoleEnded: Error, CustomStringConvertible {
  /// What was waited for.
  public var expected: ReadableBytes
  /// What had come since the last match.
  public var received: ReadableBytes

  /// Both, on two lines.
  public var description: String {
    "the console ended or the test was cancelled before '\(expected)' came; it had printed:\n\(received)"
  }
}

/// Connects to the console at a unix socket for as long as `body` runs.
public func withRawConsole<Output: Sendable>(
  at path: String, _ body: (inout RawConsole) async throws -> Output
) async throws -> Output {
  let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
    .connect(unixDomainSocketPath: path) { channel in
      channel.eventLoop.makeCompletedFuture {
        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
      }
    }
  return try await channel.executeThenClose { inbound, outbound in
    var console = RawConsole(inbound, outbound)
    return try await body(&console)
  }
}
