import ConsoleDialect
import DumpManifest

/// Proving what was fetched: by the unit's digests, by the image's own footer, by a second read.
extension RegionDump {
  private var policy: DumpPolicy { bench.session.plan.policy }

  // MARK: By the unit's digest

  /// Compares a freshly filled chunk with the unit's digest of it; what differs is narrowed down and read again.
  func digestProof(_ buffer: inout ChunkBuffer) async throws(SessionError) -> [BlockRange] {
    guard let method = bench.reader?.digests.first else { return [] }
    var proof: [BlockRange] = []
    for part in buffer.held.ranges {
      proof += try await digestProof(of: part, method, &buffer)
    }
    // Only now: what is missing would be filled again while the next range is mended, and count as neither good nor bad.
    for range in buffer.doubtful.ranges { buffer.forget(range) }
    return proof
  }

  private func digestProof(
    of part: Range<Int>, _ method: DigestMethod, _ buffer: inout ChunkBuffer
  ) async throws(SessionError) -> [BlockRange] {
    if try await agrees(part, buffer[part], method) {
      return [BlockRange(range: part, evidence: .deviceDigest(method.algorithm), provenance: .wire)]
    }
    buffer.doubt(part, true)
    bench.session.emit(.trouble("\(region.name): \(method.algorithm.rawValue) differs at \(part.place): reading again"))
    var proof: [BlockRange] = []
    for grain in part.grains(of: Self.grain) {
      for mended in try await mend(grain, size: Self.grain, method, &buffer) {
        buffer.doubt(mended, false)
        proof.append(BlockRange(range: mended, evidence: .deviceDigest(method.algorithm), provenance: .wire))
      }
    }
    return proof
  }

  /// Halves a range to find where its digest differs, and reads what does until it agrees. Returns what agrees in the
  /// end; the rest stays in doubt, for its bytes are not to be believed.
  ///
  /// A digest costs as much as a line. Reading a whole grain again instead brings new wrong bytes for those it mends,
  /// as soon as the noise hits more than one in it that the character column does not show.
  private func mend(
    _ part: Range<Int>, size: Int, _ method: DigestMethod, _ buffer: inout ChunkBuffer
  ) async throws(SessionError) -> [Range<Int>] {
    if try await agrees(part, buffer[part], method) { return [part] }
    if size > Self.shortestRead {
      var mended: [Range<Int>] = []
      for half in part.grains(of: size / 2) { mended += try await mend(half, size: size / 2, method, &buffer) }
      return mended
    }
    for _ in 0...policy.retries {
      buffer.forget(part)
      try await fill(&buffer)
      guard buffer.missing.intersection(RangeSet(part)).isEmpty else { return [] }
      if try await agrees(part, buffer[part], method) { return [part] }
    }
    return []
  }

  private func agrees(_ part: Range<Int>, _ bytes: [UInt8], _ method: DigestMethod) async throws(SessionError) -> Bool {
    guard let theirs = try await deviceDigest(of: part, method) else { return false }
    if theirs == HostDigest.hex(method.algorithm, of: bytes) { return true }
    bench.console.counters.digestMismatches += 1
    return false
  }

  /// The unit's digest of a range; a reply that was hit on its way is asked for again.
  private func deviceDigest(of part: Range<Int>, _ method: DigestMethod) async throws(SessionError) -> String? {
    for _ in 0...policy.retries {
      let digest = try await bench.persistently { () async throws(SessionError) in
        let address = try await self.address(of: part.lowerBound)
        return try await self.bench.console.digest(method, address: address, length: part.count)
      }
      if let digest { return digest }
    }
    return nil
  }

  // MARK: Of the whole

  /// Proves what has no evidence yet, as the policy says, and the region as a whole where the unit can.
  func prove() async throws(SessionError) {
    switch policy.verify {
    case .none: return
    case .auto where bench.reader?.digests.isEmpty == false, .digest: try await proveWhole()
    case .auto:
      try await proveByFooters()
      try await proveByRereading()
    case .reread: try await proveByRereading()
    }
  }

  /// Asks for the digests of all chunks again, against what the disk holds; what differs is read again.
  func proveAgain() async throws(SessionError) {
    forgetStaged()
    let held = ledger.held
    for part in held.ranges { ledger.record(part, .none) }
    for part in chunks().flatMap({ Array(held.intersection(RangeSet($0)).ranges) }) {
      var buffer = ChunkBuffer(part, holding: try await image.read(part))
      let proof = try await digestProof(&buffer)
      for range in buffer.missing.union(buffer.doubtful).ranges { ledger.giveUp(range) }
      try await save(buffer, proof)
    }
  }

  /// One digest over all of a region, against the file on disk: it catches what happened between the chunks.
  private func proveWhole() async throws(SessionError) {
    guard let method = bench.reader?.digests.first, ledger.heldBytes == region.size, ledger.unproven.isEmpty,
      spansOneReach, let ours = try await image.digests([method.algorithm])[method.algorithm]
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
    bench.session.emit(
      .trouble(
        "\(region.name): each block's \(method.algorithm.rawValue) agreed, the whole region's is \(last ?? "none") where "
          + "\(ours) is held: the memory changes"))
    ledger.record(whole, .none)
    try await image.save([], ledger: ledger)
  }

  /// The unit's digest of the region; nil where it does not manage that, which is no reason to doubt the blocks.
  private func wholeDigest(_ method: DigestMethod) async throws(SessionError) -> String? {
    do {
      return try await deviceDigest(of: 0..<region.size, method)
    } catch {
      guard error.isRecoverable else { throw error }
      bench.session.emit(.trouble("\(region.name): no digest of the whole region: \(error.message)"))
      try await bench.recover(from: error)
      return nil
    }
  }

  // MARK: By footers

  /// Believes the images within the region whose own checksum is right.
  ///
  /// Their checksum is a sum: two hits may cancel in it. So it is believed only of a line on which no hit was seen.
  private func proveByFooters() async throws(SessionError) {
    guard isCleanLine, let footer = bench.console.dialect.footer, case .mapped(let address) = region.source else {
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
      try await keep { $0.record(range, .imageFooter) }
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
      try await self.bench.console.dump(reader.method, address: from, into: &parser) { _ in }
      return parser.isComplete ? Array(parser.bytes.suffix(W90ImageFooter.length)) : nil
    }
  }

  // MARK: By reading again

  /// Reads all that has no evidence a second time. Where the two differ, the range is read until two reads in a row
  /// are equal.
  private func proveByRereading() async throws(SessionError) {
    forgetStaged()
    for chunk in chunks() {
      for part in ledger.unproven.intersection(RangeSet(chunk)).ranges {
        try await reread(part)
        reportProving(done: part.upperBound)
      }
    }
  }

  private func reread(_ part: Range<Int>) async throws(SessionError) {
    var comparison = SecondRead(part, first: try await image.read(part))
    for _ in 0...policy.retries where !comparison.pending.isEmpty {
      var again = ChunkBuffer(part, wanting: comparison.pending)
      try await fill(&again)
      bench.console.counters.rereadMismatches += comparison.compare(again)
    }
    for range in comparison.unstable.ranges { ledger.giveUp(range) }
    try await keep([(part.lowerBound, comparison.bytes)]) { ledger in
      for range in comparison.agreed.ranges { ledger.record(range, .reread) }
    }
    try bench.console.flushTranscript()
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
