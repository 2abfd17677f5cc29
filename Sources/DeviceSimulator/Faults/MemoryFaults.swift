/// The faults of a unit's memory and digests at work on what its firmware reads.
struct MemoryFaults: Sendable {
  /// Addresses of cells that are unstable, in order.
  let cells: [UInt64]

  private let probability: Double
  private let lieSeed: UInt64
  private let digests: DigestFaults?
  /// Digests over many bytes that are still answered rightly.
  private var sparedLeft: Int
  private var lies: FaultSchedule
  private var generator: SeededGenerator
  /// By which bits each cell was wrong the last time; 0 where it was not.
  private var lastErrors: [UInt8]

  /// The faults of `plan` for a unit with memory at `ranges`.
  init(_ plan: FaultPlan?, in ranges: [MemoryRange] = []) {
    let seeds = SeededWords(seed: ~(plan?.seed ?? 0))
    cells = plan?.unstableCells.map { $0.chosen(from: ranges, seed: seeds[0]) } ?? []
    probability = plan?.unstableCells?.probability ?? 0
    lieSeed = seeds[1]
    digests = plan?.digests
    sparedLeft = plan?.digests?.spared ?? 0
    lies = FaultSchedule(plan?.lies, seed: seeds[2])
    generator = SeededGenerator(seed: seeds[3])
    lastErrors = Array(repeating: 0, count: cells.count)
  }

  /// Makes of the bytes held from `address` on what is read.
  mutating func disturb(_ bytes: inout [UInt8], at address: UInt64, _ counters: inout FaultCounters) {
    guard !cells.isEmpty, !bytes.isEmpty else { return }
    var index = firstCell(from: address)
    while index < cells.count, cells[index] - address < UInt64(bytes.count) {
      defer { index += 1 }
      let isWrong = generator.chance() < probability
      let error = isWrong ? nextError(not: lastErrors[index]) : 0
      lastErrors[index] = error
      bytes[Int(cells[index] - address)] ^= error
      if isWrong { counters.unstableReads += 1 }
    }
  }

  /// Makes of the true digest of a range what the unit answers.
  mutating func answer(
    _ digest: [UInt8], _ request: DigestRequest, _ counters: inout FaultCounters
  ) -> DigestOutcome {
    let isLie = lies.isDue()
    guard let digests, digests.have(request.algorithm) else {
      return .answer(isLie ? lie(digest, request, &counters) : digest, after: 0)
    }
    let resets = digests.resetAbove.map { request.count > UInt64($0) } ?? false
    var liesHere = digests.lieAbove.map { request.count > UInt64($0) } ?? false
    if resets || liesHere, sparedLeft > 0 {
      sparedLeft -= 1
      liesHere = false
    } else if resets {
      counters.digestResets += 1
      return .reset
    }
    let time = digests.time(for: request, &counters)
    return .answer(isLie || liesHere ? lie(digest, request, &counters) : digest, after: time)
  }

  /// How long a comparison of memory with memory takes, as long as a digest of as many bytes; nil where it resets the
  /// unit instead, as it does only where the faults name `cmp` among their kinds. It never lies.
  func comparison(_ request: DigestRequest, _ counters: inout FaultCounters) -> Nanoseconds? {
    guard let digests, digests.have(request.algorithm) else { return 0 }
    if digests.algorithms.contains(request.algorithm), let limit = digests.resetAbove, request.count > UInt64(limit) {
      counters.digestResets += 1
      return nil
    }
    return digests.time(for: request, &counters)
  }

  private func lie(_ digest: [UInt8], _ request: DigestRequest, _ counters: inout FaultCounters) -> [UInt8] {
    counters.lies += 1
    let lie = SeededWords(seed: SeededWords(seed: lieSeed ^ request.start)[request.count])
    // Odd, so that it is no truth by chance.
    return digest.enumerated().map { place, byte in
      byte ^ (UInt8(truncatingIfNeeded: lie[UInt64(place)]) | (place == 0 ? 1 : 0))
    }
  }

  private mutating func nextError(not last: UInt8) -> UInt8 {
    let error = generator.garbled(0)
    guard error == last else { return error }
    return error == 0xFF ? 1 : error + 1
  }

  private func firstCell(from address: UInt64) -> Int {
    var (low, high) = (0, cells.count)
    while low < high {
      let middle = (low + high) / 2
      if cells[middle] < address { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
