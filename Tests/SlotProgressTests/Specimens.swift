import ConsoleDialect
import DumpReport
import Foundation

@testable import DumpEngine

/// Events and results as an engine makes them, made by hand.
enum Specimen {
  /// 2026-11-23 07:15:00 UTC.
  static let start = Date(timeIntervalSince1970: 1_795_418_100)

  /// An event some seconds after the start.
  static func event(_ seconds: Double, _ kind: SessionEvent.Kind, slot: String = "A1") -> SessionEvent {
    SessionEvent(time: start.addingTimeInterval(seconds), slot: slot, kind: kind)
  }

  /// Progress of `linux` after some seconds.
  static func progress(_ seconds: Double, _ held: Int, of size: Int = 100_000, slot: String = "A1") -> SessionEvent {
    event(seconds, .progress(region: "linux", held: held, size: size, received: held * 4), slot: slot)
  }

  static let identity = [IdentityFact(name: "mac", value: "00:11:22:33:44:55")]

  /// A region of 100,000 bytes.
  static func region(
    _ name: String = "linux", evidence: [Evidence] = [.deviceDigest(.crc32)], held: Int = 100_000,
    checks: [CheckResult] = []
  ) -> RegionResult {
    var region = RegionResult(name: name, file: "\(name).bin", address: 0, size: 100_000)
    let share = held / evidence.count
    if share > 0 {
      region.blocks = evidence.enumerated().map { index, evidence in
        BlockRange(range: share * index..<share * (index + 1), evidence: evidence, provenance: .wire)
      }
    }
    if region.isComplete { region.sha256 = "0123456789abcdef" + String(repeating: "0", count: 48) }
    region.checks = checks
    return region
  }

  /// A unit whose session took 61 seconds.
  static func unit(
    _ slot: String = "A1", _ regions: [RegionResult] = [region()], failure: String? = nil, interrupted: Bool = false,
    identity: [IdentityFact] = identity
  ) -> UnitResult {
    UnitResult(
      slot: slot, link: "/dev/ttyUSB0", dialect: "u-boot", identity: identity, folder: slot, console: nil,
      regions: regions, started: start, ended: start.addingTimeInterval(61), wire: WireCounters(),
      failure: failure.map { UnitResult.Failure(kind: "no-prompt", message: $0) }, interrupted: interrupted)
  }

  static let console = LearnedConsole(
    prompt: "=> ", method: "md.l", byteOrder: .little, digests: [.sha256, .crc32], lineLimit: 250, speed: 115_200)
}
