import Foundation
import NIOPosix
import SerialLink
import TestSupport
import Testing

@testable import DumpEngine

@Suite("A long transcript is cut into segments, and is bounded")
struct TranscriptSegmentTests {
  private let limits = TranscriptLimits(segment: 4096, total: 1 << 20)

  /// Writes `bytes` as the engine does: a piece, a flush, and what is large is closed and compressed.
  private func write(
    _ bytes: [UInt8], to folder: TemporaryFolder, _ limits: TranscriptLimits,
    close: (TranscriptSegment) throws -> Int = { try $0.compress() }
  ) throws -> Transcript {
    let transcript = try Transcript(path: folder.file(".A1.console.log"), limits: limits)
    try transcript.move(to: folder.file("console.log"))
    for start in stride(from: 0, to: bytes.count, by: 500) {
      try transcript.received(Array(bytes[start..<min(start + 500, bytes.count)]))
      try transcript.flush()
      if let segment = try transcript.rotate() { transcript.note(segment, compressedTo: try close(segment)) }
    }
    return transcript
  }

  private func names(_ folder: TemporaryFolder) throws -> Set<String> {
    Set(try FileManager.default.contentsOfDirectory(atPath: folder.path))
  }

  @Test("segments and the file after them tell all")
  func lossless() async throws {
    let bytes = seededBytes(count: 40_000, seed: 3)
    try await withTemporaryFolder { folder in
      _ = try write(bytes, to: folder, limits)
      let (text, closed) = try TranscriptText.whole(folder.path)
      #expect(closed > 10)
      #expect(try names(folder) == Set((1...closed).map { "console.log.\($0).gz" } + ["console.log"]))
      #expect(difference(found: try TranscriptText.records(text).flatMap(\.bytes), expected: bytes) == nil)
    }
  }

  @Test("a segment that was never compressed is still there", arguments: ["not begun", "not renamed", "not removed"])
  func interrupted(at moment: String) async throws {
    let bytes = seededBytes(count: 9000, seed: 4)
    try await withTemporaryFolder { folder in
      _ = try write(bytes, to: folder, limits) { segment in
        switch moment {
        case "not renamed": try Data([0x1F, 0x8B]).write(to: URL(fileURLWithPath: segment.path + ".gz.tmp"))
        case "not removed":
          let plain = try Data(contentsOf: URL(fileURLWithPath: segment.path))
          _ = try segment.compress()
          try plain.write(to: URL(fileURLWithPath: segment.path))
        default: break
        }
        return segment.plainBytes
      }
      let (text, closed) = try TranscriptText.whole(folder.path)
      #expect(closed > 1)
      #expect(difference(found: try TranscriptText.records(text).flatMap(\.bytes), expected: bytes) == nil)
    }
  }

  @Test("compressing again what was compressed half replaces the half")
  func again() async throws {
    try await withTemporaryFolder { folder in
      let text = seededBytes(count: 700_000, seed: 5)
      try Data(text).write(to: URL(fileURLWithPath: folder.file("console.log.1")))
      try Data(text.reversed()).write(to: URL(fileURLWithPath: folder.file("console.log.1.gz.tmp")))
      let bytes = try TranscriptSegment(path: folder.file("console.log.1"), plainBytes: text.count).compress()
      let packed = try Data(contentsOf: URL(fileURLWithPath: folder.file("console.log.1.gz")))
      #expect(packed.count == bytes && packed.starts(with: [0x1F, 0x8B]))
      #expect(try names(folder) == ["console.log.1.gz"])
      #expect(try TranscriptText.load(folder.file("console.log.1.gz")) == String(decoding: text, as: UTF8.self))
    }
  }

  @Test("nothing is cut before the unit is known")
  func provisional() async throws {
    try await withTemporaryFolder { folder in
      let transcript = try Transcript(path: folder.file(".A1.console.log"), limits: limits)
      try transcript.received(seededBytes(count: 20_000, seed: 6))
      try transcript.flush()
      #expect(try transcript.rotate() == nil)
      try transcript.move(to: folder.file("console.log"))
      #expect(try transcript.rotate() != nil)
      #expect(try transcript.rotate() == nil)
      #expect(try names(folder) == ["console.log", "console.log.1"])
    }
  }

  @Test(
    "at its limit it says so in one last line, and takes no more of the disk",
    arguments: [(1 << 16, 1 << 14, "64 KiB"), (100_000, 1 << 20, "100000 bytes"), (1 << 20, 1 << 18, "1 MiB")])
  func limited(total: Int, segment: Int, text: String) async throws {
    let bytes = seededBytes(count: 2 << 20, seed: 7)
    try await withTemporaryFolder { folder in
      let transcript = try write(bytes, to: folder, TranscriptLimits(segment: segment, total: total))
      #expect(transcript.hasEnded)
      let sizes = try names(folder).map {
        try FileManager.default.attributesOfItem(atPath: folder.file($0))[.size] as? Int
      }
      #expect(sizes.compactMap(\.self).reduce(0, +) <= total)
      let lines = try TranscriptText.whole(folder.path).text.split(separator: "\n")
      #expect(lines.last?.dropFirst(12) == " ! transcript ends here: more than \(text)")
      let told = try TranscriptText.records(lines.dropLast().joined(separator: "\n")).flatMap(\.bytes)
      #expect(told.count > total / 8)
      #expect(difference(found: told, expected: Array(bytes.prefix(told.count))) == nil)
    }
  }

  @Test(
    "each session takes a name of its own, also where one was killed between two files",
    arguments: [
      ([], "console.log"), (["console.log"], "console-2.log"), (["console.log.1"], "console-2.log"),
      (["console.log.1.gz"], "console-2.log"), (["console.log", "console-2.log.1"], "console-3.log"),
      (["console-2.log"], "console.log"),
    ])
  func names(taken: [String], free: String) async throws {
    try await withTemporaryFolder { folder in
      for name in taken { try Data().write(to: URL(fileURLWithPath: folder.file(name))) }
      #expect(Transcript.freePath(in: folder.path) == folder.file(free))
    }
  }

  @Test("a sync brings file and folder to the disk, the folder only where a name is new")
  func sync() async throws {
    try await withTemporaryFolder { folder in
      let transcript = try write(Array("abc\n".utf8), to: folder, limits)
      let first = transcript.takeSync()
      #expect(first.folder == folder.path && first.file.path == folder.file("console.log"))
      try first.run()
      #expect(transcript.takeSync().folder == nil)
    }
  }

  @Test("segments are compressed while more comes, and all are at the end", arguments: [1 << 20, 1 << 15])
  func meanwhile(total: Int) async throws {
    let bytes = seededBytes(count: total / 8, seed: 8)
    try await withTemporaryFolder { folder in
      let fake = try await FakeConsole.start(.echoes, path: folder.file("s"))
      let link = try await Link.open(
        .unix(path: folder.file("s")), settings: LineSettings(speed: 115_200), on: MultiThreadedEventLoopGroup.singleton
      )
      let own = folder.file("unit")
      try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: false)
      let transcript = try Transcript(
        path: own + "/console.log", limits: TranscriptLimits(segment: 4096, total: total))
      try transcript.move(to: own + "/console.log")
      let console = Console(
        link: link, plan: try SlotManifest(address: 0, size: 1).plan().console, transcript: transcript)
      for start in stride(from: 0, to: bytes.count, by: 500) {
        try transcript.received(Array(bytes[start..<min(start + 500, bytes.count)]))
        try await console.transcriptSync()?.run()
      }
      try await console.finishTranscript()
      await link.close()
      await fake.stop()
      let (text, closed) = try TranscriptText.whole(own)
      #expect(closed > 1 && !transcript.hasEnded)
      let names = try FileManager.default.contentsOfDirectory(atPath: own)
      #expect(Set(names) == Set((1...closed).map { "console.log.\($0).gz" } + ["console.log"]))
      #expect(difference(found: try TranscriptText.records(text).flatMap(\.bytes), expected: bytes) == nil)
    }
  }

  @Test("what the console had said before the session stands before what was typed", arguments: [true, false])
  func heard(typesFirst: Bool) async throws {
    try await withTemporaryFolder { folder in
      let fake = try await FakeConsole.start(.echoes, path: folder.file("s"))
      let plan = try SlotManifest(address: 0, size: 1).plan().console
      let link = try await Link.open(
        .unix(path: folder.file("s")), settings: LineSettings(plan), on: MultiThreadedEventLoopGroup.singleton)
      let transcript = try Transcript(path: folder.file("console.log"))
      let console = Console(link: link, plan: plan, transcript: transcript, heard: Array("U-Boot\n".utf8))
      if typesFirst { try await console.send("a") }
      #expect(try await console.receive(within: 10) == Array("U-Boot\n".utf8))
      try await console.send("b")
      #expect(try await console.receive(within: 10)?.isEmpty == false)
      #expect(console.counters.received > 7)
      try await console.finishTranscript()
      await link.close()
      await fake.stop()
      let lines = try TranscriptText.load(folder.file("console.log")).split(separator: "\n").map { $0.dropFirst(13) }
      #expect(lines.first == #"< U-Boot\n"# && lines.count { $0.contains("U-Boot") } == 1, "\(lines)")
      #expect(lines.dropFirst().first == (typesFirst ? "> ab" : "> b"), "\(lines)")
    }
  }
}

@Suite("A session keeps as much of its dialogue as the manifest says", .serialized, .timeLimit(.minutes(2)))
struct TranscriptPolicyTests {
  @Test("none, a little, and all of it in segments", arguments: ["0", #""1MiB""#, #""3MiB""#])
  func limit(text: String) async throws {
    try await withUnit(Units.uBoot()) { unit in
      var manifest = SlotManifest(address: Units.flash, size: Units.flashSize)
      manifest.policy = #""retries": 5, "transcript": \#(text)"#
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      let expected = unit.contents(address: Units.flash, size: Units.flashSize)
      try run.expectImage(expected, evidence: [.deviceDigest(.crc32)])
      let logs = run.files.filter { $0.key.hasPrefix("console") }
      #expect(logs.isEmpty == (text == "0"))
      #expect(logs.values.reduce(0) { $0 + $1.count } <= 3 << 20)
      if text == #""3MiB""# { #expect(logs.keys.sorted() == ["console.log", "console.log.1.gz"]) }
    }
  }
}
