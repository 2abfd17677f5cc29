import DumpEngine
import DumpReport
import Foundation

/// Shows a batch's events to a person: lines that are painted in place on a terminal, plain lines anywhere else.
public struct TextProgress: Sendable {
  private enum Form {
    case painted(TerminalPainter)
    case plain(ProgressLog)
  }

  private var form: Form
  private let output: Int32

  /// Progress on a descriptor, standard output unless said otherwise. Whether it is a terminal decides the form.
  public init(slots: [String], output: Int32 = STDOUT_FILENO) {
    self.output = output
    let canPaint = isatty(output) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    form = canPaint ? .painted(TerminalPainter(slots: slots)) : .plain(ProgressLog())
  }

  /// Shows what has happened. Blocks while the output takes no more.
  public mutating func show(_ event: SessionEvent) {
    switch form {
    case .painted(var painter):
      let text = painter.apply(event, size: size)
      form = .painted(painter)
      if let text { write(text) }
    case .plain(var log):
      let lines = log.lines(for: event)
      form = .plain(log)
      if !lines.isEmpty { write(lines.map { "\($0)\n" }.joined()) }
    }
  }

  /// Shows a text that belongs to no slot; its lines stay on the screen.
  public mutating func note(_ text: String) {
    let lines = text.split(separator: "\n").map { SafeText($0, limit: 1000).description }
    switch form {
    case .painted(var painter):
      write(painter.note(lines, size: size))
      form = .painted(painter)
    case .plain:
      write(lines.map { "batchdump: \($0)\n" }.joined())
    }
  }

  /// Shows the last state, which stays on the screen.
  public mutating func finish() {
    guard case .painted(var painter) = form else { return }
    write(painter.finish(size: size))
    form = .painted(painter)
  }

  /// The terminal's size now, 80 columns of 24 rows where it tells none.
  private var size: TerminalPainter.Size {
    var size = winsize()
    guard ioctl(output, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
      return TerminalPainter.Size(columns: 80, rows: 24)
    }
    return TerminalPainter.Size(columns: Int(size.ws_col), rows: Int(size.ws_row))
  }

  /// Writes a text. A reader that has gone must not end a dump, so failures end only the showing of this text.
  private func write(_ text: String) {
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
      let written = bytes.withUnsafeBytes { Glibc.write(output, $0.baseAddress! + done, bytes.count - done) }
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { return }
      done += written
    }
  }
}
