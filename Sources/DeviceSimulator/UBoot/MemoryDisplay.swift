/// A running `md`: where it is and how much is left.
struct MemoryDisplay: Sendable, Equatable {
  var address: UInt64
  /// Bytes of a word: 1, 2, 4 or 8.
  var width: Int
  /// Words still to be shown.
  var remaining: UInt64
}

/// Formats one line of `md` (`print_buffer` and `hexdump_line` of `lib/display_options.c`).
struct DisplayLine {
  static let bytesPerLine = 16

  let address: UInt64
  let width: Int
  let gutter: UBootOptions.Gutter
  let byteOrder: UBootOptions.ByteOrder

  /// Appends the line of `bytes`, which are as many as the line shows, with CR LF.
  ///
  /// A simulator of many units spends much of its time here. So the line is made of blanks first and its characters are
  /// put at their places: an array looks at its storage anew for each character that is appended to it.
  func append(_ bytes: [UInt8], to output: inout [UInt8]) {
    let digits = addressDigits
    let gutterStart = digits + 1 + bytes.count / width * (2 * width + 1) + gap(shown: bytes.count / width)
    let length = gutterStart + bytes.count - (overruns(bytes, digits) ? 2 : 0) + 2
    let start = output.count
    output.append(contentsOf: repeatElement(Control.space, count: length))
    var characters = output.mutableSpan
    putAddress(digits, at: start, into: &characters)
    putWords(bytes, at: start + digits + 1, into: &characters)
    putGutter(bytes, at: start + gutterStart, into: &characters)
    if overruns(bytes, digits) { characters[start + gutterStart + 13] = 0x10 }
    characters[start + length - 2] = Control.carriageReturn
    characters[start + length - 1] = Control.lineFeed
  }

  /// `%08lx`.
  private var addressDigits: Int { address > 0xFFFF_FFFF ? (71 - address.leadingZeroBitCount) / 4 - 1 : 8 }

  /// The new form lines the gutter up, the old one does not.
  private func gap(shown: Int) -> Int {
    gutter == .new ? 2 + (Self.bytesPerLine / width - shown) * (2 * width + 1) : 4
  }

  /// With 16 address digits a full byte line overruns the buffer that `hexdump_line` computed for 8: the column ends
  /// after 13 characters in a stray 0x10.
  private func overruns(_ bytes: [UInt8], _ digits: Int) -> Bool {
    gutter == .new && digits == 16 && width == 1 && bytes.count == Self.bytesPerLine
  }

  private func putAddress(_ digits: Int, at start: Int, into line: inout MutableSpan<UInt8>) {
    for place in 0..<digits {
      line[start + place] = Self.digit(UInt8(truncatingIfNeeded: address >> UInt64(4 * (digits - 1 - place))) & 15)
    }
    line[start + digits] = UInt8(ascii: ":")
  }

  private func putWords(_ bytes: [UInt8], at start: Int, into line: inout MutableSpan<UInt8>) {
    // A word prints its highest byte first; on a little-endian CPU that one stands last in memory. Widths are powers of
    // two, so that turning over the low bits of a place turns each word around.
    let turned = byteOrder == .little ? width - 1 : 0
    var place = start
    for index in bytes.indices {
      if index & (width - 1) == 0 { place += 1 }
      let byte = bytes[index ^ turned]
      line[place] = Self.digit(byte >> 4)
      line[place + 1] = Self.digit(byte & 15)
      place += 2
    }
  }

  /// At the end of `line`, but for CR LF.
  private func putGutter(_ bytes: [UInt8], at start: Int, into line: inout MutableSpan<UInt8>) {
    let shown = Self.shownAs
    for index in 0..<min(bytes.count, line.count - 2 - start) {
      line[start + index] = shown[Int(bytes[index])]
    }
  }

  /// What the gutter shows for each byte. As in `digit`, no processor can guess a branch that follows from random bytes.
  private static let shownAs = (0...UInt8.max).map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: ".") }

  /// The lower-case digit of a value below 16.
  private static func digit(_ value: UInt8) -> UInt8 {
    let isLetter = (value &+ 6) >> 4
    return UInt8(ascii: "0") &+ value &+ isLetter &* (UInt8(ascii: "a") - UInt8(ascii: "0") - 10)
  }
}

extension UBootFirmware {
  /// `md[.b, .w, .l, .q] address [# of objects]`; what is left out, and all of a repetition, continues the last `md`.
  mutating func displayMemory(_ words: [String], isRepeat: Bool) {
    if !isRepeat {
      guard words.count > 1 else { return usage(.md) }
      guard let width = width(of: words[0]) else { return fail() }
      display.width = width
      display.address = address(words[1]) &+ addressBase
      if words.count > 2 { display.remaining = number(words[2]) }
    }
    let shown = display
    display.address = masked(display.address &+ display.remaining &* UInt64(display.width))
    plan([.display(shown)])
  }

  /// Prints the next line, after having asked for ctrl-C as `print_buffer` does: any other character that waits is lost.
  mutating func show(_ display: MemoryDisplay, _ machine: inout Machine) {
    guard display.remaining > 0 else { return }
    let count = Int(min(display.remaining * UInt64(display.width), UInt64(DisplayLine.bytesPerLine)))
    lineBytes.removeAll(keepingCapacity: true)
    guard memory.read(display.address, count, into: &lineBytes) else { return abort(at: display.address) }
    machine.faults.disturb(&lineBytes, at: display.address, &machine.counters.faults)
    let line = DisplayLine(
      address: display.address, width: display.width, gutter: options.gutter, byteOrder: options.byteOrder)
    machine.uart.send { line.append(lineBytes, to: &$0) }
    machine.show(MemoryRange(address: display.address, size: count))
    let rest = MemoryDisplay(
      address: masked(display.address &+ UInt64(count)), width: display.width,
      remaining: display.remaining - UInt64(count / display.width))
    plan(.poll(then: rest))
  }

  /// The letter behind the command's dot as a width in bytes, 4 without one; nil where this CPU has no such width.
  func width(of command: String) -> Int? {
    guard let dot = command.lastIndex(of: "."), command.index(dot, offsetBy: 2) == command.endIndex else { return 4 }
    switch command.last {
    case "b": return 1
    case "w": return 2
    case "l": return 4
    case "q": return options.addressWidth == 64 ? 8 : nil
    default: return nil
    }
  }
}
