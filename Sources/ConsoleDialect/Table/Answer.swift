/// A text to answer when a pattern is seen.
public struct Answer: Sendable, Equatable {
  /// What the console prints, matched within one line as far as it has come, not necessarily complete.
  public var when: Pattern
  /// What to send.
  public var send: String
  /// How many seconds to wait between repetitions while the pattern is still the last thing seen; absent: send once.
  public var every: Double?

  /// An answer to a pattern, once or repeated.
  public init(when: Pattern, send: String, every: Double? = nil) {
    self.when = when
    self.send = send
    self.every = every
  }
}

extension Answer: Decodable {
  enum CodingKeys: String, CodingKey {
    case when, send, every
  }

  /// Decodes an answer.
  public init(from decoder: any Decoder) throws {
    let table = try decoder.container(keyedBy: CodingKeys.self)
    when = try table.decode(Pattern.self, forKey: .when)
    send = try table.decode(String.self, forKey: .send)
    every = try table.decodeIfPresent(Double.self, forKey: .every)
  }
}
