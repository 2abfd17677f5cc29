import DeviceSimulator
import Foundation
import SerialLink
import Testing

@testable import DumpEngine

@Suite("The policy says what it takes to believe a block", .serialized, .timeLimit(.minutes(2)))
struct PolicyTests {
  static let size = 10_000

  @Test(
    "U-Boot with crc32",
    arguments: [
      ("auto", Evidence.deviceDigest(.crc32), 1), ("digest", .deviceDigest(.crc32), 1), ("reread", .reread, 2),
      ("none", .none, 1),
    ])
  func evidence(verify: String, evidence: Evidence, reads: Int) async throws {
    try await withUnit(Units.uBoot()) { unit in
      var manifest = SlotManifest(address: Units.flash, size: Self.size)
      manifest.policy = #""verify": "\#(verify)""#
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      try run.expectImage(unit.contents(address: Units.flash, size: Self.size), evidence: [evidence])
      let dumped = await unit.counters().bytesDumped
      #expect((reads * Self.size..<reads * Self.size + 2048).contains(dumped), "\(dumped)")
    }
  }

  @Test("where what tells of the unit cannot be written, no evidence is")
  func noRecord() async throws {
    try await withUnit(Units.uBoot()) { unit in
      let run = try await runSession(
        SlotManifest(address: Units.flash, size: Self.size), at: .tty(path: unit.path),
        onFolder: { folder in
          // No file can be renamed over a folder.
          try FileManager.default.createDirectory(atPath: "\(folder)/unit.json", withIntermediateDirectories: false)
        })
      #expect(run.unit.failure?.kind == "disk", run.failureText)
      #expect(run.unit.failure?.message.contains("unit.json") == true, run.failureText)
      #expect(run.files["flash.evidence.json"] == nil && run.files["flash.map"] == nil)
    }
  }

  @Test("a digest that is asked for and not there ends the session before the dump")
  func noDigest() async throws {
    try await withUnit(Units.uBoot { $0.commands.remove(.crc32) }) { unit in
      var manifest = SlotManifest(address: Units.flash, size: Self.size)
      manifest.policy = #""verify": "digest""#
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      #expect(run.unit.failure?.kind == "no-digest")
      #expect(run.unit.failure?.message.contains("choose `auto` or `reread`") == true, run.failureText)
      #expect(try run.expectTruePartial([UInt8](repeating: 0, count: Self.size)) == 0)
    }
  }
}
