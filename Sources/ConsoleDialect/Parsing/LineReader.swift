/// Reads one line of a dump in any layout, cell by cell, and finds all that could be wrong with it.
///
/// This is the way for every line; ``RegularLine`` is a shortcut for lines that look just like the last one.
struct LineReader: Sendable {
  /// What a line is.
  enum Verdict: Equatable {
    /// A line of the dump at an offset in bytes; its bytes are in the scratch.
    case whole(offset: Int)
    /// The same, with cells that the console could not read.
    case unreadable(offset: Int)
    /// A dump line of an address that was not asked for.
    case elsewhere
    /// Something that begins as a dump line does.
    case malformed
    /// A dump line whose characters tell of other bytes than its cells.
    case gutterMismatch
    /// Anything else.
    case foreign
  }

  /// What is read of a line; reused for each, so that no line allocates.
  struct Scratch: Sendable {
    /// Bytes in memory order.
    var bytes: [UInt8]
    /// Of ``bytes``, how many the line has.
    var count = 0
    /// Where each cell's digits begin.
    var cellStarts: [Int] = []
    /// Where the address' digits begin, and how many there are.
    var addressStart = 0
    var addressDigits = 0
    /// Where the last cell ends.
    var cellsEnd = 0
    /// Where the gutter's first character is; absent where it was not looked at.
    var gutterStart: Int?

    init(layout: LineLayout) {
      bytes = Array(repeating: 0, count: layout.lineBytes)
      cellStarts.reserveCapacity(layout.cells)
    }
  }

  let layout: LineLayout
  let reversesCells: Bool
  let checksGutter: Bool
  let address: UInt64
  let total: Int
  private let before: BlankText
  private let after: BlankText
  private let cellPrefix: [UInt8]
  private let separators: [BlankText]
  private let unreadable: UInt8?
  private let gutterReader: GutterReader

  init(layout: LineLayout, reversesCells: Bool, checksGutter: Bool, address: UInt64, total: Int) {
    self.layout = layout
    self.reversesCells = reversesCells
    self.checksGutter = checksGutter
    self.address = address
    self.total = total
    before = BlankText(layout.before)
    after = BlankText(layout.after)
    cellPrefix = Array(layout.cellPrefix.utf8)
    separators = (0..<layout.cells).map { BlankText($0 == 0 ? "" : layout.separator(before: $0)) }
    unreadable = layout.unreadable?.utf8.first
    gutterReader = GutterReader(layout: layout, checks: checksGutter)
  }

  /// Reads a line without its end. `next` is the offset that a dump without addresses has come to.
  func read(_ line: RawSpan, next: Int, into scratch: inout Scratch) -> Verdict {
    var at = 0
    guard passPrefix(line, &at), before.pass(line, &at), let shown = readAddress(line, &at, &scratch),
      after.pass(line, &at)
    else { return .foreign }
    scratch.cellStarts.removeAll(keepingCapacity: true)
    let offset = layout.address == .none ? next : offset(of: shown)
    let bytes = offset.map { min(layout.lineBytes, total - $0) } ?? layout.lineBytes
    guard bytes > 0 else { return readFirstCell(line, &at, &scratch) ? .elsewhere : .foreign }
    return readCells(line, at, Expected(offset: offset, bytes: bytes), &scratch)
  }

  /// What a line should hold; without an offset it is none that was asked for.
  private struct Expected {
    var offset: Int?
    var bytes: Int
  }

  private func readCells(_ line: RawSpan, _ start: Int, _ expected: Expected, _ scratch: inout Scratch) -> Verdict {
    var at = start
    var isReadable = true
    for cell in 0..<(expected.bytes / layout.cellBytes) {
      guard separators[cell].pass(line, &at), let isCellReadable = readCell(line, &at, cell, &scratch) else {
        return cell == 0 ? .foreign : expected.offset == nil ? .elsewhere : .malformed
      }
      isReadable = isReadable && isCellReadable
    }
    guard let offset = expected.offset else { return .elsewhere }
    guard at == line.byteCount || Hex.nibble(line.byte(at)) == nil else { return .malformed }
    scratch.count = expected.bytes
    scratch.cellsEnd = at
    let isLast = offset + expected.bytes == total
    if expected.bytes < layout.lineBytes { passDanglingSeparator(line, &at, cell: expected.bytes / layout.cellBytes) }
    switch gutterReader.read(
      line, from: at, bytes: isReadable ? scratch.bytes : nil, count: scratch.count, isLast: isLast)
    {
    case .none: return .malformed
    case .some(.differs): return .gutterMismatch
    case .some(.agrees(let start)): scratch.gutterStart = start
    case .some(.unchecked): scratch.gutterStart = nil
    }
    return isReadable ? .whole(offset: offset) : .unreadable(offset: offset)
  }

  /// Removes what a log puts before its lines.
  private func passPrefix(_ line: RawSpan, _ at: inout Int) -> Bool {
    guard let strip = layout.strip else { return true }
    var text = ""
    for index in 0..<min(line.byteCount, Pattern.lineLimit) {
      text.unicodeScalars.append(Unicode.Scalar(line.byte(index)))
    }
    guard let prefix = strip.range(in: text), prefix.lowerBound == text.startIndex else { return false }
    at = text.unicodeScalars.distance(from: prefix.lowerBound, to: prefix.upperBound)
    return true
  }

  private func readAddress(_ line: RawSpan, _ at: inout Int, _ scratch: inout Scratch) -> UInt64? {
    guard layout.address != .none else { return 0 }
    var value: UInt64 = 0
    scratch.addressStart = at
    while at < line.byteCount, let digit = Hex.nibble(line.byte(at)) {
      guard at - scratch.addressStart < layout.addressDigits.upperBound else { return nil }
      value = value << 4 | UInt64(digit)
      at += 1
    }
    scratch.addressDigits = at - scratch.addressStart
    return layout.addressDigits.contains(scratch.addressDigits) ? value : nil
  }

  /// How far an address shown is from the one asked for; absent where no line of this dump begins there.
  private func offset(of shown: UInt64) -> Int? {
    let distance = (layout.address == .offset ? shown : shown &- address) & mask
    guard distance < UInt64(total), shown & ~mask == 0 else { return nil }
    return Int(distance)
  }

  private var mask: UInt64 { layout.addressBits >= 64 ? .max : (1 << UInt64(layout.addressBits)) - 1 }

  private func readFirstCell(_ line: RawSpan, _ at: inout Int, _ scratch: inout Scratch) -> Bool {
    readCell(line, &at, 0, &scratch) != nil
  }

  /// Reads a cell; absent where it is none, false where the console could not read it.
  private func readCell(_ line: RawSpan, _ at: inout Int, _ cell: Int, _ scratch: inout Scratch) -> Bool? {
    for byte in cellPrefix {
      guard at < line.byteCount, line.byte(at) == byte else { return nil }
      at += 1
    }
    scratch.cellStarts.append(at)
    let digits = 2 * layout.cellBytes
    if let unreadable, at + digits <= line.byteCount, (0..<digits).allSatisfy({ line.byte(at + $0) == unreadable }) {
      at += digits
      return false
    }
    var value: UInt64 = 0
    var count = 0
    while count < digits, at < line.byteCount, let digit = Hex.nibble(line.byte(at)) {
      value = value << 4 | UInt64(digit)
      count += 1
      at += 1
    }
    guard layout.padded ? count == digits : count > 0 else { return nil }
    store(value, cell, &scratch)
    return true
  }

  private func store(_ value: UInt64, _ cell: Int, _ scratch: inout Scratch) {
    let size = layout.cellBytes
    for index in 0..<size {
      let byte = UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
      scratch.bytes[cell * size + (reversesCells ? index : size - 1 - index)] = byte
    }
  }

  /// Some consoles print the separator of the cell that does not come any more.
  private func passDanglingSeparator(_ line: RawSpan, _ at: inout Int, cell: Int) {
    guard layout.groups.contains(where: { cell % $0.every == 0 }) else { return }
    var behind = at
    if separators[cell].passWithoutBlanks(line, &behind) { at = behind }
  }
}

/// Hex digits, one at a time.
enum Hex {
  /// The value of a digit in either case; absent where a byte is none.
  @inline(__always)
  static func nibble(_ byte: UInt8) -> UInt8? {
    let digit = byte &- UInt8(ascii: "0")
    if digit < 10 { return digit }
    let letter = (byte | 0x20) &- UInt8(ascii: "a")
    return letter < 6 ? letter + 10 : nil
  }
}
