/// A text of a layout in which a run of blanks stands for one or more blanks or tabs.
struct BlankText: Sendable {
  private let bytes: [UInt8]
  private let core: [UInt8]

  init(_ text: String) {
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      let byte = byte == ASCII.tab ? ASCII.blank : byte
      if byte != ASCII.blank || bytes.last != ASCII.blank { bytes.append(byte) }
    }
    self.bytes = bytes
    core = Self.core(of: bytes)
  }

  /// A text without the blanks around it.
  static func core(of text: [UInt8]) -> [UInt8] {
    guard let first = text.firstIndex(where: { $0 != ASCII.blank }),
      let last = text.lastIndex(where: { $0 != ASCII.blank })
    else { return [] }
    return Array(text[first...last])
  }

  /// Passes this text in a line. False where it is not there; the place is then undefined.
  @inline(__always)
  func pass(_ line: RawSpan, _ at: inout Int) -> Bool {
    for byte in bytes {
      if byte == ASCII.blank {
        guard Self.passBlanks(line, &at) > 0 else { return false }
      } else {
        guard at < line.byteCount, line.byte(at) == byte else { return false }
        at += 1
      }
    }
    return true
  }

  /// Passes this text in a line with any blanks, or none, around it. False also where it is blank altogether.
  func passWithoutBlanks(_ line: RawSpan, _ at: inout Int) -> Bool {
    _ = Self.passBlanks(line, &at)
    for byte in core {
      guard at < line.byteCount, line.byte(at) == byte else { return false }
      at += 1
    }
    return !core.isEmpty
  }

  /// Passes blanks and tabs and tells how many.
  @inline(__always)
  static func passBlanks(_ line: RawSpan, _ at: inout Int) -> Int {
    let start = at
    while at < line.byteCount, line.byte(at) == ASCII.blank || line.byte(at) == ASCII.tab { at += 1 }
    return at - start
  }
}
