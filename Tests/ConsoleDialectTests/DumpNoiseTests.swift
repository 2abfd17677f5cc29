import Testing

@testable import ConsoleDialect

/// What noise does to a dump, and what must be left of it.
struct Noise: Sendable, CustomTestStringConvertible {
  var name: String
  var missing: [Range<Int>]
  var counters: @Sendable (inout LineCounters) -> Void
  var damage: @Sendable (inout [String]) -> Void

  var testDescription: String { name }

  init(
    _ name: String, missing: [Range<Int>], counters: @escaping @Sendable (inout LineCounters) -> Void,
    damage: @escaping @Sendable (inout [String]) -> Void
  ) {
    self.name = name
    self.missing = missing
    self.counters = counters
    self.damage = damage
  }
}

@Suite struct DumpNoiseTests {
  /// Eight lines of md.l whose bytes are all shown in the gutter, and as no dot, so that no digit can change unseen.
  static func clean(_ method: String = "md.l", count: Int = 128) throws -> Dump {
    var dump = Dump(try TestDialect.method(method, of: "u-boot").layout, count: count)
    dump.bytes = dump.bytes.map { 0x2F + $0 % 80 }
    return dump
  }

  static let table: [Noise] = [
    Noise("nothing", missing: [], counters: { $0.wholeLines = 8 }, damage: { _ in }),
    Noise(
      "a flipped digit", missing: [48..<64], counters: { ($0.wholeLines, $0.gutterMismatches, $0.gaps) = (7, 1, 1) }
    ) {
      $0[3] = replacing($0[3], at: 12) { $0 == "3" ? "4" : "3" }
    },
    Noise("a lost digit", missing: [48..<64], counters: { ($0.wholeLines, $0.malformed, $0.gaps) = (7, 1, 1) }) {
      $0[3].remove(at: $0[3].index($0[3].startIndex, offsetBy: 22))
    },
    Noise("a doubled digit", missing: [48..<64], counters: { ($0.wholeLines, $0.malformed, $0.gaps) = (7, 1, 1) }) {
      $0[3].insert("7", at: $0[3].index($0[3].startIndex, offsetBy: 12))
    },
    Noise(
      "a character behind the gutter", missing: [48..<64],
      counters: { ($0.wholeLines, $0.gutterMismatches, $0.gaps) = (7, 1, 1) }
    ) {
      $0[3] += "x"
    },
    Noise("a line in between", missing: [], counters: { ($0.wholeLines, $0.foreign) = (8, 1) }) {
      $0.insert("[   12.345678] usb 1-1: new device", at: 4)
    },
    Noise(
      "a line in between, just before the last", missing: [112..<128],
      counters: { ($0.wholeLines, $0.foreign) = (7, 1) }
    ) {
      $0.insert("[   12.345678] usb 1-1: new device", at: 7)
    },
    Noise(
      "a lost line, and the next one's address hit to be its own", missing: [48..<80],
      counters: { ($0.wholeLines, $0.malformed, $0.gaps) = (6, 2, 1) }
    ) {
      $0[3].removeLast(30)
      $0[4] = $0[4].replacing("40000040", with: "40000030")
    },
    Noise(
      "an address hit, to that of a line which by chance is read next", missing: [32..<96],
      counters: { ($0.wholeLines, $0.malformed, $0.foreign, $0.gaps) = (4, 3, 1, 1) }
    ) {
      $0[2] = $0[2].replacing("40000020", with: "40000040")
      $0[3].removeLast(30)
      $0[4] = "?"
      $0[5].removeLast(30)
    },
    Noise("a lost line", missing: [48..<64], counters: { ($0.wholeLines, $0.gaps) = (7, 1) }) { $0.remove(at: 3) },
    Noise("three lost lines", missing: [16..<64], counters: { ($0.wholeLines, $0.gaps) = (5, 1) }) {
      $0.removeSubrange(1..<4)
    },
    Noise("the first line lost", missing: [0..<16], counters: { ($0.wholeLines, $0.gaps) = (7, 1) }) {
      $0.removeFirst()
    },
    Noise("the last line lost", missing: [112..<128], counters: { $0.wholeLines = 7 }) { $0.removeLast() },
    Noise("all but the last line lost", missing: [0..<128], counters: { _ in }) { $0.removeSubrange(..<7) },
    Noise("an address hit, ahead", missing: [48..<64], counters: { ($0.wholeLines, $0.malformed, $0.gaps) = (7, 1, 1) })
    {
      $0[3] = $0[3].replacing("40000030", with: "40000060")
    },
    Noise(
      "an address hit, to that of the line behind", missing: [48..<64],
      counters: { ($0.wholeLines, $0.malformed, $0.gaps) = (7, 1, 1) }
    ) {
      $0[3] = $0[3].replacing("40000030", with: "40000040")
    },
    Noise("an address hit, back", missing: [48..<64], counters: { ($0.wholeLines, $0.malformed, $0.gaps) = (7, 1, 1) })
    {
      $0[3] = $0[3].replacing("40000030", with: "40000010")
    },
    Noise(
      "an address hit, far away", missing: [48..<64], counters: { ($0.wholeLines, $0.foreign, $0.gaps) = (7, 1, 1) }
    ) {
      $0[3] = $0[3].replacing("40000030", with: "c0000030")
    },
    Noise(
      "an address hit, between two lines", missing: [48..<64],
      counters: { ($0.wholeLines, $0.malformed, $0.gaps) = (7, 1, 1) }
    ) {
      $0[3] = $0[3].replacing("40000030", with: "40000038")
    },
    Noise("a line twice", missing: [], counters: { ($0.wholeLines, $0.malformed) = (8, 1) }) {
      $0.insert($0[3], at: 4)
    },
    Noise(
      "two lines made one", missing: [48..<80], counters: { ($0.wholeLines, $0.gutterMismatches, $0.gaps) = (6, 1, 1) }
    ) {
      $0[3] += $0.remove(at: 4)
    },
    Noise("a banner in the middle", missing: [48..<128], counters: { ($0.wholeLines, $0.foreign) = (3, 2) }) {
      $0.replaceSubrange(3..., with: ["", "U-Boot 2023.01 (Jan 1 2024)", "", "DRAM:  128 MiB"])
    },
    Noise("the dump again behind its end", missing: [], counters: { ($0.wholeLines, $0.foreign) = (8, 8) }) {
      $0 += $0
    },
  ]

  private static func replacing(_ line: String, at offset: Int, _ change: (Character) -> Character) -> String {
    var characters = Array(line)
    characters[offset] = change(characters[offset])
    return String(characters)
  }

  @Test(arguments: table)
  func damagedLinesStayMissing(noise: Noise) throws {
    let dump = try Self.clean()
    var lines = dump.lines
    noise.damage(&lines)
    let parser = dump.parsed(lines)
    var counters = LineCounters()
    noise.counters(&counters)
    #expect(parser.missing == noise.missing)
    #expect(parser.counters == counters)
    #expect(parser.holdsOnly(dump.bytes))
    #expect(parser.isComplete == noise.missing.isEmpty)
    #expect(parser.heldBytes == 128 - noise.missing.reduce(0) { $0 + $1.count })
  }

  @Test(arguments: ["md.b", "md.w", "md.l", "md.q"])
  func noSingleDamagedCharacterStoresAWrongByte(method: String) throws {
    let dump = try Self.clean(method, count: 40)
    let text = dump.text
    let noise = Array("0aF :\r\n".utf8) + [0x10, 0xB0]
    for at in text.indices {
      for byte in noise {
        var replaced = text
        replaced[at] = byte
        var inserted = text
        inserted.insert(byte, at: at)
        for damaged in [replaced, inserted] { expectNothingWrong(dump, damaged) }
      }
      var removed = text
      removed.remove(at: at)
      expectNothingWrong(dump, removed)
    }
  }

  private func expectNothingWrong(_ dump: Dump, _ text: [UInt8]) {
    var parser = dump.parser
    parser.consume(text)
    if !parser.holdsOnly(dump.bytes) {
      Issue.record("\(Bytes(parser.bytes)) held of \(Text(text)), missing \(parser.missing)")
    }
  }

  @Test func withoutAGutterLostAndDoubledCharactersAreStillSeen() throws {
    let dump = Dump(try TestDialect.method("dm", of: "eva").layout, count: 48)
    for at in dump.text.indices {
      var removed = dump.text
      removed.remove(at: at)
      var doubled = dump.text
      doubled.insert(doubled[at], at: at)
      for damaged in [removed, doubled] { expectNothingWrong(dump, damaged) }
    }
  }

  @Test func textThatLooksLikeAPromptInTheGutterIsNone() throws {
    var dump = try Self.clean("md.b", count: 32)
    dump.bytes = Array("=> U-Boot 2023.\n=> => => => => #".utf8)
    var parser = dump.parser
    parser.consume(dump.text)
    #expect(parser.isComplete)
    #expect(parser.takeForeignLines() == [])
    #expect(parser.tail == [])
    parser.consume(Array("=> ".utf8))
    #expect(parser.tail == Array("=> ".utf8))
  }

  @Test func aDumpWithoutAddressesIsHeldOnlyAsAWhole() throws {
    let dump = Dump(try TestDialect.method("nand dump", of: "uboot-nand").layout, count: 64)
    var lines = dump.lines
    #expect(dump.parsed(lines).isComplete)
    #expect(dump.parsed(lines).bytes == dump.bytes)
    let short = dump.parsed(Array(lines.dropLast()))
    #expect(short.heldBytes == 0 && short.missing == [0..<64])
    lines[1].removeLast(2)
    lines.append(lines[2])
    let damaged = dump.parsed(lines)
    #expect(!damaged.isComplete && damaged.heldBytes == 0)
  }
}
