import Foundation
import NIOCore

/// The state of one QMP connection, on its event loop.
final class QmpConversation: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  /// A command on its way.
  private struct Command {
    var name: String
    var done: EventLoopPromise<Void>
    var isAnswered = false
    /// The event still to come.
    var event: String?

    var isDone: Bool { isAnswered && event == nil }
    func fail(_ reason: String) { done.fail(QmpError(command: name, reason: reason)) }
  }

  private var context: ChannelHandlerContext?
  private var received = ByteBuffer()
  private var commands: [Command] = []

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelActive(context: ChannelHandlerContext) {
    // Without this QEMU refuses all else. Should it refuse this, then the command that follows will tell.
    _ = execute("qmp_capabilities", until: nil)
  }

  /// Sends a command; done when it is answered and `event`, where there is one, has come.
  func execute(_ name: String, until event: String?) -> EventLoopFuture<Void> {
    guard let context else { preconditionFailure("\(name) before the connection or after its end") }
    let command = Command(name: name, done: context.eventLoop.makePromise(), event: event)
    guard context.channel.isActive else {
      command.fail("it has ended")
      return command.done.futureResult
    }
    // Noted before it is sent: QEMU may tell the event before it answers.
    commands.append(command)
    let line = ByteBuffer(string: #"{"execute":"\#(name)"}"# + "\n")
    context.writeAndFlush(NIOAny(line), promise: nil)
    return command.done.futureResult
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var piece = unwrapInboundIn(data)
    received.writeBuffer(&piece)
    while let end = received.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) {
      let line = received.readBytes(length: end - received.readerIndex + 1) ?? []
      do {
        take(try JSONDecoder().decode(QmpMessage.self, from: Data(line)))
      } catch {
        abandonAll("a line came that is not QMP: \(ReadableBytes(line))")
      }
    }
  }

  func channelInactive(context: ChannelHandlerContext) { abandonAll("it has ended") }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    abandonAll("\(error)")
    context.close(promise: nil)
  }

  private func take(_ message: QmpMessage) {
    if let event = message.event {
      for index in commands.indices where commands[index].event == event { commands[index].event = nil }
    } else if let index = commands.firstIndex(where: { !$0.isAnswered }), message.isAnswer {
      commands[index].isAnswered = true
      if let refusal = message.error { return commands.remove(at: index).fail(refusal.desc) }
    }
    for command in commands where command.isDone { command.done.succeed() }
    commands.removeAll(where: \.isDone)
  }

  private func abandonAll(_ reason: String) {
    let failed = commands
    commands = []
    for command in failed { command.fail(reason) }
  }
}

/// A line from QEMU: the greeting (none of these), an answer or an event.
private struct QmpMessage: Decodable {
  struct Refusal: Decodable { var desc: String }
  struct Anything: Decodable {
    init(from decoder: any Decoder) {}
  }

  var event: String?
  var error: Refusal?
  var `return`: Anything?

  var isAnswer: Bool { error != nil || `return` != nil }
}
