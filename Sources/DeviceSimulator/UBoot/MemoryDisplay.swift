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
  func append(_ bytes: ArraySlice<UInt8>, to output: inout [UInt8]) {
    let digits = appendAddress(to: &output)
    for start in stride(from: bytes.startIndex, to: bytes.endIndex, by: width) {
      output.append(Control.space)
      appendWord(bytes[start..<start + width], to: &output)
    }
    appendGap(shown: bytes.count / width, to: &output)
    appendGutter(bytes, digits: digits, to: &output)
    output.append(Control.carriageReturn)
    output.append(Control.lineFeed)
  }

  /// `%08lx:`, lower case; returns the number of digits.
  private func appendAddress(to output: inout [UInt8]) -> Int {
    let digits = address > 0xFFFF_FFFF ? (71 - address.leadingZeroBitCount) / 4 - 1 : 8
    for place in stride(from: digits - 1, through: 0, by: -1) {
      output.append(Self.hexDigits[Int(truncatingIfNeeded: address >> UInt64(4 * place)) & 15])
    }
    output.append(UInt8(ascii: ":"))
    return digits
  }

  private func appendWord(_ bytes: ArraySlice<UInt8>, to output: inout [UInt8]) {
    for index in 0..<width {
      // A word prints its highest byte first; on a little-endian CPU that one stands last in memory.
      let place = byteOrder == .little ? width - 1 - index : index
      let byte = bytes[bytes.startIndex + place]
      output.append(Self.hexDigits[Int(byte >> 4)])
      output.append(Self.hexDigits[Int(byte & 15)])
    }
  }

  /// The new form lines the gutter up, the old one does not.
  private func appendGap(shown: Int, to output: inout [UInt8]) {
    let missing = Self.bytesPerLine / width - shown
    let count = gutter == .new ? 2 + missing * (2 * width + 1) : 4
    output.append(contentsOf: repeatElement(Control.space, count: count))
  }

  private func appendGutter(_ bytes: ArraySlice<UInt8>, digits: Int, to output: inout [UInt8]) {
    let start = output.count
    for byte in bytes {
      output.append((0x20...0x7E).contains(byte) ? byte : UInt8(ascii: "."))
    }
    // With 16 address digits a full byte line overruns the buffer that `hexdump_line` computed for 8: the column ends
    // after 13 characters in a stray 0x10.
    if gutter == .new, digits == 16, width == 1, bytes.count == Self.bytesPerLine {
      output.removeSubrange((start + 13)...)
      output.append(0x10)
    }
  }

  private static let hexDigits = Array("0123456789abcdef".utf8)
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
    guard var bytes = memory.bytes(at: display.address, count: count) else { return abort(at: display.address) }
    machine.faults.disturb(&bytes, at: display.address, &machine.counters.faults)
    let line = DisplayLine(
      address: display.address, width: display.width, gutter: options.gutter, byteOrder: options.byteOrder)
    machine.uart.send { line.append(bytes[...], to: &$0) }
    machine.show(MemoryRange(address: display.address, size: count))
    let rest = MemoryDisplay(
      address: masked(display.address &+ UInt64(count)), width: display.width,
      remaining: display.remaining - UInt64(count / display.width))
    plan([.poll(then: rest)])
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
