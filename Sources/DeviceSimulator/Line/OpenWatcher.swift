import Glibc
import NIOCore
import NIOPosix

/// Tells when users open and close ttys, by inotify on their device nodes.
///
/// What a unit prints while nobody has its tty open is lost, as on a real line; a pty by itself would keep it for
/// whoever comes next.
final class OpenWatcher: Sendable {
  /// Called on `eventLoop` with all opens and closes that are known by then and were not told before.
  ///
  /// They come together because a close may be heard of only when the next user has the tty open already.
  typealias Observer = (_ opens: Int, _ closes: Int) -> Void

  fileprivate static let closing = UInt32(IN_CLOSE_WRITE) | UInt32(IN_CLOSE_NOWRITE)

  private let descriptor: CInt
  private let channel: any Channel
  private let observers: NIOLoopBound<ObserverTable>

  init(on eventLoop: any EventLoop) async throws {
    let descriptor = inotify_init1(CInt(IN_NONBLOCK | IN_CLOEXEC))
    guard descriptor >= 0 else { throw SimulatorError("cannot watch ttys with inotify", code: errno) }
    self.descriptor = descriptor
    let observers = try await eventLoop.submit { NIOLoopBound(ObserverTable(), eventLoop: eventLoop) }.get()
    self.observers = observers
    channel = try await NIOPipeBootstrap(group: eventLoop)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(OpenEventHandler(observers.value))
        }
      }
      .takingOwnershipOfDescriptor(input: descriptor).get()
  }

  /// Watches the node at `path`. To be called on the event loop.
  func watch(_ path: String, _ observer: @escaping Observer) throws -> CInt {
    let watch = inotify_add_watch(descriptor, path, UInt32(IN_OPEN) | Self.closing)
    guard watch >= 0 else { throw SimulatorError("cannot watch \(path)", code: errno) }
    observers.value.byWatch[watch] = observer
    return watch
  }

  /// Ends a watch. To be called on the event loop.
  func unwatch(_ watch: CInt) {
    guard observers.value.byWatch.removeValue(forKey: watch) != nil else { return }
    inotify_rm_watch(descriptor, watch)
  }

  func stop() async { try? await channel.close().get() }
}

private final class ObserverTable {
  var byWatch: [CInt: OpenWatcher.Observer] = [:]
}

/// Takes inotify's records apart: watch, mask, cookie, length of a name, name (inotify(7)).
private final class OpenEventHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let table: ObserverTable
  private var untold: [CInt: (opens: Int, closes: Int)] = [:]

  init(_ table: ObserverTable) { self.table = table }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var buffer = unwrapInboundIn(data)
    while let watch = buffer.readInteger(endianness: .host, as: CInt.self),
      let mask = buffer.readInteger(endianness: .host, as: UInt32.self),
      buffer.readInteger(endianness: .host, as: UInt32.self) != nil,
      let nameLength = buffer.readInteger(endianness: .host, as: UInt32.self)
    {
      buffer.moveReaderIndex(forwardBy: min(Int(nameLength), buffer.readableBytes))
      if mask & UInt32(IN_OPEN) != 0 { untold[watch, default: (0, 0)].opens += 1 }
      if mask & OpenWatcher.closing != 0 { untold[watch, default: (0, 0)].closes += 1 }
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    defer { untold = [:] }
    for (watch, changes) in untold { table.byWatch[watch]?(changes.opens, changes.closes) }
  }
}
