import Testing

@testable import ConsoleDialect

/// A full line of some layout whose shape is known, and what becomes of it when it is damaged.
private struct KnownShape {
  var dump: Dump
  private let reader: LineReader
  private var shape: RegularLine

  /// Learns from the first of two lines; the second is to be read. Where the gutter shows all bytes as themselves, no
  /// digit can change unseen.
  init(_ method: String, of dialect: String, showsAll: Bool) throws {
    let layout = try TestDialect.method(method, of: dialect).layout
    dump = Dump(layout, count: 2 * layout.lineBytes)
    if showsAll { dump.bytes = dump.bytes.map { 0x2F + $0 % 80 } }
    let reversesCells = layout.order == .value
    reader = LineReader(
      layout: layout, reversesCells: reversesCells, checksGutter: true, address: dump.address, total: dump.bytes.count)
    shape = RegularLine(layout: layout, reversesCells: reversesCells, checksGutter: true, address: dump.address)
    var scratch = LineReader.Scratch(layout: layout)
    let first = Array(dump.lines[0].utf8)
    try #require(reader.read(first.span.bytes, next: 0, into: &scratch) == .whole(offset: 0))
    shape.learn(first.span.bytes, scratch)
  }

  /// The second line.
  var line: [UInt8] {
    let layout = dump.layout
    let shown = (layout.address == .offset ? 0 : dump.address) + UInt64(layout.lineBytes)
    return Array(layout.line(address: shown, bytes: bytes, byteOrder: dump.byteOrder).utf8)
  }

  /// What it says.
  var bytes: [UInt8] { Array(dump.bytes[dump.layout.lineBytes...]) }

  /// The line's bytes by the shortcut; absent where it leaves the line alone. Then it must leave no trace.
  func read(_ line: [UInt8]) -> [UInt8]? {
    let text = line + [ASCII.lineFeed]
    var storage = [UInt8](repeating: 0, count: dump.bytes.count)
    var (at, next) = (0, dump.layout.lineBytes)
    shape.readLines(text.span.bytes, &at, into: &storage, &next)
    if next == storage.count, at == text.count { return Array(storage[dump.layout.lineBytes...]) }
    #expect(at == 0 && next == dump.layout.lineBytes && storage.allSatisfy { $0 == 0 })
    return nil
  }

  /// The line's bytes by the way that every line can take.
  func readTheLongWay(_ line: [UInt8], _ scratch: inout LineReader.Scratch) -> [UInt8]? {
    let verdict = reader.read(line.span.bytes, next: dump.layout.lineBytes, into: &scratch)
    return verdict == .whole(offset: dump.layout.lineBytes) ? scratch.bytes : nil
  }
}

@Suite struct RegularLineTests {
  private static let layouts = [
    ("u-boot", "md.b"), ("u-boot", "md.w"), ("u-boot", "md.l"), ("u-boot", "md.q"), ("winbond-w90", "d -s"),
    ("linux-shell", "hexdump -C"), ("zephyr", "flash read"), ("cfe-bcm63xx", "dm"),
  ]

  @Test(arguments: layouts)
  func everyByteAtEveryPlaceMeansWhatItMeansTheLongWay(dialect: String, method: String) throws {
    let shape = try KnownShape(method, of: dialect, showsAll: false)
    let line = shape.line
    #expect(shape.read(line) == shape.bytes)
    var scratch = LineReader.Scratch(layout: shape.dump.layout)
    for place in line.indices {
      for byte in UInt8.min...UInt8.max {
        var damaged = line
        damaged[place] = byte
        guard let read = shape.read(damaged) else { continue }
        #expect(
          read == shape.readTheLongWay(damaged, &scratch), "byte \(byte) at \(place) of \(Text(line))")
      }
    }
  }

  @Test(arguments: layouts)
  func everyByteOfMemoryIsReadAtEveryPlace(dialect: String, method: String) throws {
    var shape = try KnownShape(method, of: dialect, showsAll: true)
    let lineBytes = shape.dump.layout.lineBytes
    for place in lineBytes..<2 * lineBytes {
      for byte in UInt8.min...UInt8.max {
        shape.dump.bytes[place] = byte
        #expect(shape.read(shape.line) == shape.bytes, "\(byte) at \(place): \(Text(shape.line))")
      }
    }
  }

  @Test func digitsOfEitherCaseAreRead() throws {
    let shape = try KnownShape("md.l", of: "u-boot", showsAll: true)
    let digits = String(decoding: shape.line.prefix(45), as: UTF8.self).uppercased()
    let loud = Array(digits.utf8) + shape.line.dropFirst(45)
    #expect(loud != shape.line && shape.read(loud) == shape.bytes)
  }

  private static let damages: [(String, @Sendable (inout [UInt8]) -> Void)] = [
    ("an address of the line before", { $0.replace(0..<8, "40000000") }),
    ("an address of the line behind", { $0.replace(0..<8, "40000020") }),
    ("an address of another page", { $0.replace(0..<8, "41000010") }),
    ("a letter that is no digit in the address", { $0.replace(7..<8, "g") }),
    ("a control character that differs from a digit by its case bit", { $0[12] = 0x11 }),
    ("a digit with its highest bit set", { $0[12] |= 0x80 }),
    ("two cells that have changed places", { $0.swapRanges(10..<18, 19..<27) }),
    ("two digits that have changed places", { $0.swapAt(10, 12) }),
    ("two characters that have changed places", { $0.swapAt($0.count - 1, $0.count - 3) }),
    ("a digit lost and a blank won", { $0.replace(12, by: 0x20, at: 43) }),
    ("a digit doubled and a blank lost", { $0.replace(45, by: $0[12], at: 12) }),
    ("a digit lost and a character won", { $0.replace(12, by: 0x2E, at: 62) }),
    ("all moved to the right", { $0.replace(62, by: 0x20, at: 0) }),
    ("a tab in place of a blank", { $0[9] = 0x09 }),
    ("a digit in place of a blank between cells", { $0[18] = 0x30 }),
    ("a digit in place of a blank before the gutter", { $0[46] = 0x30 }),
    ("a semicolon behind the address", { $0[8] = 0x3B }),
    ("a character lost", { $0.removeLast() }),
    ("a character won", { $0.append(0x2E) }),
    ("a line end within the gutter", { $0[60] = 0x0A }),
    ("a CR within the cells", { $0[20] = 0x0D }),
    ("a gutter of blanks", { $0.replace(47..<63, String(repeating: " ", count: 16)) }),
    ("a gutter of dots", { $0.replace(47..<63, String(repeating: ".", count: 16)) }),
    ("nothing but its length", { $0 = Array(repeating: 0x20, count: $0.count) }),
    ("zeros", { $0 = Array(repeating: 0, count: $0.count) }),
    ("digits throughout", { $0 = Array(repeating: 0x30, count: $0.count) }),
  ]

  @Test(arguments: damages.indices)
  func aDamagedLineIsLeftAlone(index: Int) throws {
    let shape = try KnownShape("md.l", of: "u-boot", showsAll: true)
    var line = shape.line
    #expect(line.count == 63 && shape.read(line) != nil)
    let (name, damage) = Self.damages[index]
    damage(&line)
    #expect(shape.read(line) == nil, "\(name): \(Text(line))")
  }
}

extension [UInt8] {
  fileprivate mutating func replace(_ range: Range<Int>, _ text: String) { replaceSubrange(range, with: text.utf8) }

  /// Takes a byte out and puts another one in, so that what is between them moves and the length stays.
  fileprivate mutating func replace(_ lost: Int, by byte: UInt8, at place: Int) {
    remove(at: lost)
    insert(byte, at: place)
  }

  fileprivate mutating func swapRanges(_ one: Range<Int>, _ other: Range<Int>) {
    let (first, second) = (Array(self[one]), Array(self[other]))
    replaceSubrange(one, with: second)
    replaceSubrange(other, with: first)
  }
}
