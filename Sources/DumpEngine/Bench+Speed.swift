import ConsoleDialect
import DeviceDigests
import DumpManifest

/// Raising the line rate step by step, each step proven, and coming down again where the line does not carry it.
extension Bench {
  /// Bytes that are read to prove a rate.
  private static let probeLength: UInt64 = 4096
  /// The same where the unit computes no digest, so that they are read three times.
  private static let plainProbeLength: UInt64 = 2048
  private static let probeAttempts = 2
  /// With fewer bytes to read a climb that nobody asked for costs more than it gains.
  private static let fewestBytes = 32 << 10

  /// Raises the rate as far as the policy allows and the line carries, once, before the bulk of the first region is read.
  ///
  /// - Parameter range: memory that may be read.
  /// - Throws: `stranded` where a step has lost the console for good, which needs a person.
  func climb(at range: Range<UInt64>) async throws(SessionError) {
    let speedUp = plan.policy.speedUp
    guard !pace.hasClimbed, let limit = speedUp.limit else { return }
    pace.hasClimbed = true
    guard console.hasSpeeds else {
      if speedUp.isNamed {
        session.emit(.trouble("the rate stays at \(plan.console.speed) baud: only that of a tty can be changed"))
      }
      return
    }
    guard speedUp.isNamed || plan.regions.reduce(0, { $0 + $1.size }) >= Self.fewestBytes else { return }
    let probe = try await persistently { () async throws(SessionError) in try await self.probe(at: range) }
    for rate in pace.ladder.rungs(upTo: limit) {
      var step = try await step(to: rate, probe)
      // A reset says nothing of the rate.
      if step == .reset { step = try await self.step(to: rate, probe) }
      guard step == .good || step == .refused else { return }
    }
    if speedUp.isNamed, console.link.speed == plan.console.speed {
      session.emit(
        .trouble("the rate stays at \(console.link.speed) baud: unit and adapter have none in common up to \(limit)"))
    }
  }

  /// Looks after the rate before each read: takes it again where a reset has ended it, and lowers it where noise costs
  /// more than it gains.
  func keepPace(at range: Range<UInt64>) async throws(SessionError) {
    guard pace.hasClimbed, console.hasSpeeds, let reader else { return }
    let (rate, base) = (console.link.speed, plan.console.speed)
    if rate == base, pace.best > base {
      guard pace.rejoinsLeft > 0 else { return pace.best = base }
      pace.rejoinsLeft -= 1
      let step = try await step(to: pace.best, probe(at: range))
      if step == .refused || step == .failed {
        pace.best = pace.ladder.below(pace.best, mayLeaveBase: false) ?? base
      }
    } else if rate > base, let lower = pace.ladder.below(rate, mayLeaveBase: false) {
      let cost = cost(of: reader.method, at: rate)
      guard pace.descentsLeft > 0, cost.lowerPays(from: rate, to: lower) else {
        if cost.lines >= LineCost.window { pace.countAnew(console) }
        return
      }
      session.emit(.trouble("\(cost.summary) were hit at \(rate) baud: a lower rate is faster"))
      _ = try await comeDown(from: rate)
    }
  }

  /// Notes that all bytes are proved that came at another rate than the present one.
  func endOldBytes() {
    guard pace.hasOldBytes else { return }
    pace.hasOldBytes = false
    pace.countAnew(console)
  }

  /// What noise has cost lately.
  private func cost(of method: ReadMethod, at rate: Int) -> LineCost {
    let characters = method.characters(length: method.layout.lineBytes, addressDigits: 8)
    let lineRate = Double(rate) / Double(plan.console.format.bitsPerCharacter * characters)
    var wire = console.counters.since(pace.before)
    if pace.hasOldBytes { (wire.digestMismatches, wire.rereadMismatches) = (0, 0) }
    var cost = LineCost(
      wire, charactersPerLine: characters, lineRate: lineRate, patience: plan.console.replyTimeout)
    cost.echoes = console.hitEchoes - pace.hitEchoesBefore
    return cost
  }

  /// Whether the line is poor enough for a lower rate to mend what fails on it.
  var isNoisy: Bool {
    guard let reader, console.hasSpeeds else { return false }
    return cost(of: reader.method, at: console.link.speed).isNoisy
  }

  /// Lowers the rate where a range fails for noise whatever is done. Returns whether it did.
  func slowDown() async throws(SessionError) -> Bool {
    guard plan.policy.speedUp != .never, console.hasSpeeds else { return false }
    return try await comeDown(from: console.link.speed)
  }

  /// Whether a step that fails can be mended without a person.
  var hasWayBack: Bool { console.dialect.speedChange?.strands == false || plan.reset != nil }

  // MARK: Proof

  /// What is to be read alike at other rates.
  private func probe(at range: Range<UInt64>) async throws(SessionError) -> SpeedProbe {
    guard let reader, reader.digests.isEmpty else {
      return SpeedProbe(range: range.prefix(Self.probeLength), bytes: nil)
    }
    let part = range.prefix(Self.plainProbeLength)
    for _ in 0...plan.policy.retries {
      if let bytes = try await console.read(part, with: reader) { return SpeedProbe(range: part, bytes: bytes) }
    }
    return SpeedProbe(range: part, bytes: nil)
  }

  /// Whether memory is read right at the present rate.
  ///
  /// - Throws: `reset` or `garbled` where the unit has reset meanwhile.
  func isCarried(_ probe: SpeedProbe) async throws(SessionError) -> Bool {
    // Trying a rate out makes faults of its own; they are no faults of the rate that is settled for.
    let before = console.counters
    defer { console.counters.forgetLineFaults(since: before) }
    for _ in 0..<Self.probeAttempts {
      do {
        if try await isRead(probe) { return true }
      } catch {
        guard error.isRecoverable || error.kind == .refused, !error.kind.tellsOfReset else { throw error }
        guard try await console.answersNudge() else { return false }
      }
    }
    return false
  }

  private func isRead(_ probe: SpeedProbe) async throws(SessionError) -> Bool {
    guard let reader, let bytes = try await console.read(probe.range, with: reader) else { return false }
    if let method = reader.digests.first {
      let theirs = try await console.digest(method, address: probe.range.lowerBound, length: bytes.count)
      return theirs == HostDigest.hex(method.algorithm, of: bytes)
    }
    guard bytes == probe.bytes else { return false }
    return try await console.read(probe.range, with: reader) == bytes
  }
}

extension Range<UInt64> {
  /// Its first part, of at most so many bytes.
  fileprivate func prefix(_ length: UInt64) -> Range {
    lowerBound..<lowerBound + Swift.min(length, upperBound - lowerBound)
  }
}
