extension LineLayout: Decodable {
  enum CodingKeys: String, CodingKey {
    case strip, before, address, addressDigits, addressBits, after, cellBytes, cells, padded, cellPrefix, groups
    case unreadable, order, gutter, trailer
  }

  /// Decodes a layout. Left out, it is sixteen bytes in memory order behind an address of 8 to 16 digits and a colon,
  /// without a gutter.
  public init(from decoder: any Decoder) throws {
    let table = try decoder.container(keyedBy: CodingKeys.self)
    strip = try table.decodeIfPresent(Pattern.self, forKey: .strip)
    before = try table.decode(forKey: .before, default: "")
    address = try table.decode(forKey: .address, default: .absolute)
    addressDigits = try table.decode(forKey: .addressDigits, default: 8...16)
    addressBits = try table.decode(forKey: .addressBits, default: 64)
    after = try table.decode(forKey: .after, default: address == .none ? "" : ": ")
    cellBytes = try table.decode(forKey: .cellBytes, default: 1)
    cells = try table.decode(forKey: .cells, default: 16 / min(max(cellBytes, 1), 16))
    padded = try table.decode(forKey: .padded, default: true)
    cellPrefix = try table.decode(forKey: .cellPrefix, default: "")
    groups = try table.decode(forKey: .groups, default: [])
    unreadable = try table.decodeIfPresent(String.self, forKey: .unreadable)
    order = try table.decode(forKey: .order, default: .memory)
    gutter = try table.decodeIfPresent(Gutter.self, forKey: .gutter)
    trailer = try table.decodeIfPresent(String.self, forKey: .trailer)
  }
}

extension LineLayout.Group: Decodable {
  enum CodingKeys: String, CodingKey {
    case every, text
  }

  /// Decodes a separator.
  public init(from decoder: any Decoder) throws {
    let table = try decoder.container(keyedBy: CodingKeys.self)
    every = try table.decode(Int.self, forKey: .every)
    text = try table.decode(String.self, forKey: .text)
  }
}

extension LineLayout.Gutter: Decodable {
  enum CodingKeys: String, CodingKey {
    case open, close, printable, dot, mask, split
  }

  /// Decodes a gutter. Left out, it stands behind two blanks and shows 0x20 to 0x7E, and a dot for all else.
  public init(from decoder: any Decoder) throws {
    let table = try decoder.container(keyedBy: CodingKeys.self)
    open = try table.decode(forKey: .open, default: "  ")
    close = try table.decode(forKey: .close, default: "")
    printable = try table.decode(forKey: .printable, default: 0x20...0x7E)
    let character = try table.decode(forKey: .dot, default: ".")
    guard let byte = character.utf8.first, character.utf8.count == 1 else {
      throw DecodingError.dataCorruptedError(
        forKey: .dot, in: table, debugDescription: "one ASCII character is expected, not \"\(character)\"")
    }
    dot = byte
    mask = try table.decode(forKey: .mask, default: 0xFF)
    split = try table.decodeIfPresent(Int.self, forKey: .split)
  }
}
