import DeviceDigests
import TestSupport
import Testing

@testable import DumpEngine

@Suite("The second look at what a CRC-32 seems to show")
struct SecondLookTests {
  @Test("begins somewhere within what is not the unit's own, and never at the block's start")
  func cut() {
    let block = 4096..<20_480
    for piece in [block, 5000..<5100, 9000..<9010] {
      let cuts = (0..<500).map { _ in SecondLook.cut(of: block, within: piece) }
      #expect(cuts.allSatisfy { $0.upperBound == piece.upperBound && $0.lowerBound > block.lowerBound })
      #expect(cuts.allSatisfy { piece.contains($0.lowerBound) })
      // Each place is as good as another.
      let drawn = Set(cuts.map(\.lowerBound)).count
      #expect(drawn > min(piece.count, 500) / 2, "\(drawn) of \(piece.count)")
    }
    #expect(SecondLook.cut(of: block, within: 4096..<4097) == block)
    #expect(SecondLook.cut(of: 7..<8, within: 7..<8) == 7..<8)
  }

  /// Four bytes FF and any number of zeros behind them are a record to a CRC.
  @Test("asks for nothing within a fill but for the fill")
  func recordsInFills() {
    let bytes = seededBytes(count: 100, seed: 1) + [0xFF, 0xFF, 0xFF, 0xFF] + [UInt8](repeating: 0, count: 5000)
    #expect(SelfCheckedRecords(in: bytes, of: .crc32).ranges.count > 4000)
    let look = SecondLook(at: BlockMatch(0..<bytes.count, bytes, .reference), by: .crc32)
    #expect(look.fills == [104..<5104])
    // The cut, and records whose CRC begins before the fill.
    #expect(look.questions.count <= 6 && look.isWorthAsking, "\(look.questions)")
  }

  @Test("finds each fill that is long enough for a record with its own CRC")
  func fills() {
    let bytes: [UInt8] = [1] + [UInt8](repeating: 0xFF, count: 8) + [2] + [UInt8](repeating: 0, count: 7) + [3, 3]
    #expect(SecondLook.fills(in: bytes, within: 0..<bytes.count) == [1..<9])
    #expect(SecondLook.fills(in: bytes, within: 2..<bytes.count) == [])
    let long = [UInt8](repeating: 7, count: 100)
    #expect(SecondLook.fills(in: long, within: 10..<90) == [10..<90])
  }

  /// The CRC of one that reaches beyond a part would make the part's digest another.
  @Test("asks for the CRCs of records within the parts whose own digests are right, and of no others")
  func digestedParts() throws {
    var bytes = seededBytes(count: 8192, seed: 4)
    for start in [1000, 4000] {
      let content = [1] + seededBytes(count: 199, seed: UInt64(start))
      let crc = try #require(UInt32(HostDigest.hex(.crc32, of: content), radix: 16))
      bytes.replaceSubrange(
        start..<start + 204, with: content + (0..<4).map { UInt8(truncatingIfNeeded: crc >> (8 * $0)) })
    }
    var match = BlockMatch(0x10000..<0x12000, bytes, .reference)
    func asks(_ place: Int) -> Bool {
      SecondLook(at: match, by: .crc32).questions.contains(0x10000 + place + 200..<0x10000 + place + 204)
    }
    #expect(asks(1000) && asks(4000))
    match.digested = [0x10000..<0x11000]
    #expect(asks(1000) && asks(4000), "a part of which no digest was asked")
    match.digested.append(0x11000..<0x12000)
    #expect(asks(1000) && !asks(4000))
  }

  @Test("finds fills wherever they begin and end")
  func fillsAnywhere() {
    for (start, count) in (0..<20).flatMap({ start in (0..<20).map { (start, $0) } }) {
      let bytes = (0..<40).map { (start..<start + count).contains($0) ? 0xFF : UInt8($0) }
      #expect(SecondLook.fills(in: bytes, within: 0..<40) == (count < 8 ? [] : [start..<start + count]))
      let cut = (start..<start + count).clamped(to: 3..<24)
      #expect(SecondLook.fills(in: bytes, within: 3..<24) == (cut.count < 8 ? [] : [cut]))
    }
  }
}
