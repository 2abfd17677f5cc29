import DumpEngine
import DumpManifest
import Foundation
import TestSupport
import Testing

@testable import BatchScheduler

@Suite("Units of a batch")
struct UnitRegistryTests {
  private static let mac = [IdentityFact(name: "mac", value: "02:00:5e:00:00:01")]

  private static func slot(_ name: String, size: Int = 4096) throws -> SlotPlan {
    try #require(try plan(manifest([(name: name, tty: "/dev/null")], size: size)).slots.first)
  }

  @Test("each unit gets a folder of its own, named after its first fact or its slot")
  func folders() async throws {
    try await withTemporaryFolder { folder in
      let registry = UnitRegistry(batchFolder: folder.path, isLine: true)
      let names = [
        try await registry.claim(Self.slot("A1"), Self.mac), try await registry.claim(Self.slot("A2"), []),
        try await registry.claim(Self.slot("A3"), []),
        try await registry.claim(Self.slot("A4"), [IdentityFact(name: "mac", value: "../../etc")]),
      ].map(\.folder)
      #expect(Set(names).count == 4)
      for name in names {
        #expect(!name.contains("/") && name != ".." && !name.isEmpty)
        #expect(FileManager.default.fileExists(atPath: folder.file(name)))
      }
      #expect(names[1].contains("A2"))
    }
  }

  @Test("the same facts at two slots are refused, with both slots in the message")
  func twice() async throws {
    try await withTemporaryFolder { folder in
      let registry = UnitRegistry(batchFolder: folder.path, isLine: true)
      _ = try await registry.claim(Self.slot("A1"), Self.mac)
      let error = await #expect(throws: SessionError.self) { try await registry.claim(Self.slot("A2"), Self.mac) }
      #expect(error?.kind == .identity)
      #expect(error?.message.hasPrefix("slots A1 and A2 both have a unit with mac 02:00:5e:00:00:01") == true)
    }
  }

  @Test("a folder that cannot be made costs no name: the next try takes the one that the first wanted")
  func retriedFolder() async throws {
    try await withTemporaryFolder { folder in
      let batch = folder.file("batch")
      let registry = UnitRegistry(batchFolder: batch, isLine: true)
      for _ in 0..<3 {
        await #expect(throws: (any Error).self) { try await registry.claim(Self.slot("A1"), Self.mac) }
      }
      try FileManager.default.createDirectory(atPath: batch, withIntermediateDirectories: false)
      let claim = try await registry.claim(Self.slot("A1"), Self.mac)
      #expect(claim.folder == "02-00-5e-00-00-01")
    }
  }

  @Test("a name that something else has taken meanwhile is not tried for ever")
  func takenName() async throws {
    try await withTemporaryFolder { folder in
      let registry = UnitRegistry(batchFolder: folder.path, isLine: true)
      #expect(FileManager.default.createFile(atPath: folder.file("02-00-5e-00-00-01"), contents: nil))
      await #expect(throws: (any Error).self) { try await registry.claim(Self.slot("A1"), Self.mac) }
      let claim = try await registry.claim(Self.slot("A1"), Self.mac)
      #expect(claim.folder == "02-00-5e-00-00-01-2")
    }
  }

  @Test("a known unit whose folder cannot be made again is nobody's afterwards")
  func remadeFolder() async throws {
    try await withTemporaryFolder { folder in
      let batch = folder.file("batch")
      let registry = UnitRegistry(batchFolder: batch, isLine: true, earlier: [try Self.cutOff()])
      await #expect(throws: (any Error).self) { try await registry.claim(Self.slot("A1"), Self.mac) }
      try FileManager.default.createDirectory(atPath: batch, withIntermediateDirectories: false)
      let claim = try await registry.claim(Self.slot("A2"), Self.mac)
      #expect(claim.folder == "02-00-5e-00-00-01")
    }
  }

  /// A unit that was cut off at slot A1.
  private static func cutOff() throws -> UnitState {
    let plan = try slot("A1")
    let session = Session(
      plan: plan,
      services: SessionServices(
        batchFolder: "/nowhere", emit: { _ in }, claim: { _, _ in throw CancellationError() }, check: { _, _ in [] }))
    var unit = session.end(SessionError(.linkLost, "pulled"))
    unit.identity = mac
    unit.folder = "02-00-5e-00-00-01"
    return UnitState(unit: unit, scope: DumpScope(plan))
  }

  @Test("checks decide nothing about the bytes: a unit is the same dump with more of them")
  func checks() async throws {
    try await withTemporaryFolder { folder in
      let text = manifest([(name: "A1", tty: "/dev/null")]).replacing(
        #""size": 4096"#, with: #""size": 4096, "checks": [{ "kind": "gzip" }]"#)
      let checked = try #require(try plan(text).slots.first)
      #expect(!checked.regions[0].checks.isEmpty)
      let registry = UnitRegistry(batchFolder: folder.path, isLine: true, earlier: [try Self.cutOff()])
      let claim = try await registry.claim(checked, Self.mac)
      #expect(claim.folder == "02-00-5e-00-00-01")
    }
  }
}
