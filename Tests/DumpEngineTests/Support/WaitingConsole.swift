import Dispatch
import Foundation

@testable import DeviceSimulator

/// A console on a pseudo terminal that waits for a CR, prompts at ctrl-C from then on, and answers all else with a
/// character that nobody sent.
final class WaitingConsole {
  let path: String
  private let source: any DispatchSourceRead

  init() throws {
    let terminal = try PseudoTerminal()
    path = terminal.path
    let master = terminal.master
    source = DispatchSource.makeReadSource(fileDescriptor: master, queue: DispatchQueue(label: "console"))
    nonisolated(unsafe) var isConfirmed = false
    source.setEventHandler { @Sendable in
      var bytes = [UInt8](repeating: 0, count: 256)
      let count = read(master, &bytes, bytes.count)
      for byte in bytes.prefix(max(0, count)) {
        let isPrompt = byte == 0x0D || isConfirmed && byte == 0x03
        isConfirmed = isConfirmed || byte == 0x0D
        let answer = Array((isPrompt ? "\r\n=> " : "~").utf8)
        _ = write(master, answer, answer.count)
      }
    }
    source.setCancelHandler { @Sendable in terminal.close() }
    source.activate()
  }

  func stop() { source.cancel() }
}
