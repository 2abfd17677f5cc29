/// Knows a console's prompt, once it has been learned, by its exact text.
///
/// A loose pattern is not enough to end a reply: `IP addr = <NULL>` looks like a prompt too, and a command sent before
/// the real one is lost. So the pattern only proposes candidates; what came twice is learned and then matched exactly.
public struct PromptMatcher: Sendable {
  private let rule: PromptRule
  /// The prompt as text, escape sequences removed; absent until it is learned.
  public private(set) var learned: String?
  private var learnedBytes: [UInt8] = []

  /// A matcher that knows only how prompts look.
  public init(rule: PromptRule) { self.rule = rule }

  /// Whether ``isPrompt(tail:)`` can already tell: a prompt was learned, or the rule needs no learning.
  public var isReady: Bool { learned != nil || !rule.learn }

  /// Takes a text as the prompt from now on. Rules that do not learn keep to their pattern.
  public mutating func learn(_ line: String) {
    learned = line
    learnedBytes = Array(line.utf8)
  }

  /// The plain text of an unfinished last line that looks like a prompt; absent where it does not.
  public func candidate(in tail: [UInt8]) -> String? {
    guard !tail.isEmpty, tail.count <= Pattern.lineLimit else { return nil }
    let line = ConsoleText.plain(tail)
    return rule.pattern.matchesWhole(line) ? line : nil
  }

  /// Whether an unfinished last line is the prompt: exactly the one learned, and nothing before or behind it.
  public func isPrompt(tail: [UInt8]) -> Bool {
    guard rule.learn else { return candidate(in: tail) != nil }
    guard learned != nil else { return false }
    if tail == learnedBytes { return true }
    // Only a prompt with colours, a redrawn line or letters beyond ASCII needs a closer look.
    guard tail.contains(where: { $0 < 0x20 || $0 > 0x7E }), tail.count <= Pattern.lineLimit else { return false }
    return ConsoleText.plain(tail) == learned
  }

  /// Whether a whole line ends a reply, on consoles that print `OK` instead of a prompt.
  public func endsReply(_ line: String) -> Bool { rule.replyEnds?.matches(line) ?? false }
}
