/// The W90 loader's command line while it is typed (NU_parse of Winbond's 710bootloader `sh.c`).
///
/// BS draws the line again, ESC takes the following characters with it, and the line runs by itself when its 80
/// characters are full.
struct W90LineEditor: Sendable {
  static let capacity = 80
  /// The prompt begins with a CR of its own.
  static let prompt = "\rbootloader > "

  private enum EscapeSequence {
    case none, begun, open
  }

  private var text: [UInt8] = []
  private var escape = EscapeSequence.none
  /// Arrow keys take a third character only when there is a command to bring back.
  private var hasHistory = false

  /// Takes one character, sends its echo and returns the line if it is complete, its line feed included if it has one.
  mutating func take(_ byte: UInt8, _ uart: inout Uart) -> [UInt8]? {
    if consumedByEscape(byte) { return nil }
    switch byte {
    case Control.escape: escape = .begun
    case Control.backspace:
      guard text.popLast() != nil else { break }
      uart.send("\r\(Self.prompt)".utf8)
      uart.send(text)
      uart.send([Control.space, Control.backspace])
    case Control.carriageReturn, Control.lineFeed:
      text.append(Control.lineFeed)
      uart.send([Control.lineFeed, Control.carriageReturn])
      return complete()
    default:
      text.append(byte)
      uart.send([byte])
      if text.count == Self.capacity { return complete() }
    }
    return nil
  }

  private mutating func complete() -> [UInt8] {
    defer { text = [] }
    if text.first != Control.lineFeed { hasHistory = true }
    return text
  }

  private mutating func consumedByEscape(_ byte: UInt8) -> Bool {
    switch escape {
    case .none: return false
    case .begun: escape = byte == UInt8(ascii: "[") && hasHistory ? .open : .none
    case .open: escape = .none
    }
    return true
  }
}
