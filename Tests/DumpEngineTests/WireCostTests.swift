import DeviceSimulator
import Testing

@testable import DumpEngine

@Suite("What a noisy line costs", .timeLimit(.minutes(10)))
struct WireCostTests {
  /// Characters in a line of a dump, line end included; the noise is given per line.
  private static func lineLength(_ console: FaultyConsole) -> Double { console == .w90 ? 75 : 67 }

  private static func size(_ console: FaultyConsole) -> Int {
    switch console {
    case .uBootWithDigest: 256 << 10
    case .uBootWithout: 96 << 10
    case .w90: 40 << 10
    }
  }

  /// Characters both ways for a whole dump with one line in so many hit; all kinds of hit.
  private static func cost(_ console: FaultyConsole, oneLineIn lines: Double?, seed: UInt64) async throws -> Int {
    var simulated = console.unit(.hangUp, seed: seed)
    simulated.faults = nil
    if let lines {
      let rate = 1 / (lines * lineLength(console))
      simulated.noise = LineNoise(
        seed: seed, flips: rate / 2, drops: rate / 6, doublings: rate / 6, insertions: rate / 6)
    }
    return try await withUnit(simulated) { unit in
      var manifest = console.manifest
      manifest.regions = SlotManifest.region("flash", address: console.address, size: size(console))
      // Patience costs no characters, and a busy machine is no noise.
      (manifest.reply, manifest.wake, manifest.policy) = (5, 60, #""retries": 20"#)
      if console == .w90 { manifest.policy += #", "verify": "reread""# }
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      let evidence: Evidence = console == .uBootWithDigest ? .deviceDigest(.crc32) : .reread
      try run.expectImage(unit.contents(address: console.address, size: size(console)), evidence: [evidence])
      return run.unit.wire.received + run.unit.wire.sent
    }
  }

  @Test("little more than a clean one", arguments: FaultyConsole.allCases)
  func cost(console: FaultyConsole) async throws {
    let clean = try await Self.cost(console, oneLineIn: nil, seed: 1)
    for (lines, limit) in [(1000.0, 1.03), (100.0, 1.15)] {
      var ratios: [Double] = []
      for seed: UInt64 in 1...3 {
        ratios.append(Double(try await Self.cost(console, oneLineIn: lines, seed: seed)) / Double(clean))
      }
      let mean = ratios.reduce(0, +) / Double(ratios.count)
      print("wire cost: \(console.rawValue.padded(14)) 1 line in \(Int(lines)): \(mean) of a clean run's, \(ratios)")
      #expect(mean <= limit)
    }
  }
}
