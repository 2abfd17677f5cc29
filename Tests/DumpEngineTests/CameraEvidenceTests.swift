import DeviceSimulator
import SerialLink
import Testing

@testable import DumpEngine

@Suite("A W90 image is believed by its own footer", .serialized, .timeLimit(.minutes(2)))
struct CameraEvidenceTests {
  static let size = Units.cameraKernelSize

  @Test("whether the footer is behind the region or in it", arguments: [size, 0x10000])
  func footer(size: Int) async throws {
    try await withUnit(Units.camera()) { unit in
      let run = try await runSession(.w90(size: size), at: .tty(path: unit.path))
      let evidence: Set<Evidence> = size == Self.size ? [.imageFooter] : [.imageFooter, .reread]
      try run.expectImage(unit.contents(address: Units.cameraKernel, size: size), evidence: evidence)
      #expect(run.unit.regions[0].blocks[0].range == 0..<Self.size)
      #expect(run.unit.regions[0].blocks[0].evidence == .imageFooter)
      #expect(run.unit.regions[0].rereadBytes == 0)
    }
  }

  @Test("and read twice where one bit of the flash makes the footer wrong")
  func flippedBit() async throws {
    try await withUnit(Units.camera()) { unit in
      try unit.flipBit(3, address: Units.cameraKernel + 0x1234)
      let run = try await runSession(.w90(size: Self.size), at: .tty(path: unit.path))
      try run.expectImage(unit.contents(address: Units.cameraKernel, size: Self.size), evidence: [.reread])
      #expect(run.troubles.contains { $0.contains("footer's checksum") && $0.contains("is wrong") }, "\(run.troubles)")
    }
  }

  @Test("and read twice where a line was seen to be hit, for two hits may cancel in a sum")
  func hits() async throws {
    var simulated = Units.camera()
    simulated.noise = LineNoise(seed: 3, flips: 0.0005)
    try await withUnit(simulated) { unit in
      let once = OnceHeld { await unit.setNoise(nil) }
      let run = try await runSession(.w90(size: Self.size), at: .tty(path: unit.path)) { await once.see($0) }
      #expect(run.unit.regions[0].lineFaults > 0)
      try run.expectImage(unit.contents(address: Units.cameraKernel, size: Self.size), evidence: [.reread])
    }
  }

  @Test("nor is it after a session that was cut off: its hits are on the disk beside what it has read")
  func hitsBefore() async throws {
    var simulated = Units.camera()
    simulated.noise = LineNoise(seed: 3, flips: 0.0005)
    try await withUnit(simulated) { unit in
      let once = OnceHeld { await unit.hangUp() }
      let run = try await runSession(.w90(size: Self.size), at: .tty(path: unit.path)) { await once.see($0) }
      #expect(run.unit.failure?.kind == "link-lost", run.failureText)
      let evidence = String(decoding: try #require(run.files["flash.evidence.json"]), as: UTF8.self)
      let faults = try #require(evidence.firstMatch(of: /"lineFaults" ?: ?([0-9]+)/)?.1)
      #expect(try #require(Int(faults)) > 0)
    }
  }

  @Test("and read twice where the region does not hold all of it")
  func cutImage() async throws {
    try await withUnit(Units.camera()) { unit in
      let run = try await runSession(.w90(size: Self.size - 256), at: .tty(path: unit.path))
      try run.expectImage(unit.contents(address: Units.cameraKernel, size: Self.size - 256), evidence: [.reread])
    }
  }
}
