import DumpManifest
import Testing

@testable import batchdump_bench

@Suite("A benchmark's manifest")
struct BatchManifestTests {
  @Test("is taken by the loader, and says what was meant")
  func loads() throws {
    var manifest = BatchManifest(
      name: "bench", slots: [.init(name: "a", tty: "/dev/a"), .init(name: "b", tty: "/dev/b")])
    manifest.console.speed = 921_600
    manifest.console.method = "md.l"
    manifest.regions = [.init(name: "flash", address: 0x0400_0000, size: 65536)]
    let plan = try manifest.plan()
    #expect(plan.slots.map(\.name) == ["a", "b"])
    #expect(plan.slots.map(\.endpoint) == [.tty(path: "/dev/a"), .tty(path: "/dev/b")])
    #expect(plan.slots.allSatisfy { $0.console.speed == 921_600 && $0.console.method == "md.l" })
    #expect(plan.slots[0].regions.map(\.file) == ["flash.bin"])
    #expect(plan.slots[0].regions.map(\.source) == [.mapped(address: 0x0400_0000)])
    #expect(plan.slots[0].policy.verify == .auto)
  }
}
