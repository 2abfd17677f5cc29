/// How a console's line rate is raised.
public struct SpeedChange: Sendable, Equatable {
  /// Placeholder: `speed`, in baud.
  public var command: CommandTemplate
  /// Rates that units of this kind may offer, in baud.
  public var rates: [Int]
  /// What the console prints, still at the old rate, before it changes; absent where it changes at once.
  public var announces: Pattern?
  /// What must be sent at the new rate before a prompt comes, empty where the prompt comes by itself.
  public var confirm: String
  /// Whether a step that fails leaves the console waiting at the new rate until it is reset.
  public var strands: Bool
}

extension SpeedChange: Decodable {
  enum CodingKeys: String, CodingKey {
    case command, rates, announces, confirm, strands
  }

  /// Decodes a rule; ``strands`` is true where it is left out, for that is the careful way.
  public init(from decoder: any Decoder) throws {
    let table = try decoder.container(keyedBy: CodingKeys.self)
    command = try table.decode(CommandTemplate.self, forKey: .command)
    rates = try table.decode([Int].self, forKey: .rates)
    announces = try table.decodeIfPresent(Pattern.self, forKey: .announces)
    confirm = try table.decode(forKey: .confirm, default: "")
    strands = try table.decode(forKey: .strands, default: true)
  }
}

extension SpeedChange {
  /// The command line that changes to a rate in baud.
  ///
  /// - Precondition: `speed` is at least 1.
  public func command(speed: Int) -> String { command.render(["speed": UInt64(speed)]) }
}
