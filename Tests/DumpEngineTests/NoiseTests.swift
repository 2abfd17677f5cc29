import DeviceSimulator
import SerialLink
import Testing

@testable import DumpEngine

/// A noisy line and how long it has to be borne.
struct NoisyLine: Sendable, CustomTestStringConvertible {
  let name: String
  let noise: LineNoise
  var testDescription: String { name }

  static let all: [NoisyLine] = [
    NoisyLine(name: "1 bit in 1,000 characters", noise: LineNoise(seed: 1, flips: 0.001)),
    NoisyLine(name: "1 bit in 300 characters", noise: LineNoise(seed: 2, flips: 0.003)),
    NoisyLine(name: "1 of 1,000 lost", noise: LineNoise(seed: 3, drops: 0.001)),
    NoisyLine(name: "1 of 1,000 doubled", noise: LineNoise(seed: 4, doublings: 0.001)),
    NoisyLine(
      name: "both ways, 1 of 1,000 each",
      noise: LineNoise(seed: 5, flips: 0.001, drops: 0.001, doublings: 0.001, direction: .both)),
  ]
}

@Suite("Noise on the line does not get into the image", .timeLimit(.minutes(3)))
struct NoiseTests {
  static let size = 6_000

  @Test("U-Boot", arguments: NoisyLine.all, [true, false])
  func uBoot(line: NoisyLine, hasDigest: Bool) async throws {
    var simulated = Units.uBoot { if !hasDigest { $0.commands.remove(.crc32) } }
    simulated.noise = line.noise
    try await withUnit(simulated) { unit in
      var manifest = SlotManifest(address: Units.flash, size: Self.size)
      (manifest.reply, manifest.policy) = (0.3, #""retries": 50"#)
      // Known, so that a prompt that was hit does not cost a read of all.
      manifest.identity = #"{ "name": "mac", "command": "printenv ethaddr", "pattern": "^ethaddr=([0-9a-f:]{17})$" }"#
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      let evidence: Evidence = hasDigest ? .deviceDigest(.crc32) : .reread
      try run.expectImage(unit.contents(address: Units.flash, size: Self.size), evidence: [evidence])
      let wire = run.unit.wire
      let hits = wire.malformedLines + wire.gutterMismatches + wire.addressGaps + wire.foreignLines
      let noise = await unit.counters().noise
      #expect(hits > 0 && noise.flipped + noise.dropped + noise.doubled > 0, "\(wire)")
      #expect(run.unit.regions[0].rereadBytes > 0)
      // A hit line is read again, not the whole chunk: the surplus stays small.
      #expect(run.unit.regions[0].rereadBytes < 6 * Self.size, "\(run.unit.regions[0].rereadBytes)")
      #expect(wire.resets == 0)
    }
  }

  /// The character column shows a dot for most bytes, whatever a hit digit makes of them.
  @Test("a hit digit in the bytes that a digest is tried out on does not cost the digest", arguments: 1...24)
  func sampled(seed: UInt64) async throws {
    var simulated = Units.uBoot()
    simulated.memory[0].content = .fill(0x88)
    simulated.noise = LineNoise(seed: seed, flips: 0.005)
    try await withUnit(simulated) { unit in
      var manifest = SlotManifest(address: Units.flash, size: 256)
      (manifest.reply, manifest.policy) = (0.3, #""retries": 50"#)
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      try run.expectImage(unit.contents(address: Units.flash, size: 256), evidence: [.deviceDigest(.crc32)])
      #expect(run.unit.console?.digests == [.crc32], "\(run.troubles)")
    }
  }

  @Test("Winbond W90", arguments: NoisyLine.all)
  func w90(line: NoisyLine) async throws {
    var simulated = Units.camera()
    simulated.noise = line.noise
    try await withUnit(simulated) { unit in
      var manifest = SlotManifest.w90(size: 4096)
      (manifest.reply, manifest.policy) = (0.5, #""retries": 50"#)
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      try run.expectImage(unit.contents(address: Units.cameraKernel, size: 4096), evidence: [.reread])
    }
  }
}
