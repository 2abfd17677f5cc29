import ConsoleDialect
import DumpManifest

/// Digests that were right over a few bytes and are no use over many: they are given up for the next one, or for
/// reading twice, before they cost more than they save.
extension RegionDump {
  /// Bytes that show whether memory is there, one look at each page: no hole is smaller.
  private static let look = 64
  /// Seconds that a digest of a chunk may take however fast the line is.
  private static let digestTime = 10.0
  /// A digest is not worth having that takes so many times as long as reading what it is of; two reads prove as well.
  private static let mostReads = 4.0
  /// Seconds for a page below which nobody is called slow: this machine may be late, too.
  private static let slowPage = 2.0

  // MARK: How fast it is

  /// Lets the unit's digest show over a page how fast it is, before it is asked for more in one command: until that one
  /// has ended, nobody gets the unit back to its prompt. Gives up one that fails at that, or is too slow to be of use.
  func learnDigestPace() async throws(SessionError) {
    digestLimit = .max
    while let method = digestMethod, bench.console.digestPace == nil, firstReach >= Self.grain {
      try await askPages(method)
      if let pace = bench.console.digestPace, pace * Double(Self.grain) > Self.slowPage {
        try await weigh(method, pace)
      }
      guard digestMethod != method else { break }
    }
    limitDigests()
  }

  /// Asks for digests of pages until one is answered: there may be no memory at the first.
  private func askPages(_ method: DigestMethod) async throws(SessionError) {
    let last = firstReach - Self.grain
    for start in [0, last / 2 / Self.grain * Self.grain, last]
    where digestMethod == method && bench.console.digestPace == nil {
      let page = start..<start + Self.grain
      guard case .lost(let error) = try await ask(for: page, method),
        try await isDigestToBlame(for: error, page, hasRead: false)
      else { continue }
      try await noteLoss(of: page, method, error)
    }
  }

  /// Gives up what is much slower than reading. It is asked twice: a stall is no slowness.
  private func weigh(_ method: DigestMethod, _ first: Double) async throws(SessionError) {
    bench.console.digestPace = nil
    try await askPages(method)
    guard digestMethod == method else { return }
    let pace = min(first, bench.console.digestPace ?? first)
    bench.console.digestPace = pace
    let page = Double(Self.grain)
    guard policy.verify == .auto, pace * page > Self.slowPage, pace > Self.mostReads * bench.secondsPerByte else {
      return
    }
    let times = Int(min(pace / bench.secondsPerByte, 1e6))
    try await distrust(
      method, because: "it takes \(times) times as long as reading what it is of, and two reads prove as well")
  }

  /// Bounds what is asked for in one command by what it takes: no longer than reading a chunk, or than somebody waits.
  private func limitDigests() {
    guard digestMethod != nil, let pace = bench.console.digestPace, pace > 0 else { return }
    let chunk = Double(bench.session.plan.console.readLength)
    let most = max(Self.digestTime, chunk * bench.secondsPerByte) / pace
    if most < chunk { digestLimit = max(Self.grain, Int(most) / Self.grain * Self.grain) }
  }

  /// Whether a digest of so many bytes is answered in a time that is worth it: one command cannot be broken off.
  func isBearable(_ bytes: Int) -> Bool {
    guard let pace = bench.console.digestPace else { return true }
    return pace * Double(bytes) <= Self.digestTime || pace <= bench.secondsPerByte
  }

  // MARK: What it loses

  /// Whether it is the digest that has lost the console, and not a hole in the memory.
  ///
  /// What no chunk is as long as says nothing of chunks: a watchdog may bite over a whole region.
  func isDigestToBlame(
    for error: SessionError, _ part: Range<Int>, hasRead: Bool
  ) async throws(SessionError) -> Bool {
    let chunk = max(Self.grain, bench.session.plan.console.readLength)
    guard error.kind != .echo, part.count <= chunk else { return false }
    return try await hasRead ? true : isReadable(part)
  }

  private func isReadable(_ part: Range<Int>) async throws(SessionError) -> Bool {
    guard let reader = bench.reader else { return false }
    let places = part.grains(of: Self.grain).map { $0.lowerBound..<min($0.lowerBound + Self.look, $0.upperBound) }
    for place in places + [max(part.lowerBound, part.upperBound - Self.look)..<part.upperBound] {
      do {
        let address = try await address(of: place.lowerBound)
        _ = try await bench.console.read(address..<address + UInt64(place.count), with: reader)
      } catch {
        // What is refused now was hit on its way, like what is not echoed right: neither says anything of memory.
        let isUnsaid = error.kind == .refused || error.kind == .echo
        try await bench.recover(from: isUnsaid ? SessionError(.echo, error.message) : error)
        guard isUnsaid else { return false }
      }
    }
    return true
  }

  /// Notes that a digest has lost the console over memory that can be read. Twice in a row is enough on a clean line;
  /// on another it may have been the prompt that was hit.
  func noteLoss(of part: Range<Int>, _ method: DigestMethod, _ error: SessionError) async throws(SessionError) {
    bench.trust.noteLoss(over: part.count)
    let isClean = lineFaults.lineFaults == 0
    let most = isClean ? DigestTrust.mostLosses : max(DigestTrust.mostLosses, policy.retries + 1)
    guard bench.trust.losses >= most else { return }
    if bench.isNoisy, try await bench.slowDown() { return bench.trust.forgetLosses() }
    try await distrust(
      method,
      because: "\(bench.trust.losses) times in a row it has lost the console over memory that can be read, last over "
        + "\(part.count) bytes at \(part.place): \(error.message)")
  }

  // MARK: What follows

  /// Gives up a digest, and all that is known by nothing else.
  func distrust(_ method: DigestMethod, because reason: String) async throws(SessionError) {
    swept = [:]
    let matched = ledger.blocks.filter {
      $0.provenance.isElsewhere && ($0.evidence == .deviceDigest(method.algorithm) || $0.evidence == .none)
    }
    if !matched.isEmpty { try await keep { ledger in for block in matched { ledger.drop(block.range) } } }
    try bench.distrust(method, because: reason)
  }

  /// Goes on where no digest is left: what was read counts as the first of two reads.
  ///
  /// What a session before has proved is believed again only where samples of it are read alike, as on a console that
  /// never had a digest. What was copied into RAM and agreed there is copied again.
  func readWithoutDigest() async throws(SessionError) {
    digestLimit = .max
    let old = RangeSet(ledger.blocks.filter { $0.provenance != .wire }.map(\.range))
    let earlier = old.intersection(RangeSet(remembered.map(\.range)))
    remembered = remembered.flatMap { block in
      earlier.intersection(RangeSet(block.range)).ranges.map {
        BlockRange(range: $0, evidence: block.evidence, provenance: block.provenance)
      }
    }
    // Nor is anything that was proved before the console was lost with nothing to know the unit by.
    if isStaged || takeReturns() {
      try await unprove()
    } else if !earlier.isEmpty {
      try await keep { ledger in for range in earlier.ranges { ledger.prove(range, .none) } }
    }
    try await readTwice()
  }
}
