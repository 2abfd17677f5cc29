import Foundation
import NIOCore
import Testing

@testable import SerialLink

@Suite("A socket that cannot be reached is refused with what to do", .timeLimit(.minutes(1)))
struct SocketTests {
  static func refusal(_ address: LinkAddress) async -> LinkError? {
    await failure { () throws(LinkError) in try await Bench.openLink(address) }
  }

  static func temporaryPath() -> String { NSTemporaryDirectory() + "socket-\(UUID().uuidString)" }

  @Test("a port where nobody listens")
  func refused() async throws {
    let (listener, port) = try Listener.tcp()
    listener.stop()
    // By number: a bare system may know no name, not even localhost.
    let error = await Self.refusal(.tcp(host: "127.0.0.1", port: port))
    #expect(error?.kind == .unreachable)
    #expect(
      error?.description == "tcp://127.0.0.1:\(port) refuses connections: nothing listens there; "
        + "start the console server or check the port")
  }

  @Test("a port that cannot exist", arguments: [0, -1, 65_536])
  func badPort(port: Int) async {
    let error = await Self.refusal(.tcp(host: "localhost", port: port))
    #expect(error?.message == "has a port that does not exist: ports are 1 to 65535")
  }

  @Test("a host that nobody knows")
  func unknownHost() async {
    let error = await Self.refusal(.tcp(host: "no such host.invalid", port: 7))
    #expect(error?.kind == .unreachable)
    #expect(error?.message == "cannot be reached: no host of the name no such host.invalid is known; check the name")
  }

  @Test("a socket that is not there, is left over, is none, or has too long a path")
  func unixRefusals() async throws {
    let missing = Self.temporaryPath()
    #expect(await Self.refusal(.unix(path: missing)) == .absent(.unix(path: missing)))

    let leftOver = Self.temporaryPath()
    try Listener.unix(path: leftOver).stop()
    let abandoned = await Self.refusal(.unix(path: leftOver))
    #expect(abandoned?.kind == .unreachable)
    #expect(abandoned?.message == "has nobody listening: the program that made it has ended; start it again")
    unlink(leftOver)

    let file = Self.temporaryPath()
    try Data().write(to: URL(fileURLWithPath: file))
    #expect(
      await Self.refusal(.unix(path: file))?.message == "is a regular file, not a socket: correct the path")
    unlink(file)

    let long = "/tmp/" + String(repeating: "x", count: 108)
    #expect(
      await Self.refusal(.unix(path: long))?.message
        == "has a path that is too long for a socket: 107 bytes are the limit")
  }

  @Test("a connection that does not come about ends with the task")
  func cancelled() async throws {
    // The queue of a listener that never accepts has room for one; who comes later gets no answer.
    let (listener, port) = try Listener.tcp(backlog: 0)
    let early = try await Bench.openLink(.tcp(host: "127.0.0.1", port: port))
    for turns in 0..<20 {
      let connecting = Task { await Self.refusal(.tcp(host: "127.0.0.1", port: port)) }
      // Cancelled wherever it has got to: not begun, begun, or waiting.
      for _ in 0..<turns { try await Bench.loopTurn(of: early) }
      connecting.cancel()
      #expect(await connecting.value?.kind == .cancelled)
    }
    await early.close()
    listener.stop()
  }

  @Test("a peer that never accepts takes what fits and is silent")
  func neverAccepted() async throws {
    let (listener, port) = try Listener.tcp()
    let link = try await Bench.openLink(.tcp(host: "127.0.0.1", port: port), sendLimit: .milliseconds(50))
    try await link.send(bytes("\r"))
    #expect(try await link.receive(within: .milliseconds(1)) == nil)
    let stuck = await failure { () throws(LinkError) in try await link.send([UInt8](repeating: 0, count: 32 << 20)) }
    #expect(stuck?.kind == .stalled)
    await link.close()
    listener.stop()
  }

  @Test("a TCP link notices within seconds that its peer is gone")
  func options() async throws {
    let bench = try await Bench.open(.tcp)
    let channel = bench.link.wire.channel
    for option in SocketTransport.options {
      #expect(try await channel.getOption(.tcpOption(option.name)).get() == option.value)
    }
    #expect(try await channel.getOption(.socketOption(.so_keepalive)).get() != 0)
    await bench.close()
  }

  static let causes: [(any Error & Sendable, LinkError.Kind, String)] = [
    (IOError(errnoCode: EHOSTUNREACH, reason: ""), .unreachable, "cannot be reached: No route to host (errno 113)"),
    (ChannelError.connectTimeout(.seconds(5)), .unreachable, "does not answer within 5 s"),
    (IOError(errnoCode: ETIMEDOUT, reason: ""), .unreachable, "does not answer within 5 s"),
    (ChannelError.operationUnsupported, .unreachable, "cannot be reached: "),
  ]

  @Test("why a connection did not come about", arguments: causes)
  func connecting(cause: any Error & Sendable, kind: LinkError.Kind, start: String) {
    let error = LinkError.unreachable(.tcp(host: "server", port: 4001), cause)
    #expect(error.kind == kind)
    #expect(error.message.hasPrefix(start), "\(error)")
  }

  static let breaks: [(any Error & Sendable, LinkError.Kind, String)] = [
    (IOError(errnoCode: EIO, reason: ""), .hungUp, "hung up: the other end closed the connection"),
    (IOError(errnoCode: ECONNRESET, reason: ""), .hungUp, "hung up: the other end closed the connection"),
    (IOError(errnoCode: EPIPE, reason: ""), .hungUp, "hung up: the other end closed the connection"),
    (IOError(errnoCode: ETIMEDOUT, reason: ""), .hungUp, "hung up: the other end has not answered for seconds"),
    (ChannelError.ioOnClosedChannel, .hungUp, "hung up: the other end closed the connection"),
    (IOError(errnoCode: ENOMEM, reason: ""), .system, "cannot be used any longer: Cannot allocate memory (errno 12)"),
    (ChannelError.operationUnsupported, .system, "cannot be used any longer: "),
  ]

  @Test("why a connection broke", arguments: breaks)
  func breaking(cause: any Error & Sendable, kind: LinkError.Kind, start: String) {
    let error = LinkError.broken(.tcp(host: "server", port: 4001), cause)
    #expect(error.kind == kind)
    #expect(error.message.hasPrefix(start), "\(error)")
  }

  @Test("addresses read as a manifest writes them")
  func addresses() {
    let table: [(LinkAddress, String)] = [
      (.tty(path: "/dev/ttyUSB0"), "/dev/ttyUSB0"), (.tcp(host: "server", port: 4001), "tcp://server:4001"),
      (.tcp(host: "::1", port: 4001), "tcp://[::1]:4001"), (.unix(path: "/run/console"), "unix:/run/console"),
    ]
    for (address, text) in table { #expect(address.description == text) }
  }
}
