/// A command that prints memory, and the form of what it prints.
public struct ReadMethod: Sendable, Equatable {
  /// What a manifest calls it, such as `md.l`.
  public var name: String
  /// Placeholders: `address`, `length` (bytes), `count` (cells), `lines`, `end` (first address behind), `last`.
  public var command: CommandTemplate
  /// Questions that this one command asks, in order, and their answers, with the same placeholders.
  public var dialogue: [DialogueStep]
  /// What the command prints however much is asked for, in bytes; absent where the command takes a length.
  public var fixedLength: Int?
  /// The most bytes that one command may be asked for.
  public var maxLength: Int?
  /// Addresses and lengths asked for must be multiples of this, in bytes.
  public var align: Int
  /// Lines that the command prints beside the dump itself (`Displaying memory at …`).
  public var headers: [Pattern]
  /// The form of its lines.
  public var layout: LineLayout
}

/// One step of a command's dialogue.
public struct DialogueStep: Sendable, Equatable {
  /// What the console asks, matched at the end of what it has printed.
  public var expect: Pattern
  /// What to answer; nothing is added to it.
  public var send: CommandTemplate
}

extension ReadMethod {
  /// The names that may stand in ``command`` and in the answers of ``dialogue``.
  public static let placeholders: Set<String> = ["address", "length", "count", "lines", "end", "last"]

  /// The command line that prints `length` bytes of memory from `address`.
  ///
  /// - Precondition: `length` is at least 1.
  public func command(address: UInt64, length: Int) -> String {
    command.render(values(address: address, length: length))
  }

  /// What to send at each step of the dialogue, in order.
  ///
  /// - Precondition: `length` is at least 1.
  public func answers(address: UInt64, length: Int) -> [String] {
    dialogue.map { $0.send.render(values(address: address, length: length)) }
  }

  /// How many characters the console prints for `length` bytes, CR and LF included; echo, headers and prompt are not.
  ///
  /// Follows from the layout's own widths, so it is as exact as the blanks in the table are.
  public func characters(length: Int, addressDigits: Int) -> Int {
    let (lines, rest) = length.quotientAndRemainder(dividingBy: layout.lineBytes)
    let full = layout.width(bytes: layout.lineBytes, addressDigits: addressDigits) + 2
    return lines * full + (rest == 0 ? 0 : layout.width(bytes: rest, addressDigits: addressDigits) + 2)
  }

  private func values(address: UInt64, length: Int) -> [String: UInt64] {
    precondition(length > 0, "a read needs a length, not \(length)")
    let rounded = { (unit: Int) in UInt64((length + unit - 1) / unit) }
    return [
      "address": address, "length": UInt64(length), "count": rounded(layout.cellBytes),
      "lines": rounded(layout.lineBytes), "end": address &+ UInt64(length), "last": address &+ UInt64(length) &- 1,
    ]
  }
}

extension ReadMethod: Decodable {
  enum CodingKeys: String, CodingKey {
    case name, command, dialogue, fixedLength, maxLength, align, headers, layout
  }

  /// Decodes a method; ``align`` is a cell where it is left out.
  public init(from decoder: any Decoder) throws {
    let table = try decoder.container(keyedBy: CodingKeys.self)
    name = try table.decode(String.self, forKey: .name)
    command = try table.decode(CommandTemplate.self, forKey: .command)
    dialogue = try table.decode(forKey: .dialogue, default: [])
    fixedLength = try table.decodeIfPresent(Int.self, forKey: .fixedLength)
    maxLength = try table.decodeIfPresent(Int.self, forKey: .maxLength)
    headers = try table.decode(forKey: .headers, default: [])
    layout = try table.decode(LineLayout.self, forKey: .layout)
    align = try table.decode(forKey: .align, default: layout.cellBytes)
  }
}

extension DialogueStep: Decodable {
  enum CodingKeys: String, CodingKey {
    case expect, send
  }

  /// Decodes a step.
  public init(from decoder: any Decoder) throws {
    let table = try decoder.container(keyedBy: CodingKeys.self)
    expect = try table.decode(Pattern.self, forKey: .expect)
    send = try table.decode(CommandTemplate.self, forKey: .send)
  }
}
