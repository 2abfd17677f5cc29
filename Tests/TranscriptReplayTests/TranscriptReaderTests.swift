import Foundation
import TestSupport
import Testing

@testable import TranscriptReplay

@Suite("Transcripts are read back record by record")
struct TranscriptReaderTests {
  /// Writes files and reads them: `name` or `name.gz` with its text, cut by so many bytes.
  private func read(_ files: [(name: String, text: String, cut: Int)]) async throws -> [TranscriptRecord] {
    try await withTemporaryFolder { folder in
      for (name, text, cut) in files {
        let path = folder.file(name)
        let bytes = name.hasSuffix(".gz") ? try gzipped(text, at: path) : Array(text.utf8)
        try Data(bytes.dropLast(cut)).write(to: URL(fileURLWithPath: path))
      }
      var records: [TranscriptRecord] = []
      try TranscriptReader(folder: folder.path).read { record in
        records.append(record)
        return true
      }
      return records
    }
  }

  /// Records in short: `S` session, `G` gap, `E` end, `<` and `>` with their text.
  private func short(_ files: [(name: String, text: String, cut: Int)]) async throws -> [String] {
    try await read(files).map { record in
      let text = String(decoding: record.bytes, as: UTF8.self)
      return switch record.kind {
      case .session: "S " + text
      case .gap: "G"
      case .ended: "E " + text
      case .received: "< " + text
      case .sent: "> " + text
      }
    }
  }

  private func line(_ text: String) -> String { "23:59:59.001 < \(text)\n" }

  @Test("every byte comes back, with direction and time")
  func bytes() async throws {
    let all = (0...255).map { byte in
      switch byte {
      case 0x5C: #"\\"#
      case 0x0D: #"\r"#
      case 0x0A: #"\n"#
      case 0x09: #"\t"#
      case 0x20...0x7E: String(UnicodeScalar(UInt8(byte)))
      default: #"\x"# + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }.joined()
    let text = "01:02:03.004 < \(all)\n23:59:59.999 > \(all)\n00:00:00.000 ! transcript ends here\n"
    let records = try await read([("console.log", text, 0)])
    let bytes = (0...255).map { UInt8($0) }
    #expect(
      records == [
        TranscriptRecord(kind: .session, bytes: Array("console.log".utf8)),
        TranscriptRecord(kind: .received, time: 3_723_004, bytes: bytes),
        TranscriptRecord(kind: .sent, time: 86_399_999, bytes: bytes),
        TranscriptRecord(kind: .ended, time: 0, bytes: Array("transcript ends here".utf8)),
      ])
  }

  @Test("sessions come in the order of their numbers, segments before the file that goes on")
  func order() async throws {
    let records = try await short([
      ("console-10.log", line("j"), 0), ("console.log", line("c"), 0), ("console-2.log", line("d"), 0),
      ("console.log.1", line("a"), 0), ("console.log.2.gz", line("b"), 0), ("console-1.log", line("no"), 0),
      ("console.log.3.gz.tmp", line("no"), 0), ("flash.bin", "no", 0), ("console.log.x", "no", 0),
    ])
    #expect(
      records == [
        "S console.log", "< a", "< b", "< c", "S console-2.log", "< d", "S console-10.log", "< j",
      ])
  }

  @Test("every state that a kill can leave between two files is read once")
  func rotation() async throws {
    let (one, two) = (("console.log", line("2"), 0), ["S console.log", "< 1", "< 2"])
    #expect(try await short([("console.log.1", line("1"), 0), one]) == two)
    #expect(try await short([("console.log.1", line("1"), 0), ("console.log.1.gz.tmp", line("1"), 9), one]) == two)
    #expect(try await short([("console.log.1", line("1"), 0), ("console.log.1.gz", line("1"), 0), one]) == two)
    #expect(try await short([("console.log.1.gz", line("1"), 0), one]) == two)
    #expect(try await short([("console.log.1", line("1"), 0)]) == ["S console.log", "< 1"])
    #expect(try await short([("console.log.1", line("1"), 0), ("console.log", "", 0)]) == ["S console.log", "< 1"])
  }

  @Test(
    "a last line that was cut is read as far as it goes",
    arguments: [
      (#"00:00:00.000 < ab\n"#, ["< ab\n", "G"]), (#"00:00:00.000 < ab\"#, ["< ab", "G"]),
      (#"00:00:00.000 < ab\x4"#, ["< ab", "G"]), ("00:00:00.000 < ", ["G"]), ("00:00:0", ["G"]),
      ("00:00:00.000 < ab\0\0\0\0", ["< ab", "G"]), ("00:00:00.000 ! transcript en", ["G"]),
      (String(repeating: "\0", count: 700_000), ["G"]),
    ])
  func cutLine(tail: String, expected: [String]) async throws {
    let records = try await short([("console.log", line("x") + tail, 0), ("console-2.log", line("y"), 0)])
    #expect(records == ["S console.log", "< x"] + expected + ["S console-2.log", "< y"])
  }

  @Test("a gzip file that was cut is read as far as it goes, and one that is not there is a gap")
  func cutGzip() async throws {
    var state = SplitMix64(state: 1)
    let lines = (0..<20_000).map { _ in line(String(state.next(), radix: 36)) }
    let all = lines.joined()
    let cut = try await short([("console.log.1.gz", all, 50_000), ("console.log", line("2"), 0)])
    let told = cut.filter { $0.hasPrefix("<") }.dropLast(2)
    #expect(told.count > 1000 && told.count < 20_000)
    #expect(zip(told, lines).allSatisfy { "23:59:59.001 \($0)\n" == $1 })
    #expect(cut.suffix(2) == ["G", "< 2"])
    #expect(
      try await short([("console.log.1.gz", "", 1000), ("console.log", line("2"), 0)]).dropFirst() == ["G", "< 2"])
    let hole = [("console.log.1", line("1"), 0), ("console.log.3", line("3"), 0)]
    #expect(try await short(hole) == ["S console.log", "< 1", "G", "< 3"])
  }

  @Test(
    "any other line that is no record is an error that names file and line",
    arguments: [
      ("hello", "expected a time"), ("00:00:00.000 ? ab", "expected `<`"), (#"00:00:00.000 < \q"#, "an escape"),
      (#"00:00:00.000 < \x4g"#, "two hex digits"), ("00:00:00.000 < a\tb", "bare"), ("", "expected a time"),
      (String(repeating: "a", count: 600_000), "longer"),
    ])
  func malformed(bad: String, reason: String) async throws {
    let text = line("a") + line("b") + bad + "\n" + line("c")
    let error = await #expect(throws: TranscriptError.self) { _ = try await read([("console-2.log", text, 0)]) }
    #expect(error?.line == 3 && error?.path.hasSuffix("/console-2.log") == true)
    #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
  }

  @Test("a gzip file that is damaged is an error")
  func damaged() async throws {
    try await withTemporaryFolder { folder in
      let path = folder.file("console.log.1.gz")
      var bytes = try gzipped((0..<9000).map { line("\($0)") }.joined(), at: path)
      for index in bytes.count / 2..<bytes.count / 2 + 64 { bytes[index] ^= 0x5A }
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      let reader = try TranscriptReader(folder: folder.path)
      let error = #expect(throws: TranscriptError.self) { try reader.read { _ in true } }
      #expect(error?.path == path)
    }
  }

  @Test("reading ends when it is told to, and a folder without transcripts has nothing to tell")
  func ends() async throws {
    try await withTemporaryFolder { folder in
      #expect(try TranscriptReader(folder: folder.path).sessions.isEmpty)
      try Data((line("a") + line("b")).utf8).write(to: URL(fileURLWithPath: folder.file("console.log")))
      var count = 0
      try TranscriptReader(folder: folder.path).read { _ in
        count += 1
        return count < 2
      }
      #expect(count == 2)
    }
    #expect(throws: TranscriptError.self) { _ = try TranscriptReader(folder: "/nonexistent/folder") }
  }
}
