import ConsoleDialect
import DumpManifest

/// Reading from a console that computes no digest, or where the policy wants none: all is read until two reads in a row
/// are alike.
///
/// Each pass reads every line that is not finished once. So a line that was hit costs one more read and not two: one
/// that was not had in the first pass is seen for the first time in the pass that proves its neighbours.
extension RegionDump {
  /// How often all is proved anew because the console was lost and nothing showed that the same unit is back.
  static let mostReproofs = 3

  /// Reads the region as the policy demands.
  func readTwice() async throws(SessionError) {
    // Without a digest there is nothing to share by.
    await bench.session.departFromExchange()
    try await confirmEarlier()
    var passes = Passes(longest: bench.reader?.method.longestRead ?? Int.max)
    try await sweep(gaps, &passes)
    // A loss of the console in the first pass harms nothing that it has read, for that is read once more.
    let wasLost = takeReturns()
    if wasLost, !ledger.proven.isEmpty { try await unprove() }
    if policy.verify == .auto, gaps.isEmpty, !wasLost { try await proveByFooters() }
    try await finish(&passes) { self.unfinished }
    for _ in 0..<Self.mostReproofs where policy.verify != .none && takeReturns() { try await readOnceMore(&passes) }
    if takeReturns() { try await unprove() }
    try await giveUp(passes)
  }

  /// Reads what `left` tells until nothing is left, or more passes in a row than the policy's retries bring too little.
  private func finish(_ passes: inout Passes, _ left: () -> RangeSet<Int>) async throws(SessionError) {
    while true {
      let wanted = left()
      guard !wanted.isEmpty else { return }
      if passes.fruitless > policy.retries {
        guard try await slowsDown(for: lineFaults) else { return }
        passes.fruitless = 0
      }
      let before = score
      // A second read of the same copy would prove nothing of the flash.
      forgetStaged()
      try await sweep(wanted, &passes)
      passes.note(gained: score - before, of: wanted.count, widest: wanted.ranges.map(\.count).max() ?? 0)
    }
  }

  /// Proves all that is held anew: the console was lost and nothing showed that the same unit is back, so the halves
  /// might be two units'.
  private func readOnceMore(_ passes: inout Passes) async throws(SessionError) {
    try await unprove()
    passes.fruitless = 0
    try await finish(&passes) { self.ledger.unproven }
  }

  private var gaps: RangeSet<Int> { ledger.gaps(in: 0..<region.size) }

  private var unfinished: RangeSet<Int> { policy.verify == .none ? gaps : gaps.union(ledger.unproven) }

  /// Counts the bytes that are held, those that are proven twice: each pass should add to it.
  private var score: Int { ledger.heldBytes + ledger.proven.count }

  /// Reads parts of the region once, chunk by chunk.
  private func sweep(_ wanted: RangeSet<Int>, _ passes: inout Passes) async throws(SessionError) {
    isProving = passes.count > 0
    defer { passes.count += 1 }
    for chunk in chunks() {
      let parts = wanted.intersection(RangeSet(chunk))
      guard !parts.isEmpty else { continue }
      try await look(at: parts, of: chunk, &passes)
    }
    bench.endOldBytes()
  }

  private func look(
    at parts: RangeSet<Int>, of chunk: Range<Int>, _ passes: inout Passes
  ) async throws(SessionError) {
    // Taken now: what is saved in the middle of a read would else be compared with itself.
    let held = ledger.held.intersection(RangeSet(chunk))
    var buffer = ChunkBuffer(chunk, wanting: parts)
    do {
      var losses = 0
      let isBackward = passes.fruitless % 2 == 1
      let reads = requests(of: buffer, longest: passes.longest, isFirst: passes.count == 0, isBackward: isBackward)
      for (index, wanted) in reads.enumerated() where losses < Self.mostLosses {
        result.rereadBytes += passes.repeats(of: wanted, gaps: gaps, reached: held.ranges.last?.upperBound ?? 0)
        let missing = buffer.missing.count
        let isWhole = try await read(
          wanted, into: &buffer, followedBy: reads.dropFirst(index + 1).first)
        losses = isWhole || buffer.missing.count < missing ? 0 : losses + 1
      }
    } catch {
      try? await merge(buffer, held, &passes)
      throw error
    }
    try await merge(buffer, held, &passes)
  }

  /// Takes what was read, for the first time or, of what was held before, again.
  private func merge(
    _ buffer: ChunkBuffer, _ held: RangeSet<Int>, _ passes: inout Passes
  ) async throws(SessionError) {
    var bytes = [UInt8](repeating: 0, count: buffer.range.count)
    for part in held.ranges {
      let start = part.lowerBound - buffer.range.lowerBound
      bytes.replaceSubrange(start..<start + part.count, with: try await image.read(part))
    }
    var sightings = Sightings(buffer.range, held: held, bytes: bytes)
    sightings.take(buffer)
    bench.console.counters.rereadMismatches += sightings.differingLines
    try await beginToKeep(sightings.pieces) { ledger in
      for range in sightings.new.union(sightings.differing).ranges { ledger.record(range, .none) }
      for range in sightings.agreed.ranges { ledger.prove(range, .reread) }
    }
    passes.note(sightings)
    if passes.count == 0 { report(held: ledger.heldBytes, always: true) }
  }

  private func giveUp(_ passes: Passes) async throws(SessionError) {
    let (missing, faults) = (gaps, lineFaults)
    let restless = ledger.unproven.intersection(passes.restless)
    guard !missing.isEmpty || !restless.isEmpty else { return }
    try await keep { ledger in
      for range in missing.ranges { ledger.giveUp(range, FaultCause(faults)) }
      for range in restless.ranges { ledger.giveUp(range, faults.lineFaults == 0 ? .unstable : .noise) }
    }
  }
}

/// How far the passes over a region have come.
private struct Passes {
  /// Passes made.
  var count = 0
  /// Passes in a row that brought too little.
  var fruitless = 0
  /// The longest read, in bytes; shorter where passes bring nothing.
  var longest: Int
  /// What was read differently and not yet twice alike.
  private(set) var restless = RangeSet<Int>()

  /// Takes what a chunk was read as.
  mutating func note(_ sightings: Sightings) {
    restless.formUnion(sightings.differing)
    restless.subtract(sightings.agreed)
  }

  /// Takes what a pass has brought, of so many bytes in ranges of at most `widest`.
  mutating func note(gained: Int, of wanted: Int, widest: Int) {
    if gained > 0, gained * RegionDump.worthwhile >= wanted { return fruitless = 0 }
    fruitless += 1
    longest = max(RegionDump.shortestRead, min(longest, widest) / 2)
  }

  /// Bytes of a read that should have been had before: a second read that proves the first is none, and what lies behind
  /// all that is held was never reached.
  func repeats(of wanted: Range<Int>, gaps: RangeSet<Int>, reached: Int) -> Int {
    let passed = RangeSet(wanted.clamped(to: 0..<max(reached, 0)))
    return switch count {
    case 0: 0
    case 1: gaps.intersection(passed).count
    default: passed.count
    }
  }
}
