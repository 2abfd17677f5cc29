import ConsoleDialect

/// A command line that is typed while the unit still prints a dump, so that its echo comes right behind the prompt.
///
/// A loader that prints 256 bytes with each command is otherwise waited for twice each time: for the echo, and for the
/// first line. Only Enter still waits, for the echo has to be right: nothing runs that was not seen to be typed.
struct TypeAhead {
  /// How often in a row a line may come out too short before no other is typed ahead: the port does not keep them.
  private static let mostFailures = 3

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

  /// Notes that some of it never came.
  mutating func noteLoss() { failures += 1 }

  /// Notes that it is entered or dropped. Returns what of it was echoed right.
  @discardableResult
  mutating func forget() -> String? {
    defer { (typed, isEchoed) = (nil, false) }
    return isEchoed ? typed : nil
  }
}

extension Console {
  /// How long a console may take to print what it was asked for and show its prompt.
  private static let longestDrop = Duration.seconds(5)
  /// Seconds without anything after which its prompt was hit.
  private static let drainingTime = 0.5

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
      dialect.prompt.learn, dialect.prompt.replyEnds == nil, prompt.learned != nil
    else { return }
    ahead.type(line)
    try await send(line)
  }

  /// Whether a dump has ended: at the prompt, with what is typed ahead behind it.
  func isEnd(of dump: DumpParser, lastLine: String?) async throws(SessionError) -> Bool {
    guard let typed = ahead.typed else { return isEndOfReply(tail: dump.tail, lastLine: lastLine) }
    guard isOver(dump) else { return false }
    let seen = ConsoleText.plain(dump.tail)
    if seen == promptText + typed {
      ahead.noteEcho()
      return true
    }
    // As many characters as both have and still not both: one was hit.
    guard seen.count >= promptText.count + typed.count else { return false }
    hitEchoes += 1
    try await resync()
    return true
  }

  /// Whether nothing is to come any more but the prompt, or what is typed ahead behind it.
  func isOver(_ dump: DumpParser) -> Bool {
    dump.isComplete || ahead.typed != nil && ConsoleText.plain(dump.tail).hasPrefix(promptText)
  }

  /// Drops what was typed ahead and has not come out whole.
  func resyncAhead() async throws(SessionError) {
    if ahead.typed != nil { ahead.noteLoss() }
    try await resync()
  }

  /// Leaves a clean prompt where a line is typed ahead: a port has no room to drop it by while the unit prints. The
  /// task's cancellation does not stop it.
  func dropAhead() async throws(SessionError) {
    guard ahead.typed != nil else { return }
    lastWords = .now + Self.longestDrop
    defer { lastWords = nil }
    var lines = LineBuffer()
    while !ConsoleText.plain(lines.tail).hasPrefix(promptText),
      let bytes = try await receive(within: Self.drainingTime)
    {
      _ = lines.append(bytes)
    }
    try await resync()
  }
}
