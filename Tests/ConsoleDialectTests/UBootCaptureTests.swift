import Testing

@testable import ConsoleDialect

/// A dump in a capture, with the checksum that the board itself computed over the same bytes.
struct CapturedDump: Sendable, CustomTestStringConvertible {
  var file: String
  var method: String
  var address: UInt64
  var length: Int
  var crc32: String
  var checksGutter = true

  var testDescription: String { "\(method) in \(file)" }

  static let all: [CapturedDump] = [
    arm64("md.b", 291, "0272adea"), arm64("md.w", 290, "10549088"), arm64("md.l", 284, "6d72f4d2"),
    arm64("md.q", 280, "a1a37740"), arm32("md.b", 291, "3ec8e3a0"), arm32("md.w", 290, "a9fe0bac"),
    arm32("md.l", 284, "c6976410"), mips("md.b", 291, "b32b0cca", checksGutter: false), mips("md.w", 290, "421c94de"),
    mips("md.l", 284, "d6940967"), mips("md.q", 280, "ec65a57d"),
  ]

  private static func arm64(_ method: String, _ length: Int, _ crc32: String) -> CapturedDump {
    CapturedDump(
      file: "uboot-2023.01-arm64-le-md-bwlq-crc32.raw", method: method, address: 0x4000_0000, length: length,
      crc32: crc32)
  }

  private static func arm32(_ method: String, _ length: Int, _ crc32: String) -> CapturedDump {
    CapturedDump(
      file: "uboot-2023.01-arm32-le-md-bwl-crc32.raw", method: method, address: 0x4000_0000, length: length,
      crc32: crc32)
  }

  private static func mips(_ method: String, _ length: Int, _ crc32: String, checksGutter: Bool = true) -> CapturedDump
  {
    CapturedDump(
      file: "uboot-2023.01-mips64el-16digit-addr-corrupt-gutter.raw", method: method, address: 0xFFFF_FFFF_8FF6_F9F0,
      length: length, crc32: crc32, checksGutter: checksGutter)
  }

  func parsed(checksGutter: Bool) throws -> (parser: DumpParser, reply: [UInt8]) {
    let method = try TestDialect.method(method, of: "u-boot")
    let reply = try Capture(file).reply(to: method.command(address: address, length: length))
    var parser = DumpParser(
      layout: method.layout, byteOrder: .little, checksGutter: checksGutter, address: address, length: length)
    parser.consume(reply)
    return (parser, reply)
  }
}

@Suite struct UBootCaptureTests {
  @Test(arguments: CapturedDump.all)
  func bytesHaveTheChecksumThatTheBoardComputed(dump: CapturedDump) throws {
    let (parser, _) = try dump.parsed(checksGutter: dump.checksGutter)
    #expect(parser.missing == [])
    #expect(parser.isComplete)
    #expect(parser.heldBytes == dump.length)
    #expect(Bytes(parser.bytes).crc32 == dump.crc32)
  }

  @Test(arguments: CapturedDump.all)
  func theBoardsOwnLineTellsThatChecksum(dump: CapturedDump) throws {
    let digest = try #require(try TestDialect.load("u-boot").digests.first { $0.algorithm == .crc32 })
    let command = digest.command(address: dump.address, length: dump.length)
    let reply = try Capture(dump.file).reply(to: command, lines: 1)
    #expect(digest.digest(in: ConsoleText.plain(reply).split(separator: "\n").joined()) == dump.crc32)
  }

  @Test func aGutterThatTheBoardDamagesIsRefusedUnlessNobodyAsks() throws {
    let dump = try #require(CapturedDump.all.first { !$0.checksGutter })
    let (strict, _) = try dump.parsed(checksGutter: true)
    // Only the short last line has room enough for its characters, and nothing comes behind it to bear it out.
    #expect(strict.missing == [0..<291])
    #expect(strict.counters.gutterMismatches == 18)
  }

  @Test func theSameBytesInTwoWidthsTellTheByteOrder() throws {
    let bytes = try CapturedDump.all[0].parsed(checksGutter: true).parser.bytes
    for (index, cellBytes) in [(1, 2), (2, 4), (3, 8)] {
      let dump = CapturedDump.all[index]
      let method = try TestDialect.method(dump.method, of: "u-boot")
      var printed = DumpParser(
        layout: method.layout, byteOrder: .big, checksGutter: false, address: dump.address, length: dump.length)
      printed.consume(try Capture(dump.file).reply(to: method.command(address: dump.address, length: dump.length)))
      let memory = Array(bytes.prefix(dump.length))
      #expect(ByteOrderProbe.order(memory: memory, printed: printed.bytes, cellBytes: cellBytes) == .little)
    }
  }

  @Test func md_qOn32BitsPrintsNothingAndSoHoldsNothing() throws {
    let method = try TestDialect.method("md.q", of: "u-boot")
    let capture = try Capture("uboot-2023.01-arm-session-full.raw")
    var parser = DumpParser(
      layout: method.layout, byteOrder: .little, checksGutter: true, address: 0x4000_0000, length: 32)
    parser.consume(capture.reply(to: "md.q "))
    #expect(parser.heldBytes == 0)
  }

  @Test(arguments: [
    ("md.b 0x82000000", "md.b", UInt64(0x8200_0000), 48, "17 08 00 ea 14 f0 9f e5", 3),
    ("md.l 0x20111050", "md.l", 0x2011_1050, 4, "16 00 00 00", 1),
    ("md 0x820a0010", "md.l", 0x820A_0010, 16, "00000000 00000000 61646d69 6e000000", 1),
  ])
  func anOldBuildHasAWiderGapAndDoesNotPadItsLastLine(
    command: String, method: String, address: UInt64, length: Int, begins: String, lines: Int
  ) throws {
    let method = try TestDialect.method(method, of: "u-boot")
    let reply = try Capture("uboot-hisilicon-old-gutter").reply(to: command, lines: lines)
    var parser = DumpParser(
      layout: method.layout, byteOrder: .little, checksGutter: true, address: address, length: length)
    parser.consume(reply)
    #expect(parser.isComplete, "\(Text(reply))")
    let expected = Bytes(hex: begins)
    #expect(Bytes(parser.bytes.prefix(expected.bytes.count)) == expected)
  }

  @Test func aResetInTheMiddleIsSeenAndNothingIsHeld() throws {
    let dialect = try TestDialect.load("u-boot")
    let method = try TestDialect.method("md.b", of: "u-boot")
    var parser = DumpParser(
      layout: method.layout, byteOrder: .little, checksGutter: true, address: 0xF000_0000, length: 16)
    parser.consume(try Capture("uboot-2023.01-arm-data-abort-reset").bytes)
    let lines = parser.takeForeignLines().map(ConsoleText.plain)
    #expect(parser.heldBytes == 0)
    let failure = lines.lazy.compactMap { line in dialect.failures.first { $0.when.matches(line) } }.first
    #expect(failure?.means == .crash)
    #expect(lines.contains { line in dialect.banners.contains { $0.matches(line) } })
    #expect(parser.tail == Array("=> ".utf8))
  }
}
