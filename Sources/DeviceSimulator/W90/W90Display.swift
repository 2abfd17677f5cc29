/// A running `d`: 256 bytes from the start of a word on.
struct W90Display: Sendable, Equatable {
  /// The address asked for; bytes before it in its word are left blank.
  var first: UInt32
  /// Bytes of a cell: 1, 2 or 4.
  var width: Int
  /// Whether cells show memory order instead of the CPU's value.
  var isSwapped: Bool
  /// Lines already shown, of 16.
  var linesShown = 0

  static let lines = 16
  static let bytesPerLine = 16

  /// Address of the next line.
  var address: UInt32 { (first & ~3) &+ UInt32(linesShown * Self.bytesPerLine) }

  /// Appends the next line, whose bytes are `bytes`, up to the line end (`HYC_DumpAddress` of `sh.c`).
  func append(_ bytes: [UInt8], to output: inout [UInt8]) {
    output.append(UInt8(ascii: "["))
    for shift in stride(from: 24, through: 0, by: -8) {
      Self.append(UInt8(truncatingIfNeeded: address >> UInt32(shift)), to: &output)
    }
    output.append(UInt8(ascii: "]"))
    for start in stride(from: 0, to: bytes.count, by: width) {
      if start == Self.bytesPerLine / 2 { output.append(contentsOf: [Control.space, UInt8(ascii: "-")]) }
      append(cell: bytes[start..<start + width], at: address &+ UInt32(start), to: &output)
    }
    output.append(contentsOf: [Control.space, Control.space])
    for (offset, byte) in bytes.enumerated() {
      output.append(Self.gutter(byte, isHidden: address &+ UInt32(offset) < first))
    }
    // The format string ends in CR LF, and the loader's putchar sends a CR behind each LF.
    output.append(contentsOf: [Control.carriageReturn, Control.lineFeed, Control.carriageReturn])
  }

  private func append(cell: ArraySlice<UInt8>, at address: UInt32, to output: inout [UInt8]) {
    guard address >= first else {
      output.append(contentsOf: repeatElement(Control.space, count: 2 * width + 1))
      return
    }
    output.append(Control.space)
    // The CPU is little endian: its value has the last byte of memory first.
    for index in 0..<width {
      Self.append(cell[cell.startIndex + (isSwapped ? index : width - 1 - index)], to: &output)
    }
  }

  private static func gutter(_ byte: UInt8, isHidden: Bool) -> UInt8 {
    if isHidden { return Control.space }
    return (0x21...0x7F).contains(byte) ? byte : UInt8(ascii: ".")
  }

  private static func append(_ byte: UInt8, to output: inout [UInt8]) {
    output.append(hexDigits[Int(byte >> 4)])
    output.append(hexDigits[Int(byte & 15)])
  }

  private static let hexDigits = Array("0123456789ABCDEF".utf8)
}

extension W90Firmware {
  /// `d -[w,h,b,s] <taddr>`. An address without `0x` is ignored; the address is remembered.
  mutating func display(_ words: [String]) {
    var display = W90Display(first: displayAddress, width: 4, isSwapped: false)
    for word in words {
      if let address = address(word) {
        display.first = address
      } else if word.hasPrefix("-") {
        switch word.dropFirst().first {
        case "h", "H": display.width = 2
        case "b", "B": display.width = 1
        case "s", "S": display.isSwapped = true
        case "?": return plan([.text(Self.displayUsage)])
        default: display.width = 4
        }
      }
    }
    displayAddress = (display.first & ~3) &+ UInt32(W90Display.lines * W90Display.bytesPerLine)
    plan([.text("Displaying memory at 0x\(String(display.first, radix: 16, uppercase: true))\n"), .display(display)])
  }

  /// Prints a line. Nothing typed in the meantime is looked at: what the port's FIFO holds is read at the next prompt.
  mutating func show(_ display: W90Display, _ machine: inout Machine) {
    guard display.linesShown < W90Display.lines else { return }
    guard var bytes = memory.bytes(at: UInt64(display.address), count: W90Display.bytesPerLine) else {
      return abort(display)
    }
    machine.faults.disturb(&bytes, at: UInt64(display.address), &machine.counters.faults)
    machine.uart.send { display.append(bytes, to: &$0) }
    let firstShown = max(display.first, display.address)
    machine.show(
      MemoryRange(address: UInt64(firstShown), size: W90Display.bytesPerLine - Int(firstShown - display.address)))
    var rest = display
    rest.linesShown += 1
    plan([.display(rest)])
  }

  /// A data abort ends the command; the loader tells of it before its next prompt and does not reset. How much of the
  /// line is out by then is inferred: the address, which is printed before the first access.
  private mutating func abort(_ display: W90Display) {
    dataAborted = true
    plan([.text("[\(padded(display.address, upper: true))]")])
  }

  /// `0x` and one to eight hexadecimal digits; nothing else is an address for the loader.
  func address(_ word: String) -> UInt32? {
    let digits = word.utf8.dropFirst(2)
    guard word.lowercased().hasPrefix("0x"), (1...8).contains(digits.count),
      digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit })
    else { return nil }
    return UInt32(word.dropFirst(2), radix: 16)
  }

  private static let displayUsage = """
    usage: D -[w,h,b,s] <taddr>
           -w, -W\tWord alignment
           -h, -H\tHalf-word alignment
           -b, -B\tByte alignment
           -s, -S\tSwap target
           <taddr>\tTarget memory address.

    """
}
