/// How a prompt looks. Board prompts are unlimited in number, so most are learned: the text on the last line, seen
/// twice, that matches ``pattern``.
public struct PromptRule: Sendable, Equatable {
  /// Matches a whole candidate line, escape sequences removed, from its first to its last character.
  public var pattern: Pattern
  /// True: any text that matches twice in a row is the prompt, byte for byte. False: the pattern is all there is to
  /// know, for prompts that count (`rommon 6 > `) or show a stack depth (`1 > `).
  public var learn: Bool
  /// For consoles without any prompt: the line that ends each reply (`OK`, `ERROR`).
  public var replyEnds: Pattern?
}

extension PromptRule: Decodable {
  enum CodingKeys: String, CodingKey {
    case pattern, learn, replyEnds
  }

  /// Decodes a rule; ``learn`` is true where it is left out.
  public init(from decoder: any Decoder) throws {
    let table = try decoder.container(keyedBy: CodingKeys.self)
    pattern = try table.decode(Pattern.self, forKey: .pattern)
    learn = try table.decode(forKey: .learn, default: true)
    replyEnds = try table.decodeIfPresent(Pattern.self, forKey: .replyEnds)
  }
}
