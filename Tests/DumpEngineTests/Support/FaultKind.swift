import DeviceSimulator
import TestSupport

@testable import DumpEngine

/// What can go wrong with a unit, its line or its adapter.
enum FaultKind: String, CaseIterable, Sendable {
  case flips, drops, doublings, insertions, bursts
  case foreignLines = "foreign lines"
  case stalls, resets
  case hangUp = "hang-up"
  case death, lies
  case longLies = "long lies"
  case digestResets = "digest resets"
  case unstableCells = "unstable cells"
  case drift

  /// Milliseconds for which a stall lasts: longer than a session waits.
  static let stall = 1600

  /// Whether a console that computes no digest can have it.
  var needsDigest: Bool { self == .lies || self == .longLies || self == .digestResets }

  /// Whether it stays until somebody mends the unit.
  var isPermanent: Bool { self == .death || self == .drift }

  /// Noise for the unit's line.
  func noise(seed: UInt64) -> LineNoise? {
    switch self {
    case .flips: LineNoise(seed: seed, flips: 0.0005, direction: .both)
    case .drops: LineNoise(seed: seed, drops: 0.0004, direction: .both)
    case .doublings: LineNoise(seed: seed, doublings: 0.0004, direction: .both)
    case .insertions: LineNoise(seed: seed, insertions: 0.0004, direction: .both)
    default: nil
    }
  }

  /// Faults of the unit; places where they happen follow from the seed, somewhere in a dump of some 35,000 characters.
  func plan(seed: UInt64, unstable: MemoryRange) -> FaultPlan? {
    var generator = SplitMix64(state: seed)
    let place = Int.random(in: 500..<30_000, using: &generator)
    var plan = FaultPlan(seed: seed)
    switch self {
    case .flips, .drops, .doublings, .insertions: return nil
    case .bursts: plan.bursts = .init(FaultOccurrence(rate: 1 / 7000), length: 20)
    case .foreignLines: plan.foreignLines = .init(FaultOccurrence(rate: 1 / 4000))
    case .stalls: plan.stalls = .init(FaultOccurrence(rate: 1 / 12_000, limit: 2), milliseconds: Self.stall)
    case .resets: plan.resets = FaultOccurrence(rate: 1 / 15_000, limit: 2)
    case .hangUp: plan.hangUps = FaultOccurrence(after: place, limit: 1)
    case .death: plan.deadAfter = place
    case .lies: plan.lies = FaultOccurrence(rate: 0.5)
    case .longLies: plan.digests = DigestFaults(lieAbove: 64)
    case .digestResets: plan.digests = DigestFaults(resetAbove: 4096)
    case .unstableCells: plan.unstableCells = UnstableCells(count: 3, within: unstable, probability: 0.5)
    case .drift: plan.drift = ClockDrift(percent: seed.isMultiple(of: 2) ? 2.006 : 4, after: place)
    }
    return plan
  }

  /// How often it has happened.
  func injected(_ counters: UnitCounters) -> Int {
    switch self {
    case .flips: counters.noise.flipped
    case .drops: counters.noise.dropped
    case .doublings: counters.noise.doubled
    case .insertions: counters.noise.inserted
    case .bursts: counters.faults.bursts
    case .foreignLines: counters.faults.foreignLines
    case .stalls: counters.faults.stalls
    case .resets: counters.faults.resets
    case .hangUp: counters.faults.hangUps
    case .death: counters.faults.deaths
    case .lies, .longLies: counters.faults.lies
    case .digestResets: counters.faults.digestResets
    case .unstableCells: counters.faults.unstableReads
    case .drift: counters.faults.drifted
    }
  }

  /// How often a session's counters tell of something that it may have done.
  func noticed(_ unit: UnitResult) -> Int {
    let wire = unit.wire
    return switch self {
    case .foreignLines: wire.foreignLines + wire.malformedLines
    case .resets, .digestResets: wire.resets
    case .stalls: wire.recoveries
    case .hangUp: unit.failure?.kind == "link-lost" ? 1 : 0
    case .death: unit.failure?.kind == "no-prompt" ? 1 : 0
    case .lies, .longLies: wire.digestMismatches
    case .unstableCells: wire.digestMismatches + wire.rereadMismatches
    case .drift:
      (unit.failure?.kind == "wrong-speed" ? 1 : 0) + wire.lineFaults + wire.digestMismatches + wire.rereadMismatches
    default: wire.lineFaults + wire.digestMismatches + wire.rereadMismatches + wire.recoveries
    }
  }
}

/// The consoles that faults are tried on.
enum FaultyConsole: String, CaseIterable, Sendable {
  case uBootWithDigest = "U-Boot, crc32"
  case uBootWithout = "U-Boot, none"
  case w90 = "W90"

  /// Bytes that are dumped of it.
  var size: Int { self == .w90 ? 4096 : 8192 }

  var address: UInt64 { self == .w90 ? Units.cameraKernel : Units.flash }

  func unit(_ kind: FaultKind, seed: UInt64) -> SimulatedUnit {
    var unit =
      switch self {
      case .uBootWithDigest: Units.uBoot(seed: seed)
      case .uBootWithout: Units.uBoot(seed: seed) { $0.commands.remove(.crc32) }
      case .w90: Units.camera(seed: seed)
      }
    unit.noise = kind.noise(seed: seed)
    unit.faults = kind.plan(seed: seed, unstable: MemoryRange(address: address, size: size))
    return unit
  }

  var manifest: SlotManifest {
    var manifest = self == .w90 ? SlotManifest.w90(size: size) : SlotManifest(address: address, size: size)
    manifest.identity =
      self == .w90
      ? #"{ "name": "mac", "command": "set", "pattern": "([0-9A-F]{2}(:[0-9A-F]{2}){5})" }"#
      : #"{ "name": "mac", "command": "printenv ethaddr", "pattern": "^ethaddr=([0-9a-f:]{17})$" }"#
    (manifest.reply, manifest.wake, manifest.policy) = (1, 5, #""retries": 12"#)
    return manifest
  }
}
