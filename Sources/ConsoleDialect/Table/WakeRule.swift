/// How to get a console to its prompt from any state.
public struct WakeRule: Sendable, Equatable {
  /// Abandons a half-typed line or a running command and runs nothing, such as `\u0003` (ctrl-C) or a row of
  /// backspaces. Empty where the console has no such thing.
  public var clear: String
  /// How often ``clear`` must be sent, each time after the console has fallen silent, until the line is surely empty.
  /// More than 1 where each character takes only one away and the console's receiver holds no more at once.
  public var clearRounds: Int
  /// Makes an idle console print its prompt again and runs nothing. Empty where ``clear`` does that already.
  public var nudge: String
  /// What stops an automatic boot, by what the console prints.
  public var autoboot: [Answer]
  /// Characters never to be sent to a console that may be at its prompt. ``clear``, ``nudge`` and every answer that
  /// is repeated are free of them; an answer that is sent once may hold them, for it is sent at no prompt.
  public var forbidden: String
}

extension WakeRule: Decodable {
  enum CodingKeys: String, CodingKey {
    case clear, clearRounds, nudge, autoboot, forbidden
  }

  /// Decodes a rule; whatever is left out is empty.
  public init(from decoder: any Decoder) throws {
    let table = try decoder.container(keyedBy: CodingKeys.self)
    clear = try table.decode(forKey: .clear, default: "")
    clearRounds = try table.decode(forKey: .clearRounds, default: 1)
    nudge = try table.decode(forKey: .nudge, default: "")
    autoboot = try table.decode(forKey: .autoboot, default: [])
    forbidden = try table.decode(forKey: .forbidden, default: "")
  }
}
