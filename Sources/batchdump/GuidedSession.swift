import AdapterList
import Dispatch
import Foundation
import Udev

/// A person who plugs adapters in, and a prompt that follows.
struct GuidedSession {
  private let monitor: AdapterMonitor
  private let start: GuidedNumbering

  /// Begins to watch; names begin with `prefix`.
  init(prefix: String) throws(UdevError) {
    monitor = try AdapterMonitor(log: { CommandOutput.tell("\($0)\n") })
    start = GuidedNumbering(prefix: prefix, plugged: try Adapters.present())
  }

  /// Asks for one adapter after another, until Enter, ctrl-D or ctrl-C.
  func run() async -> GuidedNumbering {
    CommandOutput.tell(start.introduction)
    CommandOutput.ask(start.prompt)
    let numbering = await withTaskGroup(of: GuidedNumbering?.self) { group in
      group.addTask { await follow() }
      group.addTask {
        await Interrupts.next()
        return nil
      }
      group.addTask {
        await EnterKey.next()
        return nil
      }
      var latest = start
      for await ended in group {
        if let ended { latest = ended }
        group.cancelAll()
      }
      return latest
    }
    CommandOutput.ask("")
    return numbering
  }

  private func follow() async -> GuidedNumbering {
    var numbering = start
    for await event in monitor.events {
      let notes = numbering.take(event)
      guard !notes.isEmpty else { continue }
      CommandOutput.ask("")
      CommandOutput.tell(notes.map { "\($0)\n" }.joined())
      CommandOutput.ask(numbering.prompt)
    }
    return numbering
  }
}

/// What a person types to end something.
enum EnterKey {
  /// Returns at the next line of standard input, or at its end.
  static func next() async {
    // Of files, and of /dev/null, nobody is told by an event: they are always ready.
    var ready = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    guard poll(&ready, 1, 0) == 0 else { return take() }
    let (lines, line) = AsyncStream<Void>.makeStream()
    let source = DispatchSource.makeReadSource(fileDescriptor: STDIN_FILENO, queue: .global())
    source.setEventHandler {
      take()
      line.finish()
    }
    source.activate()
    for await _ in lines {}
    source.cancel()
  }

  /// Takes it away, so that the shell does not get it afterwards.
  private static func take() {
    var bytes = [UInt8](repeating: 0, count: 4096)
    _ = read(STDIN_FILENO, &bytes, bytes.count)
  }
}
