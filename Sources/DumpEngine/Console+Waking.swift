import ConsoleDialect

/// Getting to a prompt from any state: power-on, autoboot, half a line typed, output of somebody's command.
extension Console {
  /// Seconds of silence after which the console is asked for its prompt.
  private static let nudgeInterval = 0.5
  /// The same between two askings where a line is cleared by many characters: they would fill the receiver of a unit
  /// that is just being switched on, and the answer to its autoboot question would find no room.
  private static let slowNudgeInterval = 2.0
  /// Seconds of silence behind a prompt that show that it is no beginning of a line.
  private static let settlingTime = 0.1
  /// Characters without a prompt after which a running command is stopped again.
  private static let floodCharacters = 4096

  /// Brings the console to its prompt and learns it. Returns what was printed on the way, in plain lines.
  ///
  /// - Parameter limit: seconds to wait for a prompt; absent: the manifest's.
  /// - Parameter whole: seconds that were waited in all, for the message; absent: the limit.
  /// - Parameter onBoot: called when the unit says that it is starting.
  /// - Parameter check: called now and then with what was seen; what it throws ends the waiting.
  /// - Throws: `noPrompt` when the time has passed, with the last that was seen.
  func wake(
    within limit: Double? = nil, of whole: Double? = nil, onBoot: () -> Void = {},
    check: (Waking) throws(SessionError) -> Void = { _ in }
  ) async throws(SessionError) -> [String] {
    let limit = min(limit ?? plan.wakeTimeout, plan.wakeTimeout)
    var waking = Waking(dialect: dialect, login: plan.login)
    let deadline = ContinuousClock.now + .seconds(limit)
    prompt = PromptMatcher(rule: dialect.prompt)
    let clearsAtOnce = dialect.wake.clearRounds <= 1
    if mayHaveMissedCountdown { try await answerUnheard() }
    var waiting = clearsAtOnce ? try await nudge() : []
    var interval = Self.nudgeInterval
    var isSettling = false
    while ContinuousClock.now < deadline {
      let patience = isSettling ? Self.settlingTime : waking.patience ?? interval
      let bytes = waiting.isEmpty ? try await receive(within: patience) : waiting
      waiting = []
      isSettling = false
      try check(waking)
      switch waking.next(bytes, prompt: &prompt, floodCharacters: Self.floodCharacters) {
      case .wait: break
      case .settle: isSettling = true
      case .nudge:
        waiting = try await nudge()
        interval = clearsAtOnce ? Self.nudgeInterval : Self.slowNudgeInterval
      case .send(let text):
        onBoot()
        try await send(text)
      case .ready: return waking.seen
      }
    }
    throw SessionError(waking.looksGarbled ? .wrongSpeed : .noPrompt, noPromptMessage(waking, whole ?? limit))
  }

  /// Answers a countdown that could not be read, as far as that harms no console at its prompt. Only the manifest's own
  /// words: in the menu of another boot loader one of the dialect's may be the choice that writes flash.
  func answerUnheard() async throws(SessionError) {
    mayHaveMissedCountdown = false
    let forbidden = dialect.wake.forbidden.unicodeScalars
    for answer in plan.autoboot where !answer.send.unicodeScalars.contains(where: forbidden.contains) {
      try await send(answer.send)
    }
  }

  private func noPromptMessage(_ waking: Waking, _ limit: Double) -> String {
    let expected = "\(place): no prompt of \(dialect.title) within \(limit.formatted) s"
    guard let last = waking.lastText else {
      return "\(expected); the console printed nothing: is the unit powered, are RX and TX the right way round?"
    }
    if waking.looksGarbled {
      return "\(expected); what came is unreadable (`\(last)`): is \(plan.speed) baud the right speed?"
    }
    return "\(expected); the last it printed was `\(last)`: reset the unit, or name the right dialect or autoboot keys"
  }
}
