import ConsoleDialect
import PositionedDocument

/// What a command that a manifest names may be.
enum CommandRule {
  /// Why `command` is refused, if it is.
  static func objection(to command: String) -> String? {
    if command.allSatisfy({ $0 == " " }) { return "the command is empty" }
    guard let control = command.unicodeScalars.first(where: { $0.value < 0x20 || $0.value == 0x7F }) else { return nil }
    let shown = visible(String(control))
    return "the command contains \(shown); a command is one line, and its end is sent without being written here"
  }

  /// Why `command` does not go into the console's input line, if so.
  static func objection(to command: String, in dialect: Dialect) -> String? {
    guard command.utf8.count > dialect.lineLimit else { return nil }
    return "the command has \(command.utf8.count) characters; a line of dialect `\(dialect.name)` holds "
      + "\(dialect.lineLimit)"
  }
}
