import NIOCore
import NIOPosix

/// What a transport hands over once it is open: where bytes go, where they come to rest, and the line, if there is one.
struct Wire: Sendable {
  let channel: any Channel
  let inbox: NIOLoopBoundBox<Inbox>
  let control: (any LineControl)?
}

extension Wire {
  /// How much one read may bring. Few reads in a row are made, so that an ``Inbox`` ends little above its mark.
  static let receiveBuffer = FixedSizeRecvByteBufferAllocator(capacity: 16 * 1024)

  /// An inbox for a channel that will live on `loop`.
  static func makeInbox(for address: LinkAddress, on loop: any EventLoop) -> NIOLoopBoundBox<Inbox> {
    .makeBoxSendingValue(Inbox(address: address), eventLoop: loop)
  }

  /// Puts the inbox into a channel before its first byte is read. It alone says when there is to be a read.
  static func install(_ inbox: NIOLoopBoundBox<Inbox>) -> @Sendable (any Channel) -> EventLoopFuture<Void> {
    { channel in
      channel.eventLoop.makeCompletedFuture {
        try channel.syncOptions?.setOption(.autoRead, value: false)
        try channel.pipeline.syncOperations.addHandler(inbox.value)
      }
    }
  }
}
