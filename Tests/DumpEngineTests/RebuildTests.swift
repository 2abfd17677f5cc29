import DeviceSimulator
import DumpManifest
import Foundation
import TestSupport
import Testing
import TranscriptReplay

@testable import DumpEngine

/// A unit whose images are rebuilt from what the session heard.
struct RebuiltUnit: Sendable, CustomTestStringConvertible {
  let name: String
  var unit = Units.uBoot()
  var manifest = SlotManifest(address: Units.flash, size: 40_000)
  /// Whether each byte is borne out by the transcript itself; absent where that depends on what the line did.
  var isProven: Bool? = true

  var testDescription: String { name }

  static let all: [RebuiltUnit] = [
    RebuiltUnit(name: "U-Boot with crc32"),
    RebuiltUnit(name: "U-Boot without a digest", unit: Units.uBoot { $0.commands.remove(.crc32) }),
    RebuiltUnit(name: "big endian, old column", unit: Units.uBoot { ($0.byteOrder, $0.gutter) = (.big, .old) }),
    RebuiltUnit(name: "sha256", unit: Units.uBoot { $0.commands.insert(.hash) }),
    RebuiltUnit(name: "constant memory", unit: Units.uBoot(content: .fill(0xFF))),
    RebuiltUnit(name: "an odd place", manifest: SlotManifest(address: Units.flash + 13, size: 4097)),
    RebuiltUnit(
      name: "several regions",
      manifest: SlotManifest(regions: [
        SlotManifest.region("flash", address: Units.flash, size: 5000),
        SlotManifest.region("second", address: Units.flash + 0x10001, size: 3000),
      ])),
    // The image's own checksum bears it out, which is no second reading; a line that was hit makes it read twice.
    camera("camera", size: Units.cameraKernelSize, isProven: nil),
    camera("camera, read twice", size: 4096, isProven: true),
    RebuiltUnit(
      name: "staged", unit: StagingTests.unit(),
      manifest: StagingTests.manifest(size: 20_001, piece: 7000, offset: 0x1234)),
    noisy("noise, crc32", LineNoise(seed: 1, flips: 0.001)) { _ in },
    noisy("noise, read twice", LineNoise(seed: 2, flips: 0.001)) { $0.commands.remove(.crc32) },
    noisy("losses, crc32", LineNoise(seed: 3, drops: 0.001)) { _ in },
    noisy("losses, read twice", LineNoise(seed: 4, drops: 0.001)) { $0.commands.remove(.crc32) },
    noisy("all of it, both ways", LineNoise(seed: 5, flips: 0.001, drops: 0.001, doublings: 0.001, direction: .both)) {
      _ in
    },
  ]

  /// A receiver of 16 places loses keys on a busy machine, so that waking may take a few rounds.
  private static func camera(_ name: String, size: Int, isProven: Bool?) -> RebuiltUnit {
    var manifest = SlotManifest.w90(size: size)
    manifest.wake = 120
    return RebuiltUnit(name: name, unit: Units.camera(), manifest: manifest, isProven: isProven)
  }

  private static func noisy(
    _ name: String, _ noise: LineNoise, _ change: (inout UBootOptions) -> Void
  ) -> RebuiltUnit {
    var unit = RebuiltUnit(
      name: name, unit: Units.uBoot("unit", change), manifest: SlotManifest(address: Units.flash, size: 6000))
    unit.unit.noise = noise
    (unit.manifest.reply, unit.manifest.policy) = (0.3, #""retries": 50"#)
    return unit
  }
}

@Suite("A session's transcript is enough to rebuild its images", .serialized, .timeLimit(.minutes(3)))
struct RebuildTests {
  /// Rebuilds all regions from some files of a unit's folder.
  private func rebuild(_ manifest: SlotManifest, _ files: [String: [UInt8]]) async throws -> [RebuiltRegion] {
    let plan = try manifest.plan()
    return try await withTemporaryFolder { folder in
      for (name, bytes) in files where name.hasPrefix("console") {
        try Data(bytes).write(to: URL(fileURLWithPath: folder.file(name)))
      }
      return try ImageRebuild(plan: plan, folder: folder.path).run()
    }
  }

  @Test("of any console", arguments: RebuiltUnit.all)
  func images(_ rebuilt: RebuiltUnit) async throws {
    try await withUnit(rebuilt.unit) { unit in
      var manifest = rebuilt.manifest
      // What is not read is in no transcript.
      manifest.policy = (manifest.policy.isEmpty ? "" : manifest.policy + ", ") + #""reuse": "never""#
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      #expect(run.unit.failure == nil, run.failureText)
      let regions = try await rebuild(manifest, run.files)
      #expect(regions.count == run.unit.regions.count)
      for region in regions {
        let image = try #require(run.files[region.file], run.failureText)
        #expect(difference(found: region.bytes, expected: image) == nil)
        #expect(region.isComplete && region.isProven == rebuilt.isProven ?? region.isProven, "once: \(region.seenOnce)")
      }
    }
  }

  @Test("in segments, and where none was compressed")
  func segments() async throws {
    try await withUnit(Units.uBoot()) { unit in
      var manifest = SlotManifest(address: Units.flash, size: Units.flashSize)
      manifest.policy = #""transcript": "3MiB""#
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      #expect(run.files["console.log.1.gz"] != nil)
      let region = try #require(try await rebuild(manifest, run.files).first)
      #expect(region.isProven && region.bytes == run.files["flash.bin"])
    }
  }

  @Test("of two sessions, the first of which was cut off")
  func twoSessions() async throws {
    let manifest = SlotManifest(address: Units.flash, size: 100_000)
    try await withUnit(Units.uBoot()) { unit in
      let once = OnceHeld { await unit.hangUp() }
      let first = try await runSession(manifest, at: .tty(path: unit.path)) { await once.see($0) }
      #expect(first.unit.failure?.kind == "link-lost", first.failureText)
      let log = try #require(first.files["console.log"])
      let half = try #require(try await rebuild(manifest, ["console.log": log]).first)
      let expected = try #require(unit.contents(address: Units.flash, size: 100_000))
      #expect(
        !half.isComplete && half.seenOnce.union(half.seenTwice).ranges.allSatisfy { half.bytes[$0] == expected[$0] })
      try await withUnit(Units.uBoot()) { again in
        let second = try await runSession(manifest, at: .tty(path: again.path))
        // As it would be in the unit's own folder, cut in the middle of a line besides.
        let files = ["console.log": log.dropLast(11), "console-2.log": try #require(second.files["console.log"])[...]]
        let whole = try #require(try await rebuild(manifest, files.mapValues(Array.init)).first)
        #expect(difference(found: whole.bytes, expected: expected) == nil)
        #expect(whole.isProven)
      }
    }
  }

  @Test("a transcript or an image that was tampered with is found, and where")
  func tampered() async throws {
    let manifest = SlotManifest(address: Units.flash, size: 8192)
    try await withUnit(Units.uBoot()) { unit in
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      let image = try #require(run.files["flash.bin"])
      let log = String(decoding: try #require(run.files["console.log"]), as: UTF8.self)
      let line = try #require(log.split(separator: "\n").first { $0.contains("< 04001000: ") })
      let other = line.replacing(/: ([0-9a-f])/) { ": " + ($0.1 == "0" ? "1" : "0") }
      let region = try #require(
        try await rebuild(manifest, ["console.log": Array(log.replacing(line, with: other).utf8)]).first)
      let told = region.missing.union(RangeSet(region.contradicted.map(\.range)))
      #expect(RangeSet(0x1000..<0x1004).isSubset(of: told))
      let whole = try #require(try await rebuild(manifest, run.files).first)
      try await withTemporaryFolder { folder in
        var changed = image
        changed[0x1234] ^= 1
        try Data(changed).write(to: URL(fileURLWithPath: folder.file("flash.bin")))
        let found = try RebuildComparison(whole).differences(from: folder.file("flash.bin"))
        #expect(found.map(\.range) == [0x1234..<0x1235], "\(found)")
      }
    }
  }
}

@Suite("What the engine writes, the reader reads")
struct TranscriptRoundTripTests {
  @Test("every byte in both directions, in any segments", arguments: [1 << 20, 5000])
  func everyByte(segment: Int) async throws {
    try await withTemporaryFolder { folder in
      let limits = TranscriptLimits(segment: segment, total: 1 << 30)
      let transcript = try Transcript(path: folder.file(".A1.console.log"), limits: limits)
      try transcript.move(to: folder.file("console.log"))
      let all = (0...255).map { UInt8($0) }
      var turns: [(TranscriptRecord.Kind, [UInt8])] = []
      for round in 0..<40 {
        let bytes = round % 3 == 0 ? seededBytes(count: 3000, seed: UInt64(round)) : all
        if round % 2 == 0 { try transcript.sent(bytes) } else { try transcript.received(bytes) }
        turns.append((round % 2 == 0 ? .sent : .received, bytes))
        try transcript.flush()
        if let closed = try transcript.rotate() { transcript.note(closed, compressedTo: try closed.compress()) }
      }
      var read: [(TranscriptRecord.Kind, [UInt8])] = []
      try TranscriptReader(folder: folder.path).read { record in
        if read.last?.0 == record.kind {
          read[read.count - 1].1 += record.bytes
        } else {
          read.append((record.kind, record.bytes))
        }
        return true
      }
      #expect(read.dropFirst().map(\.0) == turns.map(\.0))
      #expect(difference(found: read.dropFirst().flatMap(\.1), expected: turns.flatMap(\.1)) == nil)
    }
  }
}
