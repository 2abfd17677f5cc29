/// How an image certifies itself.
public struct ImageFooter: Sendable, Equatable {
  /// The kinds of footer known.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// Winbond W90N745: the last 52 bytes of the image's last flash block; see ``W90ImageFooter``.
    case w90
  }
  /// Which footer.
  public var kind: Kind
  /// Size of a flash block, in bytes.
  public var flashBlock: Int
}

extension ImageFooter: Decodable {
  enum CodingKeys: String, CodingKey {
    case kind, flashBlock
  }

  /// Decodes a rule.
  public init(from decoder: any Decoder) throws {
    let table = try decoder.container(keyedBy: CodingKeys.self)
    kind = try table.decode(Kind.self, forKey: .kind)
    flashBlock = try table.decode(Int.self, forKey: .flashBlock)
  }
}
