import NIOCore
import Synchronization

/// An open stream of bytes to a console and back.
///
/// One task at a time receives; sends of several tasks do not mix. A link is to be closed by ``close()``.
public final class Link: Sendable {
  /// Where the console is.
  public let address: LinkAddress

  let wire: Wire
  let settings: LineSettings
  let sendLimit: TimeAmount
  /// How many bytes were ever given to the channel.
  let accepted: NIOLoopBoundBox<Int>
  let lastTicket = Atomic(0)
  private let closing = Mutex<EventLoopFuture<Void>?>(nil)

  /// Opens a link.
  ///
  /// A tty is opened for this process alone, set raw to `settings` before its first byte can be echoed, and emptied of
  /// what came before. A connection is given 5 s. The settings mean nothing to a socket; ``speed`` repeats theirs.
  ///
  /// - Parameter group: event loops of SwiftNIO's own; the link stays on one of them.
  /// - Throws: ``LinkError`` of any kind but `stalled`; its text tells what to do.
  public static func open(
    _ address: LinkAddress, settings: LineSettings, on group: any EventLoopGroup
  ) async throws(LinkError) -> Link {
    try await open(address, settings: settings, on: group, sendLimit: .seconds(5))
  }

  /// Opens a link whose peer may take no byte at all for `sendLimit` while there are some to send.
  static func open(
    _ address: LinkAddress, settings: LineSettings, on group: any EventLoopGroup, sendLimit: TimeAmount
  ) async throws(LinkError) -> Link {
    if Task.isCancelled { throw .cancelled(address) }
    let loop = group.next()
    let wire =
      switch address {
      case .tty(let path): try await TTYTransport.open(path, settings, on: loop)
      case .tcp(let host, let port): try await SocketTransport.open(host: host, port: port, on: loop)
      case .unix(let path): try await SocketTransport.open(path: path, on: loop)
      }
    return Link(address, wire, settings, sendLimit)
  }

  private init(_ address: LinkAddress, _ wire: Wire, _ settings: LineSettings, _ sendLimit: TimeAmount) {
    self.address = address
    self.wire = wire
    self.settings = settings
    self.sendLimit = sendLimit
    accepted = .makeBoxSendingValue(0, eventLoop: wire.channel.eventLoop)
  }

  deinit {
    // Ends a link that nobody closed; one that was closed is not disturbed.
    wire.channel.close(promise: nil)
  }

  /// Lets go of the console. A tty sends what is pending (waits at most 5 s) and gets its original settings back.
  ///
  /// May be called again, also while a first call is under way: each returns when the link is closed. Task
  /// cancellation does not stop it.
  public func close() async {
    let done = wire.channel.eventLoop.makePromise(of: Void.self)
    let earlier = closing.withLock { closing in
      defer { closing = closing ?? done.futureResult }
      return closing
    }
    if earlier == nil { await release() }
    done.succeed(())
    // Fails only when the event loops are shut down, and the link with them.
    try? await earlier?.get()
  }

  private func release() async {
    let (channel, inbox, address) = (wire.channel, wire.inbox, address)
    let closed = channel.eventLoop.flatSubmit {
      inbox.value.end(.closed(address))
      return channel.close()
    }
    // Fails where the peer has hung up: the channel closed itself then.
    try? await closed.get()
    await wire.control?.close()
  }
}
