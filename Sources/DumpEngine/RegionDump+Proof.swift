import ConsoleDialect
import DeviceDigests
import DumpManifest

/// What the unit's digests made of a buffer.
struct DigestProof {
  /// What is believed now.
  var proven: [BlockRange] = []
  /// What was read alike twice in a row while the digest said otherwise.
  var steady = RangeSet<Int>()
}

/// Proving what was fetched: by the unit's digests, by the image's own footer.
extension RegionDump {
  // MARK: By the unit's digest

  /// Compares a freshly filled buffer with the unit's digest of it; what differs is narrowed down and read again, and
  /// what differs still is in doubt.
  func digestProof(_ buffer: inout ChunkBuffer, patience: Int) async throws(SessionError) -> DigestProof {
    var outcome = DigestProof()
    guard let method = digestMethod else { return outcome }
    let parts = held(of: buffer)
    try await askTogether(parts.filter { knownDigest(of: $0) == nil })
    for part in parts where digestMethod == method {
      // A digest that was asked for before may be of something that has changed since, or was hit on its way.
      let attempts = knownDigest(of: part) == nil ? 1 : 2
      var isRight = false
      for _ in 0..<attempts where !isRight { isRight = try await agrees(part, buffer[part], method) == true }
      if isRight {
        outcome.believe(part, method)
        continue
      }
      guard digestMethod == method else { break }
      buffer.doubt(part, true)
      bench.session.emit(
        .trouble("\(region.name): \(method.algorithm.rawValue) differs at \(part.place): reading again"))
      for grain in part.grains(of: Self.grain) where digestMethod == method {
        try await mend(grain, size: Self.grain, patience: patience, &buffer, &outcome)
      }
    }
    if digestMethod == method { return outcome }
    // What is given up proves nothing, and puts nothing in doubt.
    buffer.doubt(buffer.range, false)
    return DigestProof()
  }

  /// What a buffer holds, block by block: what was read in one command may be two, and a digest of more than one is not
  /// trusted.
  private func held(of buffer: ChunkBuffer) -> [Range<Int>] {
    let held = Array(buffer.held.ranges)
    guard buffer.range.count > longestChunk else { return held }
    let blocks = chunks().filter { $0.overlaps(buffer.range) }
    return held.flatMap { part in blocks.map { $0.clamped(to: part) }.filter { !$0.isEmpty } }
  }

  /// Asks for digests of what was just read, in one line where there are several.
  private func askTogether(_ parts: [Range<Int>]) async throws(SessionError) {
    guard parts.count > 1, parts.allSatisfy({ bench.trust.hasAnswered(over: $0.count) }) else { return }
    for (part, digest) in zip(parts, try await deviceDigests(of: parts)) { swept[part] = digest }
  }

  /// Halves a range to find where its digest differs, and reads what does until it agrees. What never does stays in
  /// doubt, for its bytes are not to be believed.
  ///
  /// A digest costs as much as a line. Reading a whole grain again instead brings new wrong bytes for those it mends,
  /// as soon as the noise hits more than one in it that the character column does not show.
  private func mend(
    _ part: Range<Int>, size: Int, patience: Int, _ buffer: inout ChunkBuffer, _ outcome: inout DigestProof
  ) async throws(SessionError) {
    guard let method = digestMethod else { return }
    var verdict = try await agrees(part, buffer[part], method)
    if verdict != true, size > Self.shortestRead {
      for half in part.grains(of: size / 2) where digestMethod == method {
        try await mend(half, size: size / 2, patience: patience, &buffer, &outcome)
      }
      return
    }
    // The answer may have been hit, and not the bytes.
    if verdict != true { verdict = try await agrees(part, buffer[part], method) }
    var isSteady = false
    for _ in 0...patience where verdict != true && digestMethod == method {
      var again = ChunkBuffer(part)
      try await fill(&again, patience: patience, isRepeat: true)
      guard again.missing.isEmpty else { break }
      isSteady = again.bytes == buffer[part]
      buffer.replace(part, with: again.bytes)
      verdict = try await agrees(part, again.bytes, method)
    }
    if verdict == true {
      buffer.doubt(part, false)
      outcome.believe(part, method)
    } else if isSteady {
      outcome.steady.insert(contentsOf: part)
      if verdict == false { try await noteDispute(of: part, method) }
    }
  }

  /// Notes that the digest differs from what was read alike twice. Where it does so again and again and is never right,
  /// it is the digest that is wrong.
  private func noteDispute(of part: Range<Int>, _ method: DigestMethod) async throws(SessionError) {
    bench.trust.noteDispute(at: part.lowerBound)
    guard let lies = bench.trust.lies else { return }
    try await distrust(
      method, because: "in \(lies) places in a row it is not that of the bytes, which are read alike each time")
  }

  /// Whether the unit's digest is that of the bytes; nil where it says none.
  private func agrees(
    _ part: Range<Int>, _ bytes: [UInt8], _ method: DigestMethod
  ) async throws(SessionError) -> Bool? {
    guard let theirs = try await deviceDigest(of: part, method, hasRead: true) else { return nil }
    if theirs == HostDigest.hex(method.algorithm, of: bytes) {
      bench.trust.noteRight()
      return true
    }
    bench.console.counters.digestMismatches += 1
    return false
  }

  // MARK: Of the whole

  /// Believes nothing any more, and asks again.
  func proveAgain() async throws(SessionError) {
    try await unprove()
    foreign = ledger.held
    try await askAgain()
  }

  /// Asks for the digests of all chunks again, against what the disk holds; what differs is read again.
  func askAgain() async throws(SessionError) {
    forgetStaged()
    // What was said before says nothing of now, nor of another copy.
    swept = [:]
    // What is held may become less meanwhile.
    for chunk in chunks() {
      for part in ledger.held.intersection(RangeSet(chunk)).ranges { try await askAgain(part) }
    }
  }

  private func askAgain(_ part: Range<Int>) async throws(SessionError) {
    var buffer = ChunkBuffer(part)
    buffer.fill(part, with: try await image.read(part))
    let outcome = try await prove(&buffer, patience: policy.retries, isLast: true)
    try await save(buffer, outcome)
  }

  /// One digest over all of a region, against the file on disk: it catches what happened between the chunks.
  func proveWhole() async throws(SessionError) {
    guard let method = digestMethod, ledger.heldBytes == region.size, ledger.unproven.isEmpty,
      spansOneReach, result.deviceDigest == nil,
      let ours = try await image.digests([method.algorithm])[method.algorithm]
    else { return }
    let whole = 0..<region.size
    var last: String?
    // One hit digit in this one line must not cost the evidence of all: only what is said twice is believed.
    for _ in 0...policy.retries {
      guard let theirs = try await wholeDigest(method) else { return }
      if theirs == ours { return note(regionDigest: DeviceDigest(algorithm: method.algorithm, value: theirs)) }
      bench.console.counters.digestMismatches += 1
      if theirs == last { break }
      last = theirs
    }
    let changes = try await hasChanged()
    bench.session.emit(
      .trouble(
        "\(region.name): each block's \(method.algorithm.rawValue) agreed, the whole region's is \(last ?? "none") where "
          + "\(ours) is held: "
          + (changes ? "the memory changes" : "each block's still agrees, so that of so many bytes is not believed")))
    note(regionDigest: nil)
    guard changes else { return }
    try await keep { ledger in
      ledger.prove(whole, .none)
      ledger.dispute(whole, .unstable)
    }
  }

  /// Whether any block is not what it was when its digest agreed: a digest may be right over a block, and wrong over
  /// more.
  private func hasChanged() async throws(SessionError) -> Bool {
    let mismatches = bench.console.counters.digestMismatches
    try await askAgain()
    return bench.console.counters.digestMismatches > mismatches || !ledger.unproven.isEmpty
  }

  /// The unit's digest of the region; nil where it does not manage that, which is no reason to doubt the blocks, and
  /// where it would keep the unit busy for longer than reading all of it.
  private func wholeDigest(_ method: DigestMethod) async throws(SessionError) -> String? {
    guard isBearable(region.size), !losesWhole else { return nil }
    for _ in 0...policy.retries {
      switch try await ask(for: 0..<region.size, method) {
      case .digest(let digest): return digest
      case .unclear: continue
      case .lost(let error):
        losesWhole = true
        bench.session.emit(.trouble("\(region.name): no digest of the whole region: \(error.message)"))
        return nil
      }
    }
    return nil
  }

  // MARK: By footers

  /// Believes the images within the region whose own checksum is right.
  ///
  /// Their checksum is a sum: two hits may cancel in it. So it is believed only of a line on which no hit was seen, in
  /// no session that has read any of it.
  func proveByFooters() async throws(SessionError) {
    count()
    guard result.lineFaults == 0, let footer = bench.console.dialect.footer,
      case .mapped(let address) = region.source
    else {
      return
    }
    for end in footer.blockEnds(address..<address + UInt64(region.size)) {
      guard let bytes = try await footerBytes(before: end), let fields = W90ImageFooter.parse(bytes) else { continue }
      let base = UInt64(fields.base)
      guard base >= address, base + UInt64(fields.length) <= address + UInt64(region.size) else { continue }
      let start = Int(base - address)
      let range = start..<start + Int(fields.length)
      guard RangeSet(range).isSubset(of: ledger.unproven) else { continue }
      guard W90ImageFooter.checksum(try await image.read(range)) == fields.imageChecksum else {
        bench.session.emit(.trouble("\(region.name): the footer's checksum of \(range.place) is wrong: reading again"))
        continue
      }
      try await keep { $0.prove(range, .imageFooter) }
    }
  }

  /// The footer before a flash block's end: from the image where it is within the region, else from the unit.
  private func footerBytes(before end: UInt64) async throws(SessionError) -> [UInt8]? {
    guard case .mapped(let address) = region.source, let reader = bench.reader else { return nil }
    let start = end - UInt64(W90ImageFooter.length)
    if end <= address + UInt64(region.size) {
      guard start >= address else { return nil }
      let place = Int(start - address)..<Int(end - address)
      return RangeSet(place).isSubset(of: ledger.held) ? try await image.read(place) : nil
    }
    return try await bench.persistently { () async throws(SessionError) in
      let length = reader.method.fixedLength ?? W90ImageFooter.length
      let from = end - UInt64(length)
      var parser = reader.parser(address: from, length: length)
      try await self.bench.console.dump(reader.method, address: from, into: &parser)
      return parser.isComplete ? Array(parser.bytes.suffix(W90ImageFooter.length)) : nil
    }
  }
}

extension DigestProof {
  fileprivate mutating func believe(_ part: Range<Int>, _ method: DigestMethod) {
    proven.append(BlockRange(range: part, evidence: .deviceDigest(method.algorithm), provenance: .wire))
  }
}

extension ImageFooter {
  /// The ends of all flash blocks in which an image that lies in `range` could end.
  func blockEnds(_ range: Range<UInt64>) -> [UInt64] {
    let block = UInt64(flashBlock)
    let first = (range.lowerBound / block + 1) * block
    let last = (range.upperBound + UInt64(W90ImageFooter.length) + block - 1) / block * block
    return Array(stride(from: first, through: last, by: Int(block)))
  }
}
