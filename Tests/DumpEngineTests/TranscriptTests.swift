import DurableFiles
import Foundation
import TestSupport
import Testing

@testable import DumpEngine

@Suite("A transcript tells every byte in both directions")
struct TranscriptTests {
  enum Turn: Sendable {
    case sent([UInt8])
    case received([UInt8])
  }

  private func record(_ turns: [Turn]) async throws -> String {
    try await withTemporaryFolder { folder in
      let transcript = try Transcript(path: folder.file("console.log"))
      for turn in turns {
        switch turn {
        case .sent(let bytes): try transcript.sent(bytes)
        case .received(let bytes): try transcript.received(bytes)
        }
      }
      try transcript.flush()
      return try String(contentsOfFile: folder.file("console.log"), encoding: .utf8)
    }
  }

  @Test("every byte value comes back")
  func everyByte() async throws {
    let all = (0...255).map { UInt8($0) }
    let read = try TranscriptText.records(try await record([.received(all), .sent(all), .received(all.reversed())]))
    #expect(read.filter { !$0.isSent }.flatMap(\.bytes) == all + all.reversed())
    #expect(read.filter(\.isSent).flatMap(\.bytes) == all)
  }

  @Test(
    "a record ends behind a line feed and where the direction turns",
    arguments: [
      ([.sent(Array("md.b 0 10\r".utf8))], [#"> md.b 0 10\r"#]),
      ([.received(Array("a\r\nb".utf8)), .received(Array("c\n".utf8))], [#"< a\r\n"#, #"< bc\n"#]),
      ([.received([0x61]), .sent([0x03]), .received([0x62])], ["< a", #"> \x03"#, "< b"]),
      ([.received([0x1B, 0x5C, 0x09, 0x7F, 0xFF])], [#"< \x1B\\\t\x7F\xFF"#]),
      ([.received([]), .sent([])], []),
    ] as [([Turn], [String])])
  func format(turns: [Turn], expected: [String]) async throws {
    let lines = try await record(turns).split(separator: "\n").map { String($0.dropFirst(13)) }
    #expect(lines == expected)
  }

  @Test("a line without end is cut into records of 1,024 bytes")
  func longLines() async throws {
    let bytes = [UInt8](repeating: 0x41, count: 200_000)
    let read = try TranscriptText.records(try await record([.received(bytes)]))
    #expect(read.allSatisfy { $0.bytes.count <= 1024 && !$0.isSent })
    #expect(read.flatMap(\.bytes) == bytes)
  }

  @Test("nothing is lost in a long and mixed dialogue", arguments: 1...5 as ClosedRange<UInt64>)
  func lossless(seed: UInt64) async throws {
    var generator = SplitMix64(state: seed)
    let turns: [Turn] = (0..<500).map { _ in
      let bytes = seededBytes(count: Int.random(in: 0...700, using: &generator), seed: generator.next())
      return Bool.random(using: &generator) ? .sent(bytes) : .received(bytes)
    }
    let read = try TranscriptText.records(try await record(turns))
    let sent = turns.flatMap { turn -> [UInt8] in if case .sent(let bytes) = turn { bytes } else { [] } }
    let received = turns.flatMap { turn -> [UInt8] in if case .received(let bytes) = turn { bytes } else { [] } }
    #expect(difference(found: read.filter(\.isSent).flatMap(\.bytes), expected: sent) == nil)
    #expect(difference(found: read.filter { !$0.isSent }.flatMap(\.bytes), expected: received) == nil)
  }
}
