import ConsoleDialect

/// A command line that is typed while the unit still prints a dump, so that its echo comes right behind the prompt.
///
/// A loader that prints 256 bytes with each command is otherwise waited for twice each time: for the echo, and for the
/// first line. Only Enter still waits, for the echo has to be right: nothing runs that was not seen to be typed.
struct TypeAhead {
  /// How often in a row a line may not come out right before no other is typed ahead: the port does not keep them.
  private static let mostFailures = 2

  /// The line to type when a dump has begun to come.
  var wanted: String?
  /// The line that is typed and not entered.
  private(set) var typed: String?
  private var isEchoed = false
  private var failures = 0

  /// Whether the unit seems to keep what it is sent while it prints.
  var isKept: Bool { failures < Self.mostFailures }

  /// Notes that a line was typed.
  mutating func type(_ line: String) { (typed, wanted, isEchoed) = (line, nil, false) }

  /// Notes that it stands behind the prompt, as it should.
  mutating func noteEcho() { (isEchoed, failures) = (true, 0) }

  /// Notes that it does not.
  mutating func noteFailure() { failures += 1 }

  /// Notes that it is entered or dropped. Returns what of it was echoed right.
  @discardableResult
  mutating func forget() -> String? {
    defer { (typed, isEchoed) = (nil, false) }
    return isEchoed ? typed : nil
  }
}

extension Console {
  /// Whether a command is typed already and echoed right. What else is typed is dropped.
  func isTypedAhead(_ command: String) async throws(SessionError) -> Bool {
    guard ahead.typed != nil else { return false }
    if ahead.forget() == command { return true }
    try await resync()
    return false
  }

  /// Types the line that is wanted next, where the unit's port holds all of it while the unit prints.
  func typeAhead() async throws(SessionError) {
    guard let line = ahead.wanted else { return }
    ahead.wanted = nil
    guard ahead.isKept, line.utf8.count <= dialect.typeAhead, dialect.echo, dialect.answers.isEmpty,
      prompt.learned != nil
    else { return }
    ahead.type(line)
    try await send(line)
  }

  /// Whether a dump has ended: at the prompt, with what is typed ahead behind it.
  func isEndOfDump(tail: [UInt8], lastLine: String?) async throws(SessionError) -> Bool {
    guard let typed = ahead.typed else { return isEndOfReply(tail: tail, lastLine: lastLine) }
    guard isPromptWithEcho(tail) else { return false }
    let seen = ConsoleText.plain(tail).dropFirst(promptText.count)
    if seen == typed {
      ahead.noteEcho()
      return true
    }
    guard seen.count >= typed.count else { return false }
    try await resyncAhead()
    return true
  }

  /// Whether the unit is back at its prompt, with anything behind it that was typed ahead.
  func isPromptWithEcho(_ tail: [UInt8]) -> Bool {
    ahead.typed != nil && ConsoleText.plain(tail).hasPrefix(promptText)
  }

  /// Drops what was typed ahead and did not come out right.
  func resyncAhead() async throws(SessionError) {
    if ahead.typed != nil { ahead.noteFailure() }
    try await resync()
  }
}
