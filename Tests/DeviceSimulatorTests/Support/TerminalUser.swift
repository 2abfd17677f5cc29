import CSerial
import DeviceSimulator
import Glibc
import NIOCore
import NIOPosix
import TestSupport

/// Somebody who has a unit's tty open: raw at a speed, bytes in, bytes out.
struct TerminalUser {
  private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
  private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
  private var unread: [UInt8] = []

  fileprivate init(
    _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
  ) {
    self.inbound = inbound.makeAsyncIterator()
    self.outbound = outbound
  }

  func send(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }

  func send(_ bytes: [UInt8]) async throws { try await outbound.write(ByteBuffer(bytes: bytes)) }

  /// Everything up to and with the first `text`.
  mutating func read(until text: String) async throws -> String {
    let wanted = Array(text.utf8)
    while true {
      if let range = unread.firstRange(of: wanted) {
        defer { unread.removeSubrange(..<range.upperBound) }
        return String(decoding: unread[..<range.upperBound], as: UTF8.self)
      }
      guard try await readMore() else {
        throw TerminalEnded(expected: ReadableBytes(wanted), received: ReadableBytes(unread))
      }
    }
  }

  /// Exactly `count` bytes.
  mutating func read(_ count: Int) async throws -> [UInt8] {
    while unread.count < count {
      guard try await readMore() else {
        throw TerminalEnded(expected: ReadableBytes("\(count) bytes"), received: ReadableBytes(unread))
      }
    }
    defer { unread.removeSubrange(..<count) }
    return Array(unread[..<count])
  }

  /// All that comes until the tty hangs up.
  mutating func readToEnd() async throws -> [UInt8] {
    while try await readMore() {}
    return unread
  }

  private mutating func readMore() async throws -> Bool {
    guard let piece = try await inbound.next() else { return false }
    unread += piece.readableBytesView
    return true
  }
}

/// A tty that hung up before what was expected came.
struct TerminalEnded: Error {
  var expected: ReadableBytes
  var received: ReadableBytes
}

/// A tty that cannot be opened or set.
struct TerminalRefused: Error {
  var path: String
  var code: CInt
}

/// Opens the tty at `path` for as long as `body` runs.
func withTerminal<Output: Sendable>(
  _ path: String, speed: UInt32 = 115_200, _ body: (inout TerminalUser) async throws -> Output
) async throws -> Output {
  let descriptor = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
  guard descriptor >= 0 else { throw TerminalRefused(path: path, code: errno) }
  let code = cserial_set_raw(descriptor, speed, 8, CChar(UInt8(ascii: "N")), 1)
  guard code == 0 else { throw TerminalRefused(path: path, code: -code) }
  let channel = try await NIOPipeBootstrap(group: MultiThreadedEventLoopGroup.singleton)
    .takingOwnershipOfDescriptor(inputOutput: descriptor) { channel in
      channel.eventLoop.makeCompletedFuture {
        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
      }
    }
  return try await channel.executeThenClose { inbound, outbound in
    var user = TerminalUser(inbound, outbound)
    return try await body(&user)
  }
}

/// Runs a host in a folder of its own for as long as `body` runs.
func withHost<Output: Sendable>(_ body: (SimulatorHost) async throws -> Output) async throws -> Output {
  try await withTemporaryFolder { folder in
    let host = try await SimulatorHost(folder: folder.path)
    do {
      let output = try await body(host)
      await host.stop()
      return output
    } catch {
      await host.stop()
      throw error
    }
  }
}
