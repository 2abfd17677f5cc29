import NIOCore

/// The one timer of a line: it goes off once, and for nobody where the line is gone by then.
///
/// A callback, because the future of a scheduled task, which nobody asks for here, costs as much as the rest of it; and
/// one that may be sent, because the event loop puts any other into a wrapper and copies that about.
final class UnitTimer: NIOScheduledCallbackHandler, Sendable {
  private struct Setting {
    weak var line: UnitLine?
    var pending: NIOScheduledCallback?
    var action: (UnitLine) -> Void = { _ in }
  }

  private let eventLoop: any EventLoop
  private let setting: NIOLoopBoundBox<Setting>

  /// To be called on the event loop, like all else.
  init(of line: UnitLine, on eventLoop: any EventLoop) {
    self.eventLoop = eventLoop
    setting = NIOLoopBoundBox(Setting(line: line), eventLoop: eventLoop)
  }

  /// Does `action` with the line after `delay`, instead of what was to be done before.
  func set(_ delay: TimeAmount, _ action: @escaping (UnitLine) -> Void) {
    cancel()
    setting.value.action = action
    // It throws where the event loop ends, and all of its lines with it.
    setting.value.pending = try? eventLoop.scheduleCallback(in: delay, handler: self)
  }

  func cancel() {
    setting.value.pending?.cancel()
    setting.value.pending = nil
  }

  func handleScheduledCallback(eventLoop: some EventLoop) {
    // The event loop would look for it among the timers of all units if it were cancelled after that.
    setting.value.pending = nil
    let (line, action) = (setting.value.line, setting.value.action)
    if let line { action(line) }
  }
}
