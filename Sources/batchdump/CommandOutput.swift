import Foundation

/// Standard output and standard error, as commands write to them while they run: at once, and nothing twice.
enum CommandOutput {
  /// A line, or lines, to standard output.
  static func say(_ text: String) { write("\(text)\n", to: .standardOutput) }

  /// Text to standard error.
  static func tell(_ text: String) { write(text, to: .standardError) }

  /// A terminal that has gone must not end a command in the middle.
  private static func write(_ text: String, to file: FileHandle) { try? file.write(contentsOf: Data(text.utf8)) }

  /// A question on standard error. On a terminal it stays the last line: the next one, or an empty one, replaces it.
  static func ask(_ question: String) {
    guard isatty(STDERR_FILENO) == 1 else { return tell(question.isEmpty ? "" : "\(question)\n") }
    tell("\r\u{1B}[K\(question)")
  }

  /// Columns of standard output where it is a terminal.
  static var width: Int? {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// The time of day here, `15:04:05`.
  static var clock: String {
    var now = time(nil)
    var parts = tm()
    localtime_r(&now, &parts)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
  }
}
