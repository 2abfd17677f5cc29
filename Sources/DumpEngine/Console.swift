import ConsoleDialect
import DumpManifest
import DurableFiles
import SerialLink

/// What a command printed: lines without the echo and the prompt.
struct Reply {
  /// Plain text of each line, escape sequences removed, blank lines left out.
  var lines: [String] = []
  /// The dialect's failure rules.
  let rules: [FailureRule]

  /// What the rules say of it, with the line that told it. Looked for when asked: of most replies nobody asks.
  var failure: (meaning: FailureRule.Meaning, line: String)? {
    for line in lines {
      if let rule = rules.first(where: { $0.when.matches(line) }) { return (rule.means, line) }
    }
    return nil
  }

  /// The lines as one text.
  var text: String { lines.joined(separator: "\n") }
}

/// One console: a link spoken to in a dialect. One task uses it.
///
/// Nothing runs that was not echoed right: a command is typed, its echo awaited, and only then entered, for one hit bit
/// makes another command of it. Replies end at the prompt, never at silence; silence is a failure.
final class Console {
  /// The longest reply to a command that is no dump, in characters.
  static let longestReply = 256 * 1024
  /// Seconds of silence after which a console has taken what was sent to clear its line.
  private static let clearingTime = 0.02
  /// Characters of one line, or of what comes while a line is cleared, after which no more is waited for.
  static let longestLine = 4096

  let plan: ConsolePlan
  let link: Link
  /// Where the dialogue is recorded; absent where nothing is worth it.
  let transcript: Transcript?
  /// What of it is just being compressed.
  var compression: SegmentCompression?
  /// What the console had said before anybody listened to it here, or what has to be read again.
  private var heard: [UInt8]
  private var hasRecordedHeard = false
  /// The prompt, once it is learned.
  var prompt: PromptMatcher
  /// What went over the wire.
  var counters = WireCounters()
  /// The longest that nothing came, since somebody has set it.
  var longestSilence = Duration.zero
  private var lastHeard = ContinuousClock.now
  /// Set while the line runs at another rate than the manifest's: what becomes unreadable there ends what is waited for.
  var legibility: Legibility?
  /// Set where something came while the line ran at another rate: it may have been a countdown, which names its key once.
  var mayHaveMissedCountdown = false
  /// Until when answers are waited for though the task was cancelled; set while the console is put back as it was.
  var lastWords: ContinuousClock.Instant?
  /// Where messages say that something happened.
  let place: String

  var dialect: Dialect { plan.dialect }

  init(link: Link, plan: ConsolePlan, transcript: Transcript?, heard: [UInt8] = []) {
    self.link = link
    self.plan = plan
    self.transcript = transcript
    self.heard = heard
    prompt = PromptMatcher(rule: plan.dialect.prompt)
    place = link.address.description
    lineLimit = plan.dialect.lineLimit
  }

  // MARK: Bytes

  /// Sends text as it stands, one byte for each character.
  func send(_ text: String) async throws(SessionError) {
    let bytes = text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    guard !bytes.isEmpty else { return }
    // The unit had said it before it was sent anything.
    if !hasRecordedHeard { try recordHeard(heard) }
    hasRecordedHeard = true
    try recording { transcript throws(DiskError) in try transcript.sent(bytes) }
    counters.sent += bytes.count
    do { try await link.send(bytes) } catch { throw SessionError(error) }
  }

  /// All that has come, or nil where nothing came in so many seconds.
  ///
  /// - Parameter gathering: seconds in which more may come before it is handed out, where much is still to come.
  func receive(within seconds: Double, gathering: Double = 0) async throws(SessionError) -> [UInt8]? {
    if !heard.isEmpty {
      defer { heard = [] }
      if !hasRecordedHeard { try recordHeard(heard) }
      counters.received += heard.count
      return heard
    }
    let gathering = Duration.seconds(gathering)
    guard let bytes = try await nextBytes(within: .seconds(seconds), gathering) else { return nil }
    longestSilence = max(longestSilence, .now - lastHeard)
    lastHeard = .now
    counters.received += bytes.count
    try recording { transcript throws(DiskError) in try transcript.received(bytes) }
    try checkLegibility(of: bytes)
    return bytes
  }

  /// Takes back what was received, for somebody else to read: it comes before all else.
  func hearAgain(_ bytes: [UInt8]) {
    heard = bytes + heard
    counters.received -= bytes.count
  }

  private func nextBytes(within limit: Duration, _ gathering: Duration) async throws(SessionError) -> [UInt8]? {
    do throws(LinkError) {
      guard let lastWords else { return try await link.receive(within: limit, gathering: gathering) }
      guard .now < lastWords else { throw .init(.cancelled, at: link.address, "has had its last word") }
      return try await link.receive(within: min(limit, lastWords - .now), isLastWord: true)
    } catch {
      throw SessionError(error)
    }
  }

  // MARK: Commands

  /// Runs a command and returns what it printed.
  ///
  /// - Parameter patience: seconds of silence to bear; absent: the manifest's reply time.
  /// - Parameter answers: lines after which only the prompt is to come, which takes no longer than any other reply.
  func run(_ command: String, patience: Double? = nil, answers: Int = .max) async throws(SessionError) -> Reply {
    try await type(command)
    try await send(dialect.enter)
    return try await reply(to: command, patience: patience ?? plan.replyTimeout, answers: answers)
  }

  /// Collects lines until the prompt.
  private func reply(to command: String, patience longest: Double, answers: Int) async throws(SessionError) -> Reply {
    var lines = LineBuffer()
    var reply = Reply(rules: dialect.failures)
    var received = 0
    var answered: [UInt8] = []
    let deadline = deadline(characters: Self.longestReply, longest)
    while received <= Self.longestReply {
      let patience = reply.lines.count < answers ? longest : plan.replyTimeout
      guard ContinuousClock.now < deadline, let bytes = try await receive(within: patience) else {
        throw SessionError(.silent, silence(after: "`\(command)`", patience, lines.tail))
      }
      received += bytes.count
      for line in lines.append(bytes) {
        answered = []
        let text = ConsoleText.plain(line)
        try heed(text)
        if !text.allSatisfy(\.isWhitespace) { reply.lines.append(text) }
      }
      if isEndOfReply(tail: lines.tail, lastLine: reply.lines.last) { return reply }
      try await answerQuestions(tail: lines.tail, answered: &answered)
    }
    throw SessionError(
      .flood, "\(place): `\(command)` printed more than \(Self.longestReply) characters and did not end")
  }

  /// A line that only a starting unit prints means that it has reset.
  func heed(_ line: String) throws(SessionError) {
    guard isBanner(line) else { return }
    counters.resets += 1
    throw SessionError(.reset, "\(place): the unit reset (it printed `\(line.prefix(80))`)")
  }

  /// Whether only a starting unit prints this line.
  func isBanner(_ line: String) -> Bool { dialect.banners.contains { $0.matches(line) } }

  /// Whether only a starting unit prints this, or asks so to be stopped from booting.
  func isStart(_ line: String) -> Bool {
    isBanner(line) || dialect.wake.autoboot.contains { $0.when.matches(line) }
  }

  /// Whether what came ends a reply.
  func isEndOfReply(tail: [UInt8], lastLine: String?) -> Bool {
    if dialect.prompt.replyEnds != nil { return lastLine.map(prompt.endsReply) ?? false }
    return prompt.isPrompt(tail: tail)
  }

  /// The prompt as messages write it.
  var promptText: String { prompt.learned ?? "" }

  /// Drops what is typed or running and asks for the prompt. Returns what was printed meanwhile.
  func nudge() async throws(SessionError) -> [UInt8] {
    ahead.forget()
    var printed: [UInt8] = []
    for _ in 1..<max(1, dialect.wake.clearRounds) {
      try await send(dialect.wake.clear)
      // The receiver holds no more than one round: the next must wait until this one is taken.
      while printed.count < Self.longestLine, let bytes = try await receive(within: Self.clearingTime) {
        printed += bytes
      }
    }
    try await send(dialect.wake.clear + dialect.wake.nudge)
    return printed
  }

  /// When a reply of so many characters must have ended: a console that trickles for ever is as good as silent. An
  /// eighth of the line's rate is slow enough for any that works.
  func deadline(characters: Int, _ patience: Double) -> ContinuousClock.Instant {
    .now + .seconds(patience + 80 * Double(characters) / Double(link.speed))
  }

  /// Answers a pager or a confirmation.
  ///
  /// - Parameter answered: what was answered last; a question that stands there still is not answered again.
  func answerQuestions(tail: [UInt8], answered: inout [UInt8]) async throws(SessionError) {
    guard !dialect.answers.isEmpty, !tail.isEmpty, answered.isEmpty || !tail.starts(with: answered) else { return }
    let text = ConsoleText.plain(tail)
    for answer in dialect.answers where answer.when.matches(text) {
      answered = tail
      return try await send(answer.send)
    }
  }

  /// Drops what is typed or running without waiting for anything.
  func dropLine() async throws(SessionError) {
    ahead.forget()
    try await send(String(repeating: dialect.wake.clear, count: max(1, dialect.wake.clearRounds)))
  }

  /// Brings a console that is known to be at or near its prompt back to it: drops what is typed or running.
  func resync() async throws(SessionError) {
    var lines = LineBuffer()
    for line in lines.append(try await nudge()) { try heed(ConsoleText.plain(line)) }
    var received = 0
    let deadline = deadline(characters: Self.longestReply, plan.replyTimeout)
    while received <= Self.longestReply, .now < deadline {
      guard let bytes = try await receive(within: plan.replyTimeout) else {
        throw SessionError(.silent, silence(after: "clearing its line", plan.replyTimeout, lines.tail))
      }
      received += bytes.count
      for line in lines.append(bytes) { try heed(ConsoleText.plain(line)) }
      if prompt.isPrompt(tail: lines.tail) { return }
    }
    throw SessionError(.flood, "\(place): the console prints without end and cannot be stopped")
  }

  /// What is said when nothing comes any more.
  func silence(after step: String, _ seconds: Double, _ tail: [UInt8]) -> String {
    let last = tail.isEmpty ? "nothing after its last whole line" : "`\(ConsoleText.visible(tail))` last"
    return "\(place): silent for \(seconds.formatted) s after \(step), expected the prompt "
      + "`\(promptText)`; it printed \(last)"
  }

  /// What is typed while a dump is printed.
  var ahead = TypeAhead()
  /// Seconds from typing a line to seeing the last of its echo, beyond what the characters take; nil before the first.
  var echoTime: Double?
  /// How many echoes had all their characters, and not the right ones: where commands are hit no dump lines tell of noise.
  var hitEchoes = 0
  /// The longest command line, in characters: the table's until the console was asked.
  var lineLimit: Int
  /// Seconds that the unit's last digest took for each byte; nil before the first that tells.
  var digestPace: Double?
  /// Whether the dialect's command that compares memory may be of use, and how often in a row it was not.
  var comparesMemory = true
  var refusals = 0
  /// When the unit ought to be done with a digest that it was asked for: nothing breaks it off.
  var busyUntil: ContinuousClock.Instant?
}

extension Double {
  /// Without a fraction where there is none.
  var formatted: String { self == rounded() ? String(Int(self)) : String(self) }
}
