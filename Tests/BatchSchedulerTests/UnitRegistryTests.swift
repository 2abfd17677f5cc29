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
      let registry = UnitRegistry(batchFolder: folder.path)
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
      let registry = UnitRegistry(batchFolder: folder.path)
      _ = try await registry.claim(Self.slot("A1"), Self.mac)
      let error = await #expect(throws: SessionError.self) { try await registry.claim(Self.slot("A2"), Self.mac) }
      #expect(error?.kind == .identity)
      #expect(error?.message.hasPrefix("slots A1 and A2 both have a unit with mac 02:00:5e:00:00:01") == true)
    }
  }
}
