import DumpEngine
import Foundation

/// The bytes that keep a board up to date on a terminal: its lines are painted over the lines before.
struct TerminalPainter: Sendable {
  /// Size of a terminal in characters.
  struct Size: Sendable, Equatable {
    var columns: Int
    var rows: Int
  }

  /// Shortest time between two paintings for progress alone, in seconds of the events' clock.
  private static let interval = 0.1

  private var board: SlotBoard
  private var paintedLines = 0
  /// What went wrong since the last painting.
  private var troubles: [String] = []
  private var paintedAt: Date?

  init(slots: [String]) {
    board = SlotBoard(slots: slots)
  }

  /// Takes an event; the text to send to the terminal, absent where the last painting is recent enough. What went wrong
  /// is told above the slots, where it stays: the slots only count it.
  ///
  /// Only what may come often is put off, and the next event or ``finish(size:)`` makes up for it; what is rare is
  /// painted at once, since nothing else may come for long.
  mutating func apply(_ event: SessionEvent, size: Size) -> String? {
    board.apply(event)
    if let trouble = ProgressLog.troubleLine(of: event) { troubles.append(trouble) }
    if event.isFrequent, let paintedAt, paintedAt <= event.time,
      event.time.timeIntervalSince(paintedAt) < Self.interval
    {
      return nil
    }
    paintedAt = event.time
    return paint(size)
  }

  /// The last painting, which stays on the screen.
  mutating func finish(size: Size) -> String { paint(size) }

  /// Lines that belong to no slot go above the board, which is painted again below them.
  mutating func note(_ lines: [String], size: Size) -> String {
    let isPainted = paintedLines > 0
    let text = above(lines)
    return isPainted ? text + paint(size) : text
  }

  /// Lines in place of the board, which is painted again below them.
  private mutating func above(_ lines: [String]) -> String {
    let up = paintedLines == 0 ? "\r" : "\r\u{1B}[\(paintedLines)A"
    paintedLines = 0
    return up + lines.map { "\($0)\u{1B}[K\n" }.joined()
  }

  private mutating func paint(_ size: Size) -> String {
    let told = troubles.isEmpty ? "" : above(troubles)
    troubles = []
    return told + paintBoard(size)
  }

  private mutating func paintBoard(_ size: Size) -> String {
    // The last column and the last row stay free, so that the terminal neither wraps nor scrolls on its own.
    let lines = board.lines(width: max(1, size.columns - 1), height: max(1, size.rows - 1))
    let up = paintedLines == 0 ? "\r" : "\r\u{1B}[\(paintedLines)A"
    paintedLines = lines.count
    return up + lines.map { "\($0)\u{1B}[K\n" }.joined() + "\u{1B}[J"
  }
}

extension SessionEvent {
  /// Whether such events may follow each other faster than an eye can.
  fileprivate var isFrequent: Bool {
    switch kind {
    case .progress, .proving, .trouble: true
    default: false
    }
  }
}
