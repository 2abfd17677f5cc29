import ConsoleDialect
import DumpManifest
import SerialLink

/// Tells from a console alone whether a unit is there: adapters stay in their sockets while units come and go.
///
/// What is sent is what the dialect names as harmless: it drops a line and asks for the prompt, and runs nothing. Only
/// who may have been left at another line rate is sent more, when nothing else is answered.
public struct UnitPresence {
  /// Seconds between two askings of a line on which nobody has answered yet.
  private static let searchInterval = 1.0
  /// The same where a line is cleared by many characters: they would fill the receiver of a unit that is just being
  /// switched on, and the answer to its autoboot question would find no room.
  private static let slowSearchInterval = 5.0
  /// Seconds between two askings of a unit that is known to be at its prompt.
  private static let watchInterval = 2.0
  /// Seconds that an answer may take.
  private static let answerTime = 1.0
  /// Askings in a row without the answer that show that a unit has left: one may be lost on the line.
  private static let lostAnswers = 3
  /// How many times as long each search at other rates is waited for as the one before it.
  private static let searchRecession = 3
  /// Seconds of silence behind which nothing more belongs to what was said.
  private static let pause = 0.2
  /// Characters that a unit at its prompt may say unasked; a start says more.
  private static let smallTalk = 400

  private let console: Console

  /// Watches a slot over an open link.
  public init(plan: ConsolePlan, link: Link) {
    console = Console(link: link, plan: plan, transcript: nil)
  }

  /// Waits until anything is heard. Returns what it was; nil where nothing was within the limit.
  ///
  /// - Parameters:
  ///   - limit: how long to wait; absent: as long as it takes.
  ///   - isLost: whether a unit may be there at another line rate, as a killed run leaves it: it is then looked for
  ///     when nothing was heard at first, and again ever more seldom, for it may be busy. A session brings it back.
  /// - Throws: ``SessionError`` of kind `interrupted` or `link-lost`.
  public func awaitSign(within limit: Duration? = nil, isLost: Bool = false) async throws(SessionError) -> [UInt8]? {
    let deadline = limit.map { ContinuousClock.now + $0 }
    let interval = console.dialect.wake.clearRounds <= 1 ? Self.searchInterval : Self.slowSearchInterval
    var unanswered = 0
    var nextSearch = Self.lostAnswers
    while deadline.map({ .now < $0 }) ?? true {
      let printed = try await console.nudge()
      if !printed.isEmpty { return printed }
      if let bytes = try await console.receive(within: interval) { return bytes }
      unanswered += 1
      guard isLost, unanswered == nextSearch else { continue }
      nextSearch *= Self.searchRecession
      if let bytes = try await searchAnywhere() { return bytes }
    }
    return nil
  }

  /// What is heard at the manifest's rate when a unit is looked for at each of the dialect's; empty where it is at
  /// another, absent where it is nowhere. The link is set back all the same.
  private func searchAnywhere() async throws(SessionError) -> [UInt8]? {
    guard console.hasSpeeds, let rates = console.dialect.speedChange?.rates else { return nil }
    let base = console.plan.speed
    let found = try await console.search(at: [base] + SpeedLadder(base: base, rates: rates).hidingPlaces)
    try await console.setLinkSpeed(base)
    return found.map { $0.rate == base ? $0.heard : [] }
  }

  /// Waits until the unit at the prompt is no longer there. Returns what was heard instead: nothing where the line
  /// fell silent.
  ///
  /// - Parameter prompt: the prompt at which the unit was left.
  /// - Throws: ``SessionError`` of kind `interrupted` or `link-lost`.
  public func awaitDeparture(from prompt: String) async throws(SessionError) -> [UInt8] {
    console.prompt.learn(prompt)
    var (unanswered, strange) = (0, 0)
    while unanswered < Self.lostAnswers {
      let unasked = try await listen(within: Self.watchInterval)
      if unasked.isArrival { return unasked.bytes }
      let early = try await console.nudge()
      let answer = try await listen(within: Self.answerTime, after: early)
      if answer.isArrival { return unasked.bytes + answer.bytes }
      unanswered = answer.bytes.isEmpty ? unanswered + 1 : 0
      // Small talk may hide one prompt; who answers again and again without it is something else.
      strange = answer.endsAtPrompt || answer.bytes.isEmpty ? 0 : strange + 1
      if strange == Self.lostAnswers { return answer.bytes }
    }
    return []
  }

  /// What a unit says, and what that means.
  private struct Speech {
    var bytes: [UInt8] = []
    /// Whether it is more than a unit at its prompt says: it starts, or is another.
    var isArrival = false
    var endsAtPrompt = false
  }

  /// Listens until the prompt is there, or nothing comes any more, or what comes is no small talk: a driver's message
  /// now and then is no reason to take the unit for another.
  private func listen(within seconds: Double, after early: [UInt8] = []) async throws(SessionError) -> Speech {
    var speech = Speech()
    var lines = LineBuffer()
    var last: String?
    var next: [UInt8]? = early
    if early.isEmpty { next = try await console.receive(within: seconds) }
    while let bytes = next {
      speech.bytes += bytes
      for line in lines.append(bytes) {
        let text = ConsoleText.plain(line)
        if console.isStart(text) { speech.isArrival = true }
        last = text
      }
      if console.isStart(ConsoleText.plain(lines.tail)) || speech.bytes.count > Self.smallTalk {
        speech.isArrival = true
      }
      if speech.isArrival { return speech }
      if console.isEndOfReply(tail: lines.tail, lastLine: last) {
        speech.endsAtPrompt = true
        return speech
      }
      next = try await console.receive(within: Self.pause)
    }
    return speech
  }
}
