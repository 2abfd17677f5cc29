import ConsoleDialect
import SerialLink

/// Changing the line rate by the dialect's own means, on both ends.
extension Console {
  /// Seconds of silence behind an announcement, or a command that makes none, after which the console has changed: U-Boot
  /// takes 50 ms before and 50 ms after (drivers/serial/serial-uclass.c, `on_baudrate`).
  private static let switchingTime = 0.12
  /// Seconds that an announcement may take.
  private static let announcementTime = 2.0
  /// Characters after which what comes is neither an announcement nor an objection.
  private static let longestObjection = 4096
  private static let arrivalAttempts = 3

  /// What became of a change.
  enum SpeedOutcome: Equatable {
    /// Console and link run at the new rate, at the prompt.
    case changed
    /// The console is at its prompt at the old rate, and this is what it said.
    case refused(String)
    /// The command could not be typed, so it was not entered: the console is where it was.
    case untold
    /// No prompt came at the new rate, at which the link is now. Where the console is nobody knows.
    case lost
  }

  /// Whether the line rate can be changed here: the dialect knows how, and the link has a line.
  var hasSpeeds: Bool { dialect.speedChange != nil && link.hasLine }

  /// Changes the rate of a console that is at its prompt, and of the link.
  ///
  /// - Parameters:
  ///   - rate: in baud.
  ///   - onEnter: called when the command is about to be run; from then on the console may be at either rate.
  func changeSpeed(to rate: Int, onEnter: () -> Void = {}) async throws(SessionError) -> SpeedOutcome {
    guard let change = dialect.speedChange else { return .refused("\(dialect.title) cannot change its rate") }
    guard try await canMake(rate) else { return .refused("the adapter cannot make \(rate) baud") }
    do {
      try await type(change.command(speed: rate))
    } catch {
      guard error.isRecoverable, !error.kind.tellsOfReset else { throw error }
      return .untold
    }
    onEnter()
    try await send(dialect.enter)
    if let objection = try await objection(to: change) { return .refused(objection) }
    try await setLinkSpeed(rate)
    return try await arrives(change) ? .changed : .lost
  }

  /// Sets the link's rate and leaves the console's alone.
  func setLinkSpeed(_ rate: Int) async throws(SessionError) {
    guard link.speed != rate else { return }
    do throws(LinkError) {
      try await link.setSpeed(rate)
    } catch {
      throw error.kind == .unsupported ? SessionError(.refused, error.description) : SessionError(error)
    }
    watchLegibility()
  }

  /// Has what becomes unreadable noticed from now on where the link is at another rate than the manifest's: a unit that
  /// resets is then at its own.
  func watchLegibility() { legibility = link.speed == plan.speed ? nil : Legibility() }

  /// Whether the adapter makes a rate: to be known before the console is asked to follow.
  private func canMake(_ rate: Int) async throws(SessionError) -> Bool {
    let now = link.speed
    do {
      try await setLinkSpeed(rate)
    } catch {
      guard error.kind == .refused else { throw error }
      return false
    }
    try await setLinkSpeed(now)
    return true
  }

  /// Waits until the console is about to change. Returns what it said where it is back at its prompt instead.
  private func objection(to change: SpeedChange) async throws(SessionError) -> String? {
    var lines = LineBuffer()
    var said: [String] = []
    var isAnnounced = change.announces == nil
    var received = 0
    while received <= Self.longestObjection {
      let patience = isAnnounced ? Self.switchingTime : min(Self.announcementTime, plan.replyTimeout)
      // An announcement that never came may have been hit on its way.
      guard let bytes = try await receive(within: patience) else { return nil }
      received += bytes.count
      for line in lines.append(bytes) {
        let text = ConsoleText.plain(line)
        try heed(text)
        if change.announces?.matches(text) == true { isAnnounced = true } else if !text.isEmpty { said.append(text) }
      }
      if isEndOfReply(tail: lines.tail, lastLine: said.last) { return said.joined(separator: " / ") }
    }
    return nil
  }

  /// Confirms a change at the new rate, and waits for the prompt.
  private func arrives(_ change: SpeedChange) async throws(SessionError) -> Bool {
    for _ in 0..<Self.arrivalAttempts {
      try await discard()
      if !change.confirm.isEmpty {
        try await send(change.confirm)
        if try await answer(heedsResets: true).isPrompt { return true }
      }
      if try await answersNudge() { return true }
    }
    return false
  }

  /// Whether the console, asked for its prompt, prints the one that is known.
  ///
  /// What it was printing may still be on its way, as much as a line's buffers hold.
  ///
  /// - Throws: `reset` or `garbled` where the unit has reset.
  func answersNudge() async throws(SessionError) -> Bool { try await nudgeAnswer().isPrompt }

  /// As ``answersNudge()``, with what came.
  func nudgeAnswer() async throws(SessionError) -> ShortAnswer {
    try await answer(after: nudge(), longest: Self.longestReply, heedsResets: true)
  }

  /// Throws away what has come.
  func discard() async throws(SessionError) {
    while try await receive(within: 0) != nil {}
  }
}
