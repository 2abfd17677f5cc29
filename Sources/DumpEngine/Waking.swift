import ConsoleDialect

/// The decisions on the way to a prompt, apart from the bytes' transport.
struct Waking {
  /// What to do next.
  enum Step: Equatable {
    case wait
    /// Wait, but no longer than it takes to see that nothing more is coming.
    case settle
    case nudge
    case send(String)
    case ready
  }

  private static let keptLines = 400
  /// Intervals of silence after which an answer that had no effect is given up.
  private static let silencesAfterAnswer = 8

  private let dialect: Dialect
  /// What is typed to get to the prompt: who only echoes that speaks at the right rate.
  private let typed: Set<UInt8>
  private var login: ArraySlice<Answer>
  private var lines = LineBuffer()
  private var candidate: String?
  /// The candidate was printed again after being asked for; if nothing more comes, it is the prompt.
  private var isConfirmed = false
  private var sinceNudge = 0
  private var printable = 0
  private var unprintable = 0
  private var answered: (rule: Answer, tail: String)?
  private var silences = 0
  /// Plain lines that came, the latest few hundred.
  private(set) var seen: [String] = []
  /// Seconds to wait for more, where a repeated answer asks for less than usual.
  private(set) var patience: Double?

  init(dialect: Dialect, login: [Answer]) {
    self.dialect = dialect
    let answers = dialect.wake.autoboot.map(\.send) + login.map(\.send)
    typed = Set(([dialect.wake.clear, dialect.wake.nudge] + answers).joined().utf8)
    self.login = login[...]
  }

  /// The last that came, for a message; absent where nothing did.
  var lastText: String? {
    if !lines.tail.isEmpty { return ConsoleText.visible(lines.tail, limit: 80) }
    return seen.last.map { String($0.prefix(120)) }
  }

  /// Whether so much of what came is no text that no single hit explains it: of a garbled character, more than a third of
  /// the values are text all the same.
  var looksGarbled: Bool { unprintable > printable || unprintable > 8 && unprintable * 8 > printable }

  /// Whether nothing came that anybody could read.
  var isMute: Bool { lastText == nil || looksGarbled }

  /// Takes what came (nil: nothing did) and says what to do.
  mutating func next(_ bytes: [UInt8]?, prompt: inout PromptMatcher, floodCharacters: Int) -> Step {
    guard let bytes else {
      guard isConfirmed, let candidate else { return afterSilence() }
      prompt.learn(candidate)
      return .ready
    }
    isConfirmed = false
    take(bytes)
    if let step = answer() { return step }
    if let found = prompt.candidate(in: lines.tail) {
      return consider(found)
    }
    guard sinceNudge > floodCharacters else { return .wait }
    sinceNudge = 0
    return .nudge
  }

  private mutating func afterSilence() -> Step {
    if let answered {
      if answered.rule.every != nil { return .send(answered.rule.send) }
      // Whatever else is typed into a countdown may push the answer out of a full receiver.
      silences += 1
      if silences < Self.silencesAfterAnswer { return .wait }
    }
    answered = nil
    patience = nil
    sinceNudge = 0
    return .nudge
  }

  private mutating func take(_ bytes: [UInt8]) {
    sinceNudge += bytes.count
    for byte in bytes {
      if (0x20...0x7E).contains(byte) {
        printable += 1
      } else if byte.isUnreadable, !typed.contains(byte) {
        unprintable += 1
      }
    }
    for line in lines.append(bytes) {
      let text = ConsoleText.plain(line)
      if text.isEmpty { continue }
      seen.append(text)
      // An answered question that has scrolled away may come again after a reset.
      if let answered, answered.rule.when.matches(text) { continue }
      answered = nil
      patience = nil
    }
    seen.removeFirst(max(0, seen.count - Self.keptLines))
  }

  /// The answer to an autoboot countdown or to the next question of the login, if it is being asked.
  private mutating func answer() -> Step? {
    let tail = ConsoleText.plain(lines.tail)
    // Some countdowns end their line at once; such a line is answered once, however it is repeated.
    guard let text = tail.isEmpty ? seen.last : tail else { return nil }
    if tail.isEmpty, answered != nil { return nil }
    if let step = login.first, step.when.matches(text) {
      login.removeFirst()
      return .send(step.send)
    }
    guard let rule = dialect.wake.autoboot.first(where: { $0.when.matches(text) }) else { return nil }
    patience = rule.every
    silences = 0
    // A countdown that goes on after the answer has not taken it.
    guard answered?.rule != rule || answered?.tail != text else { return nil }
    answered = (rule, text)
    return .send(rule.send)
  }

  /// A text that looks like a prompt is one when the console prints the same again after being asked, and then
  /// nothing more: the beginning of a line (`<INTERRUPT>`) may look like one as well.
  private mutating func consider(_ found: String) -> Step {
    answered = nil
    patience = nil
    if candidate == found {
      isConfirmed = true
      return .settle
    }
    candidate = found
    sinceNudge = 0
    return .nudge
  }
}
