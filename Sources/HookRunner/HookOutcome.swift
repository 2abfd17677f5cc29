/// What came of a hook.
public struct HookOutcome: Sendable, Hashable, CustomStringConvertible {
  /// How a hook ended.
  public enum Ending: Sendable, Hashable {
    /// By itself, with this exit code.
    case exited(code: Int32)
    /// By a signal that nobody here sent.
    case signalled(Int32)
    /// It never ran; `reason` tells a person why.
    case notStarted(reason: String)
    /// It was ended since it took longer than its limit.
    case timedOut
    /// It was ended, or not begun, since the task was cancelled.
    case cancelled
  }

  /// What was run.
  public let command: HookCommand
  /// How it ended.
  public let ending: Ending
  /// The last bytes, at most 4,096, of what it printed to its standard output and error, as they came.
  public let output: [UInt8]

  /// Whether it ran to its end and found all well.
  public var succeeded: Bool { ending == .exited(code: 0) }

  /// One sentence for people, without an end: what was run, what came of it and the last line that it printed. Safe for
  /// a terminal.
  public var description: String {
    let line = lastLine.isEmpty ? "" : "; its last line: \(lastLine)"
    return "hook `\(PrintableText(command.arguments.joined(separator: " "), limit: 200))` \(endingText)\(line)"
  }

  /// The last line of the output that is not blank, safe for a terminal, at most 200 characters; else empty.
  public var lastLine: String {
    let isLineEnd = { (byte: UInt8) in byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }
    let lines = output.split(whereSeparator: isLineEnd)
    let line = lines.last { $0.contains { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") } } ?? []
    return PrintableText(String(decoding: line, as: UTF8.self), limit: 200).description
  }

  private var endingText: String {
    switch ending {
    case .exited(0): "succeeded"
    case .exited(let code): "failed with exit code \(code)"
    case .signalled(let number): "was ended by signal \(number)"
    case .notStarted(let reason): "could not be started: \(reason)"
    case .timedOut: "was stopped since it took longer than \(command.limit)"
    case .cancelled: "was stopped before its end"
    }
  }
}
