import BatchScheduler
import DeviceSimulator
import DumpEngine
import DumpManifest
import Foundation
import TestSupport
import Testing

/// The camera with which batchdump began, simulated.
@Suite("The origin camera's manifest", .serialized, .timeLimit(.minutes(5)))
struct OriginCameraTests {
  static let regions: [(file: String, address: UInt64, size: Int)] = [
    ("linux.bin", 0x7F0E_0000, 0xC3C00), ("romfs.img", 0x7F1B_0000, 0x40000),
  ]

  private func camera() -> SimulatedUnit {
    let flash = CameraFlash(
      images: [
        CameraFlash.Image(
          number: 6, name: "linux.bin", kind: .kernel, address: 0x7F0E_0000, size: 0xC3C00),
        CameraFlash.Image(
          number: 7, name: "romfs.img", kind: .romfs, address: 0x7F1B_0000, size: 0x40000),
      ], seed: 2009)
    var unit = SimulatedUnit(
      name: "camera", loader: .w90(W90Options()), speed: 921_600,
      memory: [MemoryArea(address: 0x7F00_0000, size: 0x20_0000, content: .camera(flash))])
    unit.start = .prompt
    return unit
  }

  /// The manifest as it lies in `Manifests`, but for the slot's tty and the speed: at 115200 baud a camera takes seven
  /// minutes.
  private func plan(tty: String) throws -> BatchPlan {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: "Manifests/origin-camera.json"), encoding: .utf8)
    #expect(text.contains("/dev/ttyUSB0"))
    var plan = try BatchPlan.parse(Array(text.replacing("/dev/ttyUSB0", with: tty).utf8), name: "origin-camera.json")
    plan.slots[0].console.speed = 921_600
    // A busy machine may let the simulator stand still; to a dump that is a fault, after which no footer is believed.
    plan.slots[0].console.replyTimeout = 120
    return plan
  }

  @Test("gives both images byte for byte, believed by their footers, and both pass their checks")
  func origin() async throws {
    try await withUnits([camera()]) { units in
      try await withTemporaryFolder { folder in
        let unit = try #require(units["camera"])
        let results = await Batch(plan: try plan(tty: unit.path), folder: folder.path) { _ in }.run()
        let result = try #require(results.first)
        #expect(result.failure == nil, "\(result.failure?.message ?? "")")
        #expect(result.isVerified)
        for (index, region) in Self.regions.enumerated() {
          let image = FileManager.default.contents(atPath: folder.file("\(result.folder)/\(region.file)")) ?? Data()
          let expected = try #require(unit.contents(address: region.address, size: region.size))
          #expect(difference(found: Array(image), expected: expected) == nil)
          #expect(result.regions[index].blocks.map(\.evidence) == [.imageFooter])
          #expect(result.regions[index].checks.map(\.passed) == [true], "\(result.regions[index].checks)")
        }
      }
    }
  }

  /// Regions, checks and dialect as the origin manifest has them, on a camera with smaller images.
  @Test(
    "one bit that is flipped in the flash makes the footer wrong and the check fail",
    arguments: [("kernel", 0x7F02_0000 + 0x2F00, "gzip"), ("romfs", 0x7F03_0000 + 0x10, "romfs")]
      as [(String, UInt64, String)])
  func flippedBit(image: String, address: UInt64, check: String) async throws {
    let flash = CameraFlash(
      images: [
        CameraFlash.Image(number: 6, name: "linux.bin", kind: .kernel, address: 0x7F02_0000, size: 0x3000),
        CameraFlash.Image(number: 7, name: "romfs.img", kind: .romfs, address: 0x7F03_0000, size: 0x3000),
      ], seed: 7)
    var simulated = camera()
    simulated.memory = [MemoryArea(address: 0x7F00_0000, size: 0x20_0000, content: .camera(flash))]
    try await withUnits([simulated]) { units in
      try await withTemporaryFolder { folder in
        let unit = try #require(units["camera"])
        try unit.flipBit(2, address: address)
        var plan = try plan(tty: unit.path)
        plan.slots[0].regions[0].source = .mapped(address: 0x7F02_0000)
        plan.slots[0].regions[0].size = 0x3000
        plan.slots[0].regions[1].source = .mapped(address: 0x7F03_0000)
        plan.slots[0].regions[1].size = 0x3000
        let result = try #require(await Batch(plan: plan, folder: folder.path) { _ in }.run().first)
        #expect(!result.isVerified)
        let bad = check == "gzip" ? 0 : 1
        for (index, region) in result.regions.enumerated() {
          #expect(region.isComplete)
          let outcome = try #require(region.checks.first)
          #expect(outcome.passed == (index != bad), "\(outcome)")
          #expect(region.blocks.map(\.evidence) == [index == bad ? .reread : .imageFooter])
          if index == bad { #expect(outcome.kind == check && outcome.message.count > 20, "\(outcome)") }
        }
      }
    }
  }
}
