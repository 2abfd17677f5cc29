import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import SerialLink

/// The kinds of link that exist.
enum Transport: String, CaseIterable, Sendable {
  case tty, tcp, unix
}

/// A link and its far end.
struct Bench: Sendable {
  static let loops = MultiThreadedEventLoopGroup(numberOfThreads: 2)

  let link: Link
  let far: FarEnd

  /// Opens a link of a kind.
  static func open(
    _ transport: Transport, speed: Int = 115_200, sendLimit: TimeAmount = .seconds(20)
  ) async throws -> Bench {
    let settings = LineSettings(speed: speed)
    switch transport {
    case .tty:
      let (far, path) = try FarEnd.pseudoTerminal()
      return Bench(link: try await openLink(.tty(path: path), settings, sendLimit: sendLimit), far: far)
    case .tcp:
      let (listener, port) = try Listener.tcp()
      let link = try await openLink(.tcp(host: "127.0.0.1", port: port), settings, sendLimit: sendLimit)
      defer { listener.stop() }
      return Bench(link: link, far: try await listener.accept())
    case .unix:
      let path = NSTemporaryDirectory() + "link-\(UUID().uuidString)"
      let listener = try Listener.unix(path: path)
      defer { unlink(path) }
      let link = try await openLink(.unix(path: path), settings, sendLimit: sendLimit)
      defer { listener.stop() }
      return Bench(link: link, far: try await listener.accept())
    }
  }

  static func openLink(
    _ address: LinkAddress, _ settings: LineSettings = LineSettings(speed: 115_200),
    sendLimit: TimeAmount = .seconds(20)
  ) async throws(LinkError) -> Link {
    try await Link.open(address, settings: settings, on: loops, sendLimit: sendLimit)
  }

  /// How many bytes wait in the link.
  func heldCount() async throws -> Int {
    let inbox = link.wire.inbox
    return try await link.wire.channel.eventLoop.submit { inbox.value.count }.get()
  }

  /// Returns once that many bytes wait in the link.
  func holding(_ count: Int) async throws {
    let deadline = ContinuousClock.now + .seconds(20)
    var held = try await heldCount()
    while held < count {
      try #require(ContinuousClock.now < deadline, "only \(held) of \(count) bytes came")
      held = try await heldCount()
    }
  }

  /// Returns once a reader waits.
  func waiting() async throws {
    let (inbox, loop) = (link.wire.inbox, link.wire.channel.eventLoop)
    let deadline = ContinuousClock.now + .seconds(20)
    while try await !loop.submit({ inbox.value.hasReader }).get() {
      try #require(ContinuousClock.now < deadline, "nobody came to read")
    }
  }

  /// Returns when the link's event loop has done all that was ready to do.
  static func loopTurn(of link: Link) async throws {
    try await link.wire.channel.eventLoop.submit {}.get()
  }

  /// Receives exactly `count` bytes.
  func receive(_ count: Int) async throws -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      bytes += try #require(try await link.receive(within: .seconds(20)), "nothing came after \(bytes.count) bytes")
    }
    return bytes
  }

  func close() async {
    await link.close()
    far.hangUp()
  }
}

/// Bytes as text with control characters visible.
func readable(_ bytes: [UInt8]) -> String {
  bytes.map { byte in
    switch byte {
    case 0x0D: "\\r"
    case 0x0A: "\\n"
    case 0x20...0x7E: String(UnicodeScalar(byte))
    default: "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
  }.joined()
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// The error that `body` throws.
func failure<Value>(of body: () async throws(LinkError) -> Value) async -> LinkError? {
  do throws(LinkError) {
    _ = try await body()
    return nil
  } catch {
    return error
  }
}
