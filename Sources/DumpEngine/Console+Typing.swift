import ConsoleDialect

/// Typing command lines: none is entered before its echo was right.
extension Console {
  private static let echoAttempts = 3
  /// Seconds without anything after which an echo that has all its characters, and is wrong, has come to its end.
  private static let wrongEchoTime = 0.25
  /// How much the last turn counts beside those before it, and how many times as long it may count as: a stall is none.
  private static let (turnWeight, mostTurns) = (0.25, 4.0)
  /// Seconds for a turn before one was seen: an adapter lets some characters gather first.
  private static let usualTurn = 0.002

  /// Types a command line and waits until it is echoed right; it is not entered yet.
  func type(_ command: String) async throws(SessionError) {
    guard command.unicodeScalars.count <= lineLimit else {
      throw SessionError(
        .refused, "`\(command)` has more than the \(lineLimit) characters that \(dialect.title) takes in a line")
    }
    if try await isTypedAhead(command) { return }
    for attempt in 1...Self.echoAttempts {
      let typed = ContinuousClock.now
      try await send(command)
      if try await isEchoed(command) { return noteTurn(of: command.utf8.count, after: .now - typed) }
      if attempt < Self.echoAttempts { try await resync() }
    }
    // Nobody's Enter shall run what is left of it.
    try await dropLine()
    throw SessionError(
      .echo,
      "\(place): typed `\(command)` \(Self.echoAttempts) times and it was not echoed right, so it was not run; "
        + "check the cable")
  }

  private func isEchoed(_ command: String) async throws(SessionError) -> Bool {
    guard dialect.echo else { return true }
    var lines = LineBuffer()
    var received = 0
    var isWrong = false
    let most = promptText.count + command.count
    let deadline = deadline(characters: Self.longestLine, plan.replyTimeout)
    while received <= Self.longestLine, .now < deadline,
      let bytes = try await receive(within: isWrong ? min(plan.replyTimeout, Self.wrongEchoTime) : plan.replyTimeout)
    {
      received += bytes.count
      // A unit that resets now must not be waited for: some can be stopped for a few seconds only.
      for line in lines.append(bytes) { try heed(ConsoleText.plain(line)) }
      let seen = ConsoleText.plain(lines.tail)
      // Anything before it but the prompt is typed already and would run with it.
      if seen == command || seen == promptText + command { return true }
      // As many characters as the whole line and still not the line: some were hit.
      isWrong = seen.count >= command.count && !(promptText + command).hasPrefix(seen)
      if seen.count > most { break }
    }
    // Much more is somebody else's talk.
    if isWrong, received <= most + Self.fewCharacters { hitEchoes += 1 }
    return false
  }

  /// Seconds that a command and its answer take beyond their characters: one turn for the echo, one for the answer.
  var roundTrip: Double { 2 * (echoTime ?? Self.usualTurn) }

  private func noteTurn(of characters: Int, after time: Duration) {
    guard dialect.echo else { return }
    let turn = max(0, time / .seconds(1) - Double(characters * plan.format.bitsPerCharacter) / Double(link.speed))
    let usual = echoTime ?? Self.usualTurn
    echoTime = usual + Self.turnWeight * (min(turn, Self.mostTurns * max(usual, Self.usualTurn)) - usual)
  }
}
