import ConsoleDialect
import DumpManifest

/// Reading from a console that computes digests: chunk by chunk, each compared at once.
extension RegionDump {
  /// How often in a row a read may bring nothing before the good areas go first.
  private static let firstPatience = 2
  /// Missing lines this close together are read again in one command, in bytes: a command costs about as much.
  static let joinDistance = 64
  /// A round is worth another when it brought a sixteenth of what was missing: so the rounds are bounded.
  static let worthwhile = 16
  /// How many reads in a row may lose the console and bring nothing before the others of a round are left alone.
  static let mostLosses = 3

  /// Reads all chunks; then, with all patience, what could not be had at first; then compares the whole.
  func readAndCompare() async throws(SessionError) {
    let before = takeRemembered()
    var method: DigestMethod?
    repeat {
      try await learnDigestPace()
      method = digestMethod
      let wanted = chunks().filter { isWanting($0, before) }
      if reuse == .never {
        try await fetchAlone(wanted)
      } else {
        let unknown = try await sweep(wanted)
        if digestMethod == method { try await share(unknown) }
      }
      // What one digest has not proved before it was given up is asked of the next.
    } while digestMethod != nil && digestMethod != method
    // What is given up at the end leaves gaps for the next.
    while let last = digestMethod {
      try await finishComparing()
      if digestMethod == last { break }
    }
    if digestMethod == nil { try await readWithoutDigest() }
  }

  /// Fetches what is left, and proves what none of the blocks shows.
  private func finishComparing() async throws(SessionError) {
    // After a loss of the console with nothing to know the unit by, the halves might be two units': all is proved anew.
    var wasLost = takeReturns()
    for _ in 0...Self.mostReproofs where digestMethod != nil {
      if wasLost { try await proveAgain() }
      try await fetchRest()
      // A digest of what was copied into RAM proves how RAM was read. How flash was, only another copy can tell.
      if isStaged, digestMethod != nil { try await askAgain() }
      try await proveWhole()
      wasLost = takeReturns()
      if !wasLost { break }
    }
    if wasLost { try await unprove() }
  }

  /// What a unit that is known has proved before stays proved until its digests, all of which are asked again, say
  /// otherwise. Returns what was held before.
  private func takeRemembered() -> RangeSet<Int> {
    let held = ledger.held
    if bench.isUnitKnown {
      for block in remembered { ledger.record(block.range, block.evidence, block.provenance) }
    }
    return held
  }

  /// Whether there is anything left to fetch or to ask of a chunk.
  private func isWanting(_ chunk: Range<Int>, _ before: RangeSet<Int>) -> Bool {
    !ledger.gaps(in: chunk).isEmpty || !ledger.unproven.union(before).intersection(RangeSet(chunk)).isEmpty
  }

  /// Reads, with all patience, what could not be had at first. Where grain after grain brings nothing, one look at each
  /// has to do: a whole dead area would cost days.
  private func fetchRest() async throws(SessionError) {
    var deadInARow = 0
    for chunk in chunks() {
      // What was given up in a round before would only cost the console once more.
      for part in ledger.gaps(in: chunk).subtracting(ledger.bad).ranges.flatMap({ $0.grains(of: Self.grain) }) {
        let isDead = deadInARow >= Self.mostLosses
        try await fetch(part, .similar([]), patience: isDead ? 0 : policy.retries, isLast: true)
        deadInARow = ledger.gaps(in: part).count == part.count ? deadInARow + 1 : 0
      }
    }
  }

  /// Fetches a part of the region for the first time, but for what of it is known.
  ///
  /// - Parameter similar: blocks that may have much in common with it.
  func fetch(_ part: Range<Int>, similar: [SimilarBlock]) async throws(SessionError) {
    try await fetch(part, .similar(similar), patience: min(Self.firstPatience, policy.retries), isLast: false)
  }

  /// Fetches what of a block is not known, or not confirmed.
  func fetch(_ match: BlockMatch, without fills: RangeSet<Int>) async throws(SessionError) {
    try await fetch(
      match.range, .match(match, without: fills), patience: min(Self.firstPatience, policy.retries), isLast: false)
  }

  /// What is known of a block before it is read.
  private enum Knowledge {
    /// Blocks that may have much in common with it.
    case similar([SimilarBlock])
    /// All of it but for some fills.
    case match(BlockMatch, without: RangeSet<Int>)
  }

  /// Fetches a part of the region, asks the unit for its digest, and saves it.
  ///
  /// - Parameter isLast: whether what cannot be had now is given up.
  private func fetch(
    _ part: Range<Int>, _ knowledge: Knowledge, patience: Int, isLast: Bool
  ) async throws(SessionError) {
    var buffer = try await heldBefore(of: part)
    var outcome = DigestProof()
    let faults = bench.console.counters
    do {
      let method = digestMethod
      switch knowledge {
      case .match(let match, let fills): buffer.take(match, without: fills)
      case .similar(let similar):
        // A block without a digest is better not asked for one again: it may have crashed the unit.
        if knownDigest(of: part) != nil, buffer.held.isEmpty { try await descend(into: &buffer, similar) }
      }
      if digestMethod != method { buffer.forgetMatched() }
      outcome = try await prove(&buffer, patience: patience, isLast: isLast)
      bench.endOldBytes()
    } catch {
      // What is held is kept, without evidence, however the session ends; what was in doubt is not lost for that.
      buffer.forgetMatched()
      let doubtful = buffer.doubtful
      buffer.doubt(part, false)
      try? await save(buffer, DigestProof())
      if !doubtful.isEmpty {
        try? await keep { ledger in for range in doubtful.ranges { ledger.prove(range, .none) } }
      }
      throw error
    }
    guard isLast else { return try await save(buffer, outcome) }
    // What is read alike again and again is kept, though the unit's digest says otherwise: it may be the digest that lies.
    for range in outcome.steady.ranges { buffer.doubt(range, false) }
    let cause = FaultCause(bench.console.counters.since(faults))
    try await save(buffer, outcome)
    try await keep { ledger in
      for range in outcome.steady.ranges { ledger.dispute(range, .wrongDigest) }
      for range in buffer.doubtful.ranges { ledger.giveUp(range, .unstable) }
      for range in ledger.gaps(in: part).subtracting(buffer.doubtful).ranges { ledger.giveUp(range, cause) }
    }
  }

  /// Reads what a buffer misses and proves it, as far as that can be done.
  func prove(
    _ buffer: inout ChunkBuffer, patience: Int, isLast: Bool
  ) async throws(SessionError) -> DigestProof {
    let faults = bench.console.counters
    var rate = bench.console.link.speed
    while true {
      let method = digestMethod
      try await fill(&buffer, patience: patience)
      let outcome = try await digestProof(&buffer, patience: patience)
      let isConfirmed = try await confirmMatched(&buffer, outcome)
      guard digestMethod == method else {
        // What is known by the digest alone that was given up is read; what was read is proved by the next one.
        buffer.forgetMatched()
        buffer.forgetLoaded(besides: ledger.held)
        try await learnDigestPace()
        continue
      }
      if isConfirmed, try await !slowsDown(isLast && !buffer.isSound, from: &rate, since: faults) { return outcome }
    }
  }

  /// A buffer with what the disk holds of a part.
  private func heldBefore(of part: Range<Int>) async throws(SessionError) -> ChunkBuffer {
    let held = ledger.held.intersection(RangeSet(part))
    var buffer = ChunkBuffer(part)
    for range in held.ranges { buffer.fill(range, with: try await image.read(range)) }
    return buffer
  }

  /// Reads what the buffer misses until it misses nothing or more than `patience` rounds in a row brought too little.
  ///
  /// - Parameter isRepeat: whether the bytes were already had once.
  func fill(_ buffer: inout ChunkBuffer, patience: Int, isRepeat: Bool = false) async throws(SessionError) {
    var longest = bench.reader?.method.longestRead ?? Int.max
    var fruitless = 0
    var isFirstRound = true
    while !buffer.missing.isEmpty, fruitless <= patience {
      let before = buffer.missing.count
      var losses = 0
      let reads = requests(of: buffer, longest: longest, isFirst: isFirstRound, isBackward: fruitless % 2 == 1)
      for (index, wanted) in reads.enumerated() where losses < Self.mostLosses {
        if isRepeat || !isFirstRound { result.rereadBytes += isRepeat ? wanted.count : buffer.passedOver(in: wanted) }
        let missing = buffer.missing.count
        let isWhole = try await read(
          wanted, into: &buffer, followedBy: reads.dropFirst(index + 1).first)
        losses = isWhole || buffer.missing.count < missing ? 0 : losses + 1
      }
      isFirstRound = false
      let gained = before - buffer.missing.count
      if gained > 0, gained * Self.worthwhile >= before { fruitless = 0; continue }
      fruitless += 1
      longest = max(Self.shortestRead, min(longest, buffer.range.count) / 2)
    }
  }

  /// The reads that would fill what a buffer misses.
  ///
  /// - Parameter isBackward: whether the last comes first: a dead area is come upon from both of its ends.
  func requests(of buffer: ChunkBuffer, longest: Int, isFirst: Bool, isBackward: Bool) -> [Range<Int>] {
    let reads =
      bench.reader?.method.fixedLength.map { buffer.requests(fixed: $0) }
      ?? buffer.requests(longest: longest, joining: isFirst && buffer.matched.isEmpty ? 0 : Self.joinDistance)
    return isBackward ? reads.reversed() : reads
  }

  /// Saves what is sound of a buffer, with what was proved of it; what it lost is held no longer. The disk takes it while
  /// the next is read.
  func save(_ buffer: ChunkBuffer, _ outcome: DigestProof) async throws(SessionError) {
    try await settlePending()
    // What is not held any more, because the disk has refused it or its digest was given up, was never read here.
    var buffer = buffer
    buffer.forgetLoaded(besides: ledger.held)
    let sound = buffer.sound
    try await beginToKeep(buffer.pieces) { ledger in
      for range in ledger.held.intersection(RangeSet(buffer.range)).subtracting(sound).ranges { ledger.drop(range) }
      // What comes from the disk keeps its evidence until there is another.
      for range in sound.subtracting(buffer.loaded).ranges { ledger.record(range, .none) }
      for match in buffer.matched {
        for range in match.ranges.intersection(sound).ranges { ledger.record(range, .none, match.provenance) }
      }
      for block in outcome.proven { ledger.prove(block.range, block.evidence) }
    }
    report(held: ledger.heldBytes, always: true)
  }
}

extension FaultCause {
  /// What most probably kept lines from being read.
  init(_ faults: WireCounters) {
    let mangled = faults.gutterMismatches + faults.malformedLines + faults.addressGaps
    if mangled + faults.foreignLines == 0 || mangled == 0 && faults.resets > 0 {
      // A unit that crashes over what it is asked for says so in lines of its own.
      self = .silence
    } else if faults.foreignLines > mangled {
      self = .foreignOutput
    } else {
      self = faults.addressGaps > faults.gutterMismatches ? .lostCharacters : .noise
    }
  }
}
