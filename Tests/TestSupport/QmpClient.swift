import Foundation
import NIOCore
import NIOPosix

/// A connection to QEMU's control socket, which speaks QMP (QEMU documentation, "QEMU Machine Protocol
/// Specification"): one JSON object a line, answers in the order of the commands, events in between.
struct QmpClient: Sendable {
  private let channel: any Channel
  private let conversation: NIOLoopBound<QmpConversation>

  /// Connects and asks for command mode. QEMU may still be starting: the socket keeps what is sent until it reads.
  static func connect(path: String) async throws -> QmpClient {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(QmpConversation()) }
      }
      .connect(unixDomainSocketPath: path).get()
    let conversation = try await channel.eventLoop.submit {
      NIOLoopBound(
        try channel.pipeline.syncOperations.handler(type: QmpConversation.self), eventLoop: channel.eventLoop)
    }.get()
    return QmpClient(channel: channel, conversation: conversation)
  }

  /// Runs a command without arguments and returns when QEMU has answered and, where one is named, when `event` has
  /// come since. Throws `QmpError` where QEMU refuses or has gone.
  func execute(_ command: String, until event: String? = nil) async throws {
    try await channel.eventLoop.flatSubmit { conversation.value.execute(command, until: event) }.get()
  }

  /// Ends the connection.
  func close() async { try? await channel.close() }
}

/// A command that QEMU did not carry out.
struct QmpError: Error, CustomStringConvertible {
  var command: String
  var reason: String

  var description: String { "QEMU did not carry out '\(command)': \(reason)" }
}
