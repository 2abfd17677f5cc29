/// A reply that means that a command has failed.
public struct FailureRule: Sendable, Equatable {
  /// What kind of failure a reply tells.
  public enum Meaning: String, Sendable, Codable, CaseIterable {
    /// The console does not know this command.
    case unknownCommand
    /// The console knows the command but not these arguments.
    case usage
    /// The address cannot be read; the console goes on.
    case fault
    /// The address cannot be read and the unit crashes or resets.
    case crash
  }
  /// Matches a line of the reply.
  public var when: Pattern
  /// What it means.
  public var means: Meaning

  /// A rule for lines that match.
  public init(when: Pattern, means: Meaning) {
    self.when = when
    self.means = means
  }
}

extension FailureRule: Decodable {
  enum CodingKeys: String, CodingKey {
    case when, means
  }

  /// Decodes a rule.
  public init(from decoder: any Decoder) throws {
    let table = try decoder.container(keyedBy: CodingKeys.self)
    when = try table.decode(Pattern.self, forKey: .when)
    means = try table.decode(Meaning.self, forKey: .means)
  }
}
