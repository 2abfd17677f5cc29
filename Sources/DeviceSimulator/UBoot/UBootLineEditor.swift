/// U-Boot's command line while it is typed (`cread_line` of `common/cli_readline.c`), as a QEMU arm board of 2023.01
/// answers: exact echo, CR or LF ends the line, DEL and BS rub out, ctrl-U and ctrl-X clear, ctrl-C interrupts, each
/// character beyond the buffer gets a BEL. History and completion are not simulated; their keys do nothing.
struct UBootLineEditor: Sendable {
  /// What a character brought about.
  enum Outcome: Equatable {
    case typing
    case line([UInt8])
    case interrupted
  }

  private enum EscapeSequence {
    case none, begun, open
  }

  let capacity: Int
  private var text: [UInt8] = []
  private var escape = EscapeSequence.none

  init(capacity: Int) { self.capacity = capacity }

  /// Takes one character and sends its echo.
  mutating func take(_ byte: UInt8, _ uart: inout Uart) -> Outcome {
    if consumedByEscape(byte) { return .typing }
    switch byte {
    case Control.carriageReturn, Control.lineFeed:
      uart.send([Control.carriageReturn, Control.lineFeed])
      defer { text = [] }
      return .line(text)
    case Control.interrupt:
      text = []
      return .interrupted
    case Control.backspace, Control.delete:
      guard text.popLast() != nil else { break }
      uart.send([Control.backspace, Control.space, Control.backspace])
    case Control.killLine, Control.cancel:
      for character in [Control.backspace, Control.space, Control.backspace] {
        uart.send(repeatElement(character, count: text.count))
      }
      text = []
    case Control.escape: escape = .begun
    case 0..<0x20: break
    default: insert(byte, &uart)
    }
    return .typing
  }

  private mutating func insert(_ byte: UInt8, _ uart: inout Uart) {
    guard text.count < capacity else {
      uart.send([Control.bell])
      return
    }
    text.append(byte)
    uart.send([byte])
  }

  /// Arrow keys send ESC, `[` and a letter; all three vanish.
  private mutating func consumedByEscape(_ byte: UInt8) -> Bool {
    switch escape {
    case .none: return false
    case .begun:
      escape = byte == UInt8(ascii: "[") ? .open : .none
      return byte == UInt8(ascii: "[")
    case .open:
      escape = .none
      return true
    }
  }
}
