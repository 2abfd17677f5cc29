import ConsoleDialect
import Testing

@testable import DumpEngine

@Suite("A mapfile says what is known of a region")
struct MapfileTests {
  private func state(
    _ blocks: [BlockRange], bad: [Range<Int>] = [], size: Int, demandsProof: Bool = true
  ) -> RegionState {
    var result = RegionResult(name: "flash", file: "flash.bin", address: 0, size: size)
    (result.blocks, result.bad) = (blocks, bad)
    return RegionState(result: result, demandsProof: demandsProof)
  }

  private func block(_ range: Range<Int>, _ evidence: Evidence) -> BlockRange {
    BlockRange(range: range, evidence: evidence, provenance: .wire)
  }

  private func lines(_ state: RegionState) -> [String] {
    Mapfile(state).text(region: "flash").split(separator: "\n").map(String.init)
  }

  @Test("finished, unproven, bad and untried ranges cover the whole region")
  func covers() {
    let lines = lines(
      state(
        [
          block(0..<0x800, .deviceDigest(.crc32)), block(0x800..<0x1000, .reread), block(0x1100..<0x1200, .none),
        ], bad: [0x1000..<0x1100], size: 0x3000))
    #expect(lines[0] == "# Mapfile. Written by batchdump for region flash")
    #expect(lines[2] == "0x00001200     ?               1")
    #expect(
      Array(lines.dropFirst(4)) == [
        "0x00000000  0x00001000  +", "0x00001000  0x00000100  -", "0x00001100  0x00000100  *",
        "0x00001200  0x00001E00  ?",
      ])
  }

  @Test("a whole region is finished")
  func whole() {
    let lines = lines(state([block(0..<16, .reread)], size: 16))
    #expect(lines.dropFirst(2).first == "0x00000000     +               1")
    #expect(lines.last == "0x00000000  0x00000010  +")
  }

  @Test("where the policy asks for no proof, what is held is finished")
  func noProof() {
    #expect(lines(state([block(0..<16, .none)], size: 16, demandsProof: false)).last == "0x00000000  0x00000010  +")
  }

  @Test("what is written is read again as it was", arguments: [true, false])
  func roundTrip(demandsProof: Bool) throws {
    let state = state(
      [block(3..<20, .reread), block(40..<41, .none)], bad: [20..<30], size: 100, demandsProof: demandsProof)
    let map = Mapfile(state)
    #expect(try Mapfile(reading: Array(map.text(region: "flash").utf8)) == map)
  }

  @Test("a map of ddrescue's own is read: decimal numbers, tabs, remarks, no pass")
  func foreign() throws {
    let text = "# by ddrescue\n# Start time: now\n4096 +\n0\t0x1000 +\n4096  010 - # bad\n\n0x1008 0x8 /\n"
    let map = try Mapfile(reading: Array(text.utf8))
    #expect(map.ranges(.finished) == RangeSet(0..<0x1000))
    #expect(map.ranges(.bad) == RangeSet(0x1000..<0x1008))
    #expect(map.ranges(.unscraped) == RangeSet(0x1008..<0x1010))
  }

  @Test(
    "what is none is refused with its line",
    arguments: [
      ("", "expected a line with the current position"),
      ("# only remarks\n", "expected a line with the current position"), ("flash\n", "line 1: expected the current"),
      ("0x0 ?\n0x0 0x10\n", "line 2: expected position, size"), ("0x0 ?\n0x0 0x10 x\n", "line 2: expected position"),
      ("0x0 ?\n0x0 0x0 +\n", "line 2: expected position"), ("0x0 ?\n0x8 0x10 +\n", "line 2: expected a block that"),
      ("0x0 ?\n0x0 0x7fffffffffffffff +\n0x7fffffffffffffff 1 +\n", "line 3: expected less than"),
      ("0x0 ?\n-1 0x10 +\n", "line 2: expected position"), ("0x0 ?\n0x-1 0x10 +\n", "line 2: expected position"),
    ])
  func refused(text: String, reason: String) {
    #expect {
      try Mapfile(reading: Array(text.utf8))
    } throws: { error in
      "\(error)".hasPrefix(reason)
    }
  }
}
