import Foundation
import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import DeviceSimulator

@Suite("A paced bridge", .timeLimit(.minutes(2)))
struct PacedBridgeTests {
  @Test("connects when its tty is opened, and carries both ways at its speed")
  func connecting() async throws {
    try await withTemporaryFolder { folder in
      let device = try await EchoingDevice.listen(at: folder.file("socket"))
      let bridge = try await PacedBridge.start(
        .connecting(to: folder.file("socket")), path: folder.file("tty"), speed: 115_200)
      let sent = seededBytes(count: 2304, seed: 4)
      let seconds = try await withTerminal(bridge.path) { user in
        #expect(try await user.read(until: "hello") == "hello")
        await bridge.resetTraffic()
        let start = ContinuousClock.now
        try await user.send(sent)
        #expect(try await user.read(sent.count) == sent)
        return (ContinuousClock.now - start) / .seconds(1)
      }
      #expect(seconds >= Double(sent.count) * 10 / 115_200 - 0.004)
      let traffic = await bridge.traffic()
      #expect(traffic.toHost.bytes == sent.count)
      #expect(traffic.toDevice.bytes == sent.count)
      #expect(traffic.toHost.lineUse > 0)
      await bridge.stop()
      #expect(!FileManager.default.fileExists(atPath: folder.file("tty")))
      try await device.close().get()
    }
  }

  @Test("holds a sender without a speed back instead of losing characters")
  func backPressure() async throws {
    try await withTemporaryFolder { folder in
      let bridge = try await PacedBridge.start(
        .listening(at: folder.file("socket")), path: folder.file("tty"), speed: 921_600)
      let sent = seededBytes(count: 60_000, seed: 5)
      try await withTerminal(bridge.path, speed: 921_600) { user in
        let device = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
          .connect(unixDomainSocketPath: folder.file("socket")).get()
        try await device.writeAndFlush(ByteBuffer(bytes: sent)).get()
        #expect(try await user.read(sent.count) == sent)
        try await device.close().get()
        let rest = try await user.readToEnd()
        #expect(rest == [])
      }
      await bridge.untilClosed()
      #expect(await bridge.traffic().toHost.bytes == sent.count)
      #expect(await bridge.traffic().toHost.seconds >= Double(sent.count) * 10 / 921_600 - 0.01)
      await bridge.stop()
    }
  }

  @Test("a device that is not there hangs the line up")
  func nobody() async throws {
    try await withTemporaryFolder { folder in
      let bridge = try await PacedBridge.start(
        .connecting(to: folder.file("none")), path: folder.file("tty"), speed: 9600)
      // The line may hang up while it is being opened, which is refused then.
      let rest = try? await withTerminal(bridge.path, speed: 9600) { user in try await user.readToEnd() }
      #expect((rest ?? []) == [])
      await bridge.untilClosed()
      await bridge.stop()
    }
  }

  @Test("use of the line is bytes over what the time would have carried")
  func lineUse() {
    var traffic = LineTraffic(speed: 115_200)
    #expect(traffic.lineUse == 0)
    traffic.bytes = 5760
    traffic.seconds = 1
    #expect(traffic.lineUse == 0.5)
  }
}

/// A device that greets and then sends back what it gets.
private enum EchoingDevice {
  static func listen(at path: String) async throws -> any Channel {
    try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Echo()) }
      }
      .bind(unixDomainSocketPath: path).get()
  }

  private final class Echo: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func channelActive(context: ChannelHandlerContext) {
      context.writeAndFlush(NIOAny(ByteBuffer(string: "hello")), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      context.writeAndFlush(data, promise: nil)
    }
  }
}
