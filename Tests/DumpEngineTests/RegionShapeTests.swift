import DeviceSimulator
import SerialLink
import Testing

@testable import DumpEngine

@Suite("A region may have any size and begin anywhere", .serialized, .timeLimit(.minutes(2)))
struct RegionShapeTests {
  @Test("U-Boot", arguments: [1, 15, 17, 4097, 65537], [0, 13] as [UInt64])
  func uBoot(size: Int, offset: UInt64) async throws {
    try await withUnit(Units.uBoot()) { unit in
      let address = Units.flash + offset
      let run = try await runSession(SlotManifest(address: address, size: size), at: .tty(path: unit.path))
      try run.expectImage(unit.contents(address: address, size: size), evidence: [.deviceDigest(.crc32)])
      #expect(run.unit.wire.recoveries == 0)
    }
  }

  @Test("U-Boot without a digest", arguments: [1, 15, 4097], [0, 13] as [UInt64])
  func uBootTwice(size: Int, offset: UInt64) async throws {
    try await withUnit(Units.uBoot { $0.commands.remove(.crc32) }) { unit in
      let address = Units.flash + offset
      let run = try await runSession(SlotManifest(address: address, size: size), at: .tty(path: unit.path))
      try run.expectImage(unit.contents(address: address, size: size), evidence: [.reread])
    }
  }

  @Test("Winbond W90", arguments: [1, 15, 257, 4097], [0, 6] as [UInt64])
  func w90(size: Int, offset: UInt64) async throws {
    try await withUnit(Units.camera()) { unit in
      let address = Units.cameraKernel + offset
      let run = try await runSession(SlotManifest.w90(address: address, size: size), at: .tty(path: unit.path))
      try run.expectImage(unit.contents(address: address, size: size), evidence: [.reread])
    }
  }

  @Test("nothing behind a region is touched: it may end where memory ends", arguments: [1, 15, 16, 100, 4097])
  func endOfMemory(size: Int) async throws {
    try await withUnit(Units.uBoot()) { unit in
      let address = Units.flash + UInt64(Units.flashSize - size)
      let run = try await runSession(SlotManifest(address: address, size: size), at: .tty(path: unit.path))
      try run.expectImage(unit.contents(address: address, size: size), evidence: [.deviceDigest(.crc32)])
      #expect(run.unit.wire.resets == 0)
    }
  }

  @Test("several regions are dumped one after the other")
  func several() async throws {
    try await withUnit(Units.uBoot()) { unit in
      let manifest = SlotManifest(regions: [
        SlotManifest.region("first", address: Units.flash, size: 5000),
        SlotManifest.region("second", address: Units.flash + 0x10000, size: 3000),
        SlotManifest.region("third", address: Units.flash + 0x20000, size: 1),
      ])
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      for (name, offset, size) in [("first", 0, 5000), ("second", 0x10000, 3000), ("third", 0x20000, 1)] {
        let expected = unit.contents(address: Units.flash + UInt64(offset), size: size)
        try run.expectImage(expected, file: name + ".bin", evidence: [.deviceDigest(.crc32)])
      }
    }
  }
}
