/// What a console has sent, made into text that can be matched, stored and shown.
public enum ConsoleText {
  /// What a person would see: escape sequences and control characters removed, erased characters gone.
  ///
  /// A backspace takes away the character before it, and a carriage return that is not part of a line end takes away
  /// the line, for consoles use both to write over what they have written (`3 \b\b\b 2 `). Line ends (CR LF, LF CR,
  /// CR CR LF, LF) become one LF. Bytes from 0xA0 count as Latin-1; tabs stay.
  public static func plain(_ bytes: [UInt8]) -> String {
    var screen = Screen()
    var at = 0
    while at < bytes.count {
      if bytes[at] == ASCII.escape {
        at = EscapeSequence.end(in: bytes, from: at)
      } else {
        screen.put(bytes[at])
        at += 1
      }
    }
    return screen.text
  }

  /// What was sent, byte for byte, for messages: CR, LF, TAB, quotes and backslashes as in a Swift literal, all other
  /// control characters and bytes from 0x7F as `\u{1B}`. Longer input is cut in the middle, for its end tells most.
  public static func visible(_ bytes: [UInt8], limit: Int = 200) -> String {
    guard bytes.count > limit else { return bytes.map(visible).joined() }
    let half = max(limit / 2, 1)
    let left = bytes.prefix(half).map(visible).joined()
    return left + "…(\(bytes.count - 2 * half) bytes)…" + bytes.suffix(half).map(visible).joined()
  }

  private static func visible(_ byte: UInt8) -> String {
    switch byte {
    case ASCII.carriageReturn: #"\r"#
    case ASCII.lineFeed: #"\n"#
    case ASCII.tab: #"\t"#
    case UInt8(ascii: "\\"): #"\\"#
    case UInt8(ascii: "\""): #"\""#
    case 0x20...0x7E: String(Unicode.Scalar(byte))
    default: #"\u{"# + String(byte, radix: 16, uppercase: true) + "}"
    }
  }

  /// The lines that have been written so far; only the last can still change.
  private struct Screen {
    private var done = ""
    private var line: [UInt8] = []
    private var returned = false

    var text: String { done + String(String.UnicodeScalarView(line.map { Unicode.Scalar($0) })) }

    mutating func put(_ byte: UInt8) {
      switch byte {
      case ASCII.carriageReturn:
        returned = true
        return
      case ASCII.lineFeed:
        done.unicodeScalars.append(contentsOf: line.map { Unicode.Scalar($0) })
        done += "\n"
        line = []
        returned = false
        return
      case ASCII.backspace:
        if !returned { _ = line.popLast() }
        return
      case ASCII.tab, 0x20...0x7E, 0xA0...0xFF:
        if returned { line = [] }
        returned = false
        line.append(byte)
      default:
        return
      }
    }
  }
}
