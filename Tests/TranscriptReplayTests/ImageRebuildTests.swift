import Foundation
import TestSupport
import Testing

@testable import TranscriptReplay

@Suite("An image is rebuilt from its transcript alone")
struct ImageRebuildTests {
  private let bytes = seededBytes(count: 256, seed: 9)

  private func changed(_ place: Int, _ value: UInt8 = 0x5A) -> [UInt8] {
    var other = bytes
    other[place] = value
    return other
  }

  private func rebuilt(_ draft: TranscriptDraft, size: Int = 256) async throws -> RebuiltRegion {
    try await rebuild(try slotPlan(region(size)), ["console.log": draft.text])
  }

  @Test("what was printed once is seen once, what was never printed is missing")
  func once() async throws {
    var draft = TranscriptDraft()
    draft.dump(0x1000, Array(bytes[..<64]))
    draft.dump(0x1040, Array(bytes[64..<128]))
    draft.dump(0x1020, Array(bytes[32..<96]))
    draft.dump(0x5000, bytes)
    let region = try await rebuilt(draft)
    #expect(Array(region.bytes[..<128]) == Array(bytes[..<128]) && region.bytes[128...].allSatisfy { $0 == 0 })
    #expect(region.missing == RangeSet(128..<256))
    #expect(region.seenTwice == RangeSet(32..<96))
    #expect(region.seenOnce == RangeSet([0..<32, 96..<128]))
    #expect(region.confirmed.isEmpty && region.contradicted.isEmpty && !region.isComplete && !region.isProven)
  }

  @Test("what was seen twice wins over what was seen once, and else the latest wins")
  func counts() async throws {
    let (a, b) = (changed(20), changed(20, 0xA5))
    for (order, winner) in [
      ([a, b], b), ([a, a, b], a), ([a, b, a, b], b), ([b, a, b], b), ([a, b, b, a, bytes], a),
    ] {
      var draft = TranscriptDraft()
      for bytes in order { draft.dump(0x1000, bytes) }
      let region = try await rebuilt(draft)
      #expect(region.bytes == winner)
      #expect(region.isProven == (order.count > 2))
    }
  }

  @Test("a digest wins over what was seen twice")
  func digest() async throws {
    var draft = TranscriptDraft()
    draft.dump(0x1000, bytes)
    draft.crc32(0x1000, bytes)
    for _ in 0..<2 { draft.dump(0x1000, changed(200)) }
    let region = try await rebuilt(draft)
    #expect(region.bytes == bytes)
    #expect(region.confirmed == RangeSet(0..<256) && region.contradicted.isEmpty)
  }

  @Test("of lines that were hit in several places the right ones are found together")
  func several() async throws {
    var draft = TranscriptDraft()
    draft.dump(0x1000, changed(3))
    draft.dump(0x1000, changed(100, 1))
    draft.dump(0x1000, changed(100, 2))
    draft.dump(0x1010, Array(changed(250)[16...]))
    draft.crc32(0x1000, bytes)
    let region = try await rebuilt(draft)
    #expect(difference(found: region.bytes, expected: bytes) == nil)
    #expect(region.isProven && region.confirmed == RangeSet(0..<256))
  }

  @Test("only the last digest of a range counts, and one that nothing agrees with is told")
  func contradicted() async throws {
    var draft = TranscriptDraft()
    draft.dump(0x1000, bytes)
    draft.crc32(0x1000, bytes)
    draft.crc32(0x1000, changed(7))
    draft.crc32(0x1080, Array(bytes[128...]))
    let region = try await rebuilt(draft)
    #expect(region.bytes == bytes)
    #expect(region.confirmed == RangeSet(128..<256))
    #expect(region.contradicted.map(\.range) == [0..<256])
    #expect(region.contradicted.first?.description.hasSuffix("of 0x0+0x100") == true)
  }

  @Test("memory that has changed between two sessions is what it was in the last")
  func changedMemory() async throws {
    var (one, two) = (TranscriptDraft(), TranscriptDraft())
    one.dump(0x1000, bytes)
    one.crc32(0x1010, Array(bytes[16..<32]))
    two.dump(0x1000, changed(20))
    two.crc32(0x1000, changed(20))
    let files = ["console.log": one.text, "console-2.log": two.text]
    let region = try await rebuild(try slotPlan(region(256)), files)
    #expect(region.bytes == changed(20))
    #expect(region.confirmed == RangeSet(0..<256) && region.contradicted.map(\.range) == [16..<32])
  }

  @Test("lines that do not agree with themselves count for nothing")
  func hitLines() async throws {
    var draft = TranscriptDraft()
    let lines = TranscriptDraft.lines(0x1000, Array(repeating: 0x41, count: 256))
    draft.run("md.b 1000 100", lines.replacing("1010: 41", with: "1010: 42").replacing("00001080", with: "00001090"))
    let region = try await rebuilt(draft)
    #expect(region.missing == RangeSet([16..<32, 128..<144]))
  }

  @Test("what is typed, dropped, typed again and entered late is one command")
  func typing() async throws {
    var draft = TranscriptDraft()
    draft.sent(" ")
    draft.received("Hit any key\r\n=> ")
    draft.sent("md.b 1000 4")
    draft.received("mx.b")
    draft.sent("\u{3}")
    draft.received("\r\n=> ")
    draft.dump(0x1000, Array(bytes[..<128]))
    // A pager's key is still on the line when the next command is typed.
    draft.sent("q")
    draft.received("\r\n=> ")
    draft.dump(0x1080, Array(bytes[128...]))
    draft.sent("md.b 1000 10")
    let region = try await rebuilt(draft)
    #expect(region.bytes == bytes && region.isComplete)
  }

  @Test("a region that begins and ends anywhere takes its part of each dump")
  func shape() async throws {
    var draft = TranscriptDraft()
    draft.dump(0x0FF0, Array(repeating: 1, count: 16) + bytes)
    draft.dump(0x0FF0 + 7, Array(repeating: 1, count: 9) + bytes)
    let plan = try slotPlan(region(99, at: 0x1003) + #", { "name": "b", "address": 4198, "size": 30 }"#)
    try await withTemporaryFolder { folder in
      try Data(draft.text.utf8).write(to: URL(fileURLWithPath: folder.file("console.log")))
      let regions = try ImageRebuild(plan: plan, folder: folder.path).run()
      #expect(regions.map(\.bytes) == [Array(bytes[3..<102]), Array(bytes[0x66..<0x66 + 30])])
      #expect(regions.allSatisfy { $0.seenTwice == RangeSet(0..<$0.bytes.count) && $0.isProven })
    }
  }

  @Test("a staged region is what was copied last before it was read")
  func staged() async throws {
    let plan = try slotPlan(
      #"""
      { "name": "flash", "size": 200, "staging": {
        "command": "sf read {ram} {offset} {size}", "ram": "0x1000", "offset": 64, "piece": 128 } }
      """#)
    var draft = TranscriptDraft()
    draft.dump(0x1000, bytes)
    for (command, part) in [("sf read 1000 40 80", 0..<128), ("sf read 1000 c0 48", 128..<200)] {
      draft.run(command, "")
      draft.dump(0x1000, Array(bytes[part]))
      draft.crc32(0x1000, Array(bytes[part]))
    }
    let region = try await rebuild(plan, ["console.log": draft.text])
    #expect(region.bytes == Array(bytes[..<200]))
    #expect(region.confirmed == RangeSet(0..<200) && region.seenOnce == RangeSet(0..<200))
  }

  @Test("what RAM holds is forgotten where a session ends or the transcript has a gap")
  func forgetsStaging() async throws {
    let plan = try slotPlan(
      #"{ "name": "f", "size": 64, "staging": { "command": "c {ram} {offset} {size}", "ram": 4096 } }"#)
    var (one, two) = (TranscriptDraft(), TranscriptDraft())
    one.run("c 1000 0 40", "")
    two.dump(0x1000, Array(bytes[..<64]))
    for files in [
      ["console.log": one.text, "console-2.log": two.text], ["console.log.1": one.text, "console.log.3": two.text],
    ] {
      #expect(try await rebuild(plan, files).missing == RangeSet(0..<64))
    }
    #expect(try await rebuild(plan, ["console.log": one.text + two.text]).isComplete)
  }

  @Test("a console that asks for address and length is answered in the transcript")
  func dialogue() async throws {
    let dialect = #"""
      { "name": "mine", "title": "M", "prompt": { "pattern": "> " }, "wake": { "nudge": "\r" },
        "reads": [{ "name": "d", "command": "dump {address:08X}",
          "dialogue": [{ "expect": "lines", "send": "{lines:d}\r" }, { "expect": "sure", "send": "y" }],
          "layout": { "gutter": {} } }] }
      """#
    let plan = try slotPlan(region(64), dialect: #""mine""#, extra: #", "dialects": { "mine": \#(dialect) }"#)
    var draft = TranscriptDraft()
    for part in [0..<32, 32..<64] {
      draft.sent("dump 000010\(part.lowerBound == 0 ? "00" : "20")")
      draft.sent("\r")
      draft.received("\r\nHow many lines? ")
      draft.sent("2\r")
      draft.received("2\r\nAre you sure? ")
      draft.sent("y")
      draft.received("y\r\n" + TranscriptDraft.lines(0x1000 + UInt64(part.lowerBound), Array(bytes[part])) + "> ")
    }
    let region = try await rebuild(plan, ["console.log": draft.text])
    #expect(region.bytes == Array(bytes[..<64]) && region.isComplete)
  }

  @Test("a command line that asks for all of memory takes none of it")
  func absurd() async throws {
    var draft = TranscriptDraft()
    draft.run("md.b 0 ffffffffffffffff", "")
    draft.run("md.b fffffffffffffff0 fffffff0", "")
    draft.run("crc32 1 ffffffffffffffff", "crc32 for 0 ... 1 ==> 01234567\r\n")
    draft.dump(0xFFFF_FFFF_FFFF_FFF0, Array(bytes[..<16]))
    #expect(try await rebuilt(draft).missing == RangeSet(0..<256))
  }

  @Test("nothing is told of a unit without transcripts")
  func empty() async throws {
    let region = try await rebuild(try slotPlan(region(32)), [:])
    #expect(region.missing == RangeSet(0..<32) && region.bytes == Array(repeating: 0, count: 32))
  }
}
