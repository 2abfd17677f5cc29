import NIOCore
import NIOPosix

/// Where a unit's adapter is plugged in: gives the unit a pty, and another one after that was pulled.
final class AdapterSocket: Sendable {
  private let line: NIOLoopBound<UnitLine>
  private let eventLoop: any EventLoop
  private let watcher: OpenWatcher

  init(_ line: NIOLoopBound<UnitLine>, on eventLoop: any EventLoop, _ watcher: OpenWatcher) {
    self.line = line
    self.eventLoop = eventLoop
    self.watcher = watcher
  }

  /// Does something with the unit's line, on its event loop.
  func onLine<Value: Sendable>(_ body: @escaping @Sendable (UnitLine) -> Value) async -> Value? {
    let line = line
    return try? await eventLoop.submit { body(line.value) }.get()
  }

  /// Puts the unit on a new pty to which its link leads. Waits for one that is being pulled to be gone; throws where
  /// one is plugged in.
  func plugIn() async throws {
    if let leaving = await onLine({ $0.leaving }) ?? nil { try? await leaving.get() }
    let terminal = try PseudoTerminal()
    guard await onLine({ $0.attach(terminal) }) == true else {
      terminal.close()
      throw SimulatorError("a unit is plugged in already, or was stopped; plug in one whose adapter is gone")
    }
    let channel = try await connect(terminal)
    do {
      try await publish(channel, terminal)
    } catch {
      try? await channel.close().get()
      throw error
    }
  }

  /// Hands the master to a channel; both ends of the pty close with it.
  private func connect(_ terminal: PseudoTerminal) async throws -> any Channel {
    let line = line
    do {
      let channel = try await NIOPipeBootstrap(group: eventLoop)
        .channelOption(.writeBufferWaterMark, value: ChannelOptions.Types.WriteBufferWaterMark(low: 4096, high: 16384))
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(line.value)
          }
        }
        .takingOwnershipOfDescriptor(inputOutput: terminal.master).get()
      channel.closeFuture.whenComplete { _ in terminal.closeSlave() }
      return channel
    } catch {
      _ = await onLine { $0.detach() }
      terminal.close()
      throw error
    }
  }

  /// Watches the tty and gives it its name.
  private func publish(_ channel: any Channel, _ terminal: PseudoTerminal) async throws {
    let (line, watcher) = (line, watcher)
    try await eventLoop.submit {
      let watch = try watcher.watch(terminal.path) { [weak line = line.value] opens, closes in
        line?.usersChanged(opens: opens, closes: closes)
      }
      channel.closeFuture.whenComplete { _ in watcher.unwatch(watch) }
      try terminal.publish(as: line.value.link)
    }.get()
  }
}
