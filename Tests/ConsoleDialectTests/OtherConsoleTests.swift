import Testing

@testable import ConsoleDialect

/// A dump of a console whose table exists only here.
struct ForeignDump: Sendable, CustomTestStringConvertible {
  var dialect: String
  var method: String
  var file: String
  var after: String
  var lines: Int
  var address: UInt64
  var length: Int
  var begins: String
  var byteOrder: ByteOrder = .big
  var held: Int?
  var checksGutter = true

  var testDescription: String { "\(dialect) \(method): \(after)" }

  static let all = captured + derived

  static let captured: [ForeignDump] = [
    .init(
      dialect: "cfe-bcm63xx", method: "dm", file: "cfe-bcm63xx-dm", after: "dm b8020000", lines: 10,
      address: 0xB802_0000, length: 160, begins: "36 00 00 00 42 72 6f 61"),
    .init(
      dialect: "cfe-bcm63xx", method: "dm word", file: "cfe-bcm63xx-dm-word", after: "dm 0xff400000", lines: 1,
      address: 0xFF40_0000, length: 4, begins: "02 a0 70 15"),
    .init(
      dialect: "cfe-bcm63xx", method: "dn", file: "cfe-bcm63xx-dn-nand", after: "dn 0 0 1", lines: 20,
      address: 0, length: 2048, begins: "10 00 00 27 00 00 00 00 80 00 5f b0", held: 64),
    .init(
      dialect: "cfe-generic", method: "d -b", file: "cfe-bcm7xxx-d-b", after: "d -b", lines: 2,
      address: 0x8400_0000, length: 32, begins: "ff ff ff"),
    .init(
      dialect: "cfe-generic", method: "fdump", file: "cfe-bcm47xx-fdump", after: "fdump -offset=1024", lines: 3,
      address: 0x400, length: 48, begins: "26 9f b4 20 93 4b"),
    .init(
      dialect: "bcm-bfc", method: "read_memory -s 1", file: "bcm-bfc-read_memory", after: "0x80000000", lines: 2,
      address: 0x8000_0000, length: 32, begins: "40 1a 68 00 00 00 00 00 33 5a 00 7f"),
    .init(
      dialect: "bcm-bfc", method: "read_memory -s 4", file: "bcm-bfc-read_memory", after: "0x864e67ec", lines: 2,
      address: 0x864E_67EC, length: 32, begins: "86 53 fd b0 86 42 9f 38"),
    .init(
      dialect: "realtek-rtl819x", method: "DW", file: "realtek-rtl8186-d", after: "D 0x80300000", lines: 10,
      address: 0x8030_0000, length: 160, begins: "60 c3 4a 37 72 78 3b 1b"),
    .init(
      dialect: "realtek-rtl819x", method: "DW", file: "realtek-rtl8196e-db-dw", after: "DW B8000000", lines: 4,
      address: 0xB800_0000, length: 64, begins: "04 06 00 02 04 00 a2 00"),
    .init(
      dialect: "realtek-rtl819x", method: "DB", file: "realtek-rtl8196e-db-dw", after: "DB 80000000", lines: 5,
      address: 0x8000_0000, length: 64, begins: "08 04 00 14"),
    .init(
      dialect: "tcboot", method: "dump", file: "tcboot-rt63365-dump", after: "dump b0000000", lines: 4,
      address: 0xB000_0000, length: 64, begins: "0b f0 00 0a"),
    .init(
      dialect: "zynos", method: "ATDU", file: "zynos-bootbase-atdu", after: "ATDU b0037c00", lines: 5,
      address: 0xB003_7C00, length: 80, begins: "76 74 31 30 30 7c 64 65"),
    .init(
      dialect: "brnboot", method: "r", file: "brnboot-read", after: "Maximun 10000", lines: 8,
      address: 0xB000_0000, length: 64, begins: "10 00 00 0b"),
    .init(
      dialect: "adam2", method: "dm", file: "adam2-dm", after: "dm 0xbfc00000", lines: 4, address: 0xBFC0_0000,
      length: 48, begins: "04000010 00000000 00000000 00000000 0010080c 61a81a3c", byteOrder: .little),
    .init(
      dialect: "eva", method: "dm", file: "eva-avm-dm", after: "dm 0x90000000", lines: 4, address: 0x9000_0000,
      length: 48, begins: "0090 8040 0098 8040 0060 1a40 feff 1b24", byteOrder: .little),
    .init(
      dialect: "redboot", method: "dump old", file: "redboot-comtrol-dump", after: "dump -b 0x10", lines: 3,
      address: 0x10, length: 48, begins: "e5 9f f0 18"),
    .init(
      dialect: "yamon", method: "dump -8", file: "yamon-dump", after: "dump be100000", lines: 4,
      address: 0xBE10_0000, length: 32, begins: "ff ff"),
    .init(
      dialect: "yamon", method: "dump -32", file: "yamon-dump", after: "dump -32", lines: 6, address: 0xBF00_0900,
      length: 64, begins: "1f 00 09 42"),
    .init(
      dialect: "micromonitor", method: "dm", file: "umon-dm", after: "dm 0xa0300000", lines: 3,
      address: 0xA030_0000, length: 48, begins: "7f 45 4c 46"),
    .init(
      dialect: "vxworks", method: "d", file: "vxworks-d", after: "d 0x200000", lines: 4, address: 0x20_0000,
      length: 48, begins: "94 21 FF E0 7C 08 02 A6 90 01 00 24 93 E1 00 1C"),
    .init(
      dialect: "rommon", method: "dump", file: "rommon-dump", after: "dump 0x1e000000", lines: 4,
      address: 0x1E00_00E0, length: 64, begins: "4c 4f 47 5f"),
    .init(
      dialect: "slof", method: "dump", file: "slof-dump.raw", after: "1000 40 dump", lines: 4, address: 0x1000,
      length: 64, begins: "7c 10 43 a6 7c 09 02 a6"),
    .init(
      dialect: "slof", method: "dump", file: "slof-dump.raw", after: "400 4 dump", lines: 1, address: 0x190,
      length: 4, begins: "00 00 00 00"),
    .init(
      dialect: "openbios", method: "dump", file: "openbios-ppc-dump.raw", after: "4000 40 dump", lines: 5,
      address: 0x4000, length: 64, begins: "00 00"),
    .init(
      dialect: "grub", method: "hexdump", file: "grub-2.06-hexdump-disk-hash.raw", after: "grub> ", lines: 40,
      address: 5, length: 20, begins: "05 06 07 08"),
    .init(
      dialect: "efi-shell", method: "dmem", file: "efi-shell-dmem-ansi.raw", after: "Address 0000000000001000",
      lines: 4, address: 0x1000, length: 64, begins: "00 00"),
    .init(
      dialect: "efi-shell", method: "dmem", file: "efi-shell-dmem-ansi.raw", after: "Address 000000000F5EC018",
      lines: 8, address: 0xF5E_C018, length: 120, begins: "49 42 49 20 53 59 53 54"),
    .init(
      dialect: "efi-shell", method: "dmem", file: "efi-shell-dmem-ansi.raw", after: "Address 00000000007E0000",
      lines: 2, address: 0x7E_0000, length: 20, begins: "00 00"),
    .init(
      dialect: "linux-shell", method: "hexdump -C", file: "busybox-ash-serial-shell.raw", after: "hexdump -C -n 32",
      lines: 3, address: 0, length: 32, begins: "00 01 02 03"),
    .init(
      dialect: "zephyr", method: "flash read", file: "zephyr-flash-read", after: "flash read", lines: 2,
      address: 0x1000, length: 32, begins: "78 56 34 12 f0 de bc 9a ff"),
    .init(
      dialect: "nuttx", method: "xd", file: "nuttx-xd", after: "xd 410e0", lines: 5, address: 0x410E0, length: 512,
      begins: "00 00 00 00 9c 9d 03 00", held: 32),
    .init(
      dialect: "pebble", method: "dump flash", file: "pebble-flash-dump-log-prefixed", after: "dump flash",
      lines: 3, address: 0x20_0000, length: 32, begins: "0c 00 00 00 74 bf 03 00",
      // The document has lost the blank at the end of its first line.
      checksGutter: false),
  ]

  /// Lines computed from format strings in public source: 32 bytes of an ARM ELF header at 0x80000000.
  static let derived: [ForeignDump] = {
    let forms: [(String, [(String, ByteOrder)])] = [
      ("barebox", [("md -b", .big), ("md -w", .little), ("md -l", .little), ("md -q", .little)]),
      ("redboot", [("dump -1", .big), ("dump -2", .little), ("dump -4", .little)]),
      ("yamon", [("dump -8", .big), ("dump -16", .little), ("dump -32", .little)]),
      ("pmon", [("d -b", .big)]),
    ]
    var start = 0
    return forms.flatMap { dialect, methods in
      methods.map { method, order in
        defer { start += 2 }
        return ForeignDump(
          dialect: dialect, method: method, file: "derived-barebox-redboot-yamon-pmon-umon", after: "line \(start)",
          lines: 2, address: 0x8000_0000, length: 32,
          begins: "7f454c46 01010100 00000000 00000000 02002800 01000000 00800080 34000000", byteOrder: order)
      }
    }
  }()

  func reply() throws -> [UInt8] {
    let capture = try Capture(file)
    guard after.hasPrefix("line "), let first = Int(after.dropFirst(5)) else {
      return capture.reply(to: after, lines: lines)
    }
    let all = capture.bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    return Array(all[first..<(first + lines)].joined(separator: [0x0A])) + [0x0A]
  }

  func parser() throws -> DumpParser {
    let layout = try TestDialect.method(method, of: dialect).layout
    return DumpParser(
      layout: layout, byteOrder: byteOrder, checksGutter: checksGutter, address: address, length: length)
  }
}

@Suite struct OtherConsoleTests {
  @Test(arguments: TestDialect.allNames)
  func everyTableIsRightAndNamedAsItsFile(name: String) throws {
    #expect(try TestDialect.load(name).name == name)
  }

  @Test(arguments: ForeignDump.all)
  func aTableIsAllThatAConsoleNeeds(dump: ForeignDump) throws {
    var parser = try dump.parser()
    let reply = try dump.reply()
    parser.consume(reply)
    let held = dump.held ?? dump.length
    #expect(parser.missing == (held < dump.length ? [held..<dump.length] : []), "\(parser.counters) \(Text(reply))")
    let expected = Bytes(hex: dump.begins)
    #expect(Bytes(parser.bytes.prefix(expected.bytes.count)) == expected)
  }

  @Test func pmonPrintsWordsWithTheGutterRightBehindThem() throws {
    let lines = ["80000000: 464c457f 00010101 00000000 00000000 .ELF............"]
    let layout = try TestDialect.method("d4", of: "pmon").layout
    var parser = DumpParser(
      layout: layout, byteOrder: .little, checksGutter: true, address: 0x8000_0000, length: 16)
    parser.consume(Dump.text(lines))
    #expect(Bytes(parser.bytes) == Bytes(hex: "7f454c46 01010100 00000000 00000000"))
    #expect(parser.isComplete)
  }

  @Test func cellsThatTheConsoleCouldNotReadStayMissing() throws {
    let layout = try TestDialect.method("md -b", of: "barebox").layout
    let dump = Dump(layout, count: 64)
    var lines = dump.lines
    lines[1] = "40000010: xx xx xx xx xx xx xx xx  xx xx xx xx xx xx xx xx   XXXXXXXXXXXXXXXX"
    let parser = dump.parsed(lines)
    #expect(parser.missing == [16..<32])
    #expect(parser.counters.unreadable == 1 && parser.counters.gaps == 0)
    #expect(parser.holdsOnly(dump.bytes))
  }

  @Test func addressesOfFewerBitsThanAskedForAreCompared() throws {
    let layout = try TestDialect.method("hexdump", of: "grub").layout
    var dump = Dump(layout, address: 0xFFFF_FFF0, count: 48)
    dump.byteOrder = nil
    #expect(dump.lines[1].hasPrefix("00000000  "))
    #expect(dump.parsed(dump.lines).isComplete)
  }

  @Test func aCrashBehindAnAddressIsNoDumpLineButAFailure() throws {
    let dialect = try TestDialect.load("tcboot")
    var parser = DumpParser(
      layout: dialect.reads[0].layout, byteOrder: nil, checksGutter: true, address: 0xF0_0000, length: 256)
    parser.consume(try Capture("tcboot-bad-address-crash").bytes)
    let lines = parser.takeForeignLines().map(ConsoleText.plain)
    #expect(lines.contains { line in dialect.failures.contains { $0.when.matches(line) && $0.means == .crash } })
    #expect(parser.heldBytes == 0)
  }

  @Test func answersOfADialogueCarryTheNumbers() throws {
    let method = try TestDialect.method("r", of: "brnboot")
    #expect(method.answers(address: 0xB000_0000, length: 160) == ["B0000000\r", "3", "160\r"])
    #expect(method.dialogue[0].expect.matches("Enter the Start Address to Read....0x"))
  }
}
