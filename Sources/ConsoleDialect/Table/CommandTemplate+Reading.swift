extension CommandTemplate {
  /// The numbers that were put into a command line; absent where the line was not made from this template.
  ///
  /// A number counts only if this template would write it so, digit for digit.
  public func values(in line: String) -> [String: UInt64]? { Self.values(of: pieces[...], in: Array(line.utf8)[...]) }

  /// The same for several templates that were sent one behind the other.
  static func values(of pieces: ArraySlice<Piece>, in text: ArraySlice<UInt8>) -> [String: UInt64]? {
    guard let piece = pieces.first else { return text.isEmpty ? [:] : nil }
    switch piece {
    case .literal(let literal):
      guard text.starts(with: literal.utf8) else { return nil }
      return values(of: pieces.dropFirst(), in: text.dropFirst(literal.utf8.count))
    case .number(let name, let format):
      let digits = text.prefix { Hex.nibble($0) != nil }
      // The longest first: what follows a number seldom looks like one.
      for count in stride(from: min(digits.count, 20), to: 0, by: -1) {
        let shown = String(decoding: digits.prefix(count), as: UTF8.self)
        guard let value = UInt64(shown, radix: format.radix), format.render(value) == shown,
          var found = values(of: pieces.dropFirst(), in: text.dropFirst(count)), found[name] ?? value == value
        else { continue }
        found[name] = value
        return found
      }
      return nil
    }
  }
}

/// A range of memory that a command was about.
public struct CommandRange: Sendable, Hashable {
  /// The first address.
  public var address: UInt64
  /// How many bytes, at least 1.
  public var length: Int

  /// A range of `length` bytes, at least 1.
  public init(address: UInt64, length: Int) {
    self.address = address
    self.length = length
  }

  /// A range, from what a command line says of it; absent where it does not say enough, or makes no sense.
  init?(_ values: [String: UInt64], cellBytes: Int = 1, lineBytes: Int = 1, fixedLength: Int? = nil) {
    guard let address = values["address"] else { return nil }
    let units = [("length", 1), ("count", cellBytes), ("lines", lineBytes)]
    let counted = units.lazy.compactMap { name, unit in
      values[name].map { $0.multipliedReportingOverflow(by: UInt64(unit)) }
    }.first { !$0.overflow }?.partialValue
    let length = counted ?? values["end"].map { $0 &- address } ?? values["last"].map { $0 &- address &+ 1 }
    guard let bytes = fixedLength ?? length.flatMap({ Int(exactly: $0) }), bytes > 0 else { return nil }
    self.address = address
    self.length = bytes
  }
}

extension ReadMethod {
  /// What was asked for, told from a command line and from all that was answered to its questions.
  ///
  /// - Parameter answers: what was sent after the command, joined; empty where the method asks nothing.
  /// - Returns: the range, up to a whole cell where the command counts cells; absent where the command is another.
  public func request(command line: String, answers: String = "") -> CommandRange? {
    guard let typed = command.values(in: line) else { return nil }
    let sent = CommandTemplate.values(of: dialogue.flatMap(\.send.pieces)[...], in: Array(answers.utf8)[...])
    guard let sent else { return nil }
    let values = typed.merging(sent) { typed, _ in typed }
    return CommandRange(
      values, cellBytes: layout.cellBytes, lineBytes: layout.lineBytes, fixedLength: fixedLength)
  }
}

extension DigestMethod {
  /// What a command line asks the digest of; absent where it is another command.
  public func request(command line: String) -> CommandRange? {
    command.values(in: line).flatMap { CommandRange($0) }
  }
}
