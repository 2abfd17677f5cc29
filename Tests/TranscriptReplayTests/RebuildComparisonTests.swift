import Foundation
import TestSupport
import Testing

@testable import TranscriptReplay

@Suite("An image is compared with what its transcript shows")
struct RebuildComparisonTests {
  private let bytes = seededBytes(count: 256, seed: 10)

  private func differences(
    _ image: [UInt8], claimed: RangeSet<Int>? = nil, _ draft: (inout TranscriptDraft) -> Void
  ) async throws -> [String] {
    var text = TranscriptDraft()
    draft(&text)
    let region = try await rebuild(try slotPlan(region(256)), ["console.log": text.text])
    return try await withTemporaryFolder { folder in
      try Data(image).write(to: URL(fileURLWithPath: folder.file("flash.bin")))
      let comparison = RebuildComparison(region)
      return try comparison.differences(from: folder.file("flash.bin"), claimed: claimed).map(\.description)
    }
  }

  @Test("equal ones have no differences")
  func equal() async throws {
    #expect(try await differences(bytes) { $0.dump(0x1000, bytes) } == [])
  }

  @Test("each place is told, with the bytes of both")
  func tamperedImage() async throws {
    var image = bytes
    (image[16], image[20], image[200]) = (~image[16], ~image[20], ~image[200])
    let found = try await differences(image) { $0.dump(0x1000, bytes) }
    #expect(found.count == 2)
    #expect(found.first?.hasPrefix("flash 0x10+0x5: the image has ") == true, "\(found)")
    #expect(found.last?.hasPrefix("flash 0xc8+0x1: the image has ") == true, "\(found)")
  }

  @Test("a transcript that was tampered with is told by the unit's own digest")
  func tamperedTranscript() async throws {
    var other = bytes
    other[33] = ~other[33]
    let found = try await differences(bytes) { draft in
      draft.dump(0x1000, other)
      draft.crc32(0x1000, bytes)
    }
    #expect(found.count == 2)
    #expect(found.contains { $0.hasPrefix("flash 0x21+0x1: the image has ") }, "\(found)")
    #expect(found.contains { $0.hasPrefix("flash 0x0+0x100: the unit said crc32 ") }, "\(found)")
    #expect(
      try await differences(bytes) { draft in
        draft.dump(0x1000, bytes)
        draft.text = draft.text.replacing("00001020: ", with: "00001020: 0")
      } == ["flash 0x20+0x10: not in the transcript"])
  }

  @Test("what was not printed is held against what the unit has said of it")
  func unseen() async throws {
    let dump = { (draft: inout TranscriptDraft) in
      draft.dump(0x1000, Array(bytes[..<128]))
      draft.crc32(0x1080, Array(bytes[128...]))
    }
    #expect(try await differences(bytes, dump) == [])
    var image = bytes
    image[200] = ~image[200]
    let found = try await differences(image, dump)
    #expect(found.contains { $0.hasPrefix("flash 0x80+0x80: the unit said crc32 ") }, "\(found)")
    #expect(found.contains("flash 0x80+0x80: not in the transcript"), "\(found)")
  }

  @Test("only what an image claims to hold is compared, and its size is told")
  func partial() async throws {
    let dump = { (draft: inout TranscriptDraft) in draft.dump(0x1000, Array(bytes[..<64])) }
    let zeros = [UInt8](repeating: 0, count: 192)
    #expect(try await differences(Array(bytes[..<64]) + zeros, claimed: RangeSet(0..<64), dump) == [])
    #expect(
      try await differences(Array(bytes[..<64]) + zeros, claimed: RangeSet(0..<128), dump)
        == ["flash 0x40+0x40: not in the transcript"])
    #expect(
      try await differences(Array(bytes[..<64]), dump) == ["flash: the image has 64 bytes, the region 256"])
  }
}
