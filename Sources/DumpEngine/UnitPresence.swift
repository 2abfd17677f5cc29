import ConsoleDialect
import DumpManifest
import SerialLink

/// Tells from a console alone whether a unit is there: adapters stay in their sockets while units come and go.
///
/// What is sent is what the dialect names as harmless: it drops a line and asks for the prompt, and runs nothing.
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
  /// Askings in a row without an answer that show that a unit has left: one may be lost on the line.
  private static let lostAnswers = 3
  private static let longestAnswer = 64 * 1024

  private let console: Console

  /// Watches a slot over an open link.
  public init(plan: ConsolePlan, link: Link) {
    console = Console(link: link, plan: plan, transcript: nil)
  }

  /// Waits until anything is heard. Returns what it was; nil where nothing was within the limit.
  ///
  /// - Parameter limit: how long to wait; absent: as long as it takes.
  /// - Throws: ``SessionError`` of kind `interrupted` or `link-lost`.
  public func awaitSign(within limit: Duration? = nil) async throws(SessionError) -> [UInt8]? {
    let deadline = limit.map { ContinuousClock.now + $0 }
    let interval = console.dialect.wake.clearRounds <= 1 ? Self.searchInterval : Self.slowSearchInterval
    while deadline.map({ .now < $0 }) ?? true {
      let printed = try await console.nudge()
      if !printed.isEmpty { return printed }
      if let bytes = try await console.receive(within: interval) { return bytes }
    }
    return nil
  }

  /// Waits until the unit at the prompt is no longer there. Returns what was heard instead: nothing where the line
  /// fell silent.
  ///
  /// - Parameter prompt: the prompt at which the unit was left.
  /// - Throws: ``SessionError`` of kind `interrupted` or `link-lost`.
  public func awaitDeparture(from prompt: String) async throws(SessionError) -> [UInt8] {
    console.prompt.learn(prompt)
    var unanswered = 0
    while unanswered < Self.lostAnswers {
      // What comes unasked is a unit that starts anew, or another.
      if let bytes = try await console.receive(within: Self.watchInterval) { return bytes }
      switch try await ask() {
      case .prompt: unanswered = 0
      case .silence: unanswered += 1
      case .something(let bytes): return bytes
      }
    }
    return []
  }

  private enum Answer {
    case prompt
    case silence
    case something([UInt8])
  }

  private func ask() async throws(SessionError) -> Answer {
    try await console.send(console.dialect.wake.clear + console.dialect.wake.nudge)
    var lines = LineBuffer()
    var last: String?
    var answer: [UInt8] = []
    while answer.count < Self.longestAnswer, let bytes = try await console.receive(within: Self.answerTime) {
      answer += bytes
      for line in lines.append(bytes) {
        let text = ConsoleText.plain(line)
        if console.isBanner(text) { return .something(answer) }
        last = text
      }
      if console.isEndOfReply(tail: lines.tail, lastLine: last) { return .prompt }
    }
    return answer.isEmpty ? .silence : .something(answer)
  }
}
