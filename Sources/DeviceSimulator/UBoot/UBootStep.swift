/// A piece of what U-Boot is going to do next.
enum UBootStep: Sendable {
  case print([UInt8])
  case pause(Nanoseconds)
  case wait(until: Nanoseconds)
  case countdown(remaining: Int, until: Nanoseconds)
  /// Prints the prompt and reads a line.
  case console
  case login
  case command(String, isRepeat: Bool)
  case display(MemoryDisplay)
  /// Reads one character, and goes on with the display unless it is ctrl-C.
  case poll(then: MemoryDisplay)
  case setSpeed(Int)
  /// Throws characters away until a CR comes.
  case awaitReturn
  case reset

  /// Text with each line feed sent as CR LF, as U-Boot's console does.
  static func text(_ text: String) -> UBootStep { .print(crlf(text)) }
}

/// The bytes of `text` with a CR before each line feed.
func crlf(_ text: String) -> [UInt8] {
  text.utf8.flatMap { $0 == Control.lineFeed ? [Control.carriageReturn, $0] : [$0] }
}
