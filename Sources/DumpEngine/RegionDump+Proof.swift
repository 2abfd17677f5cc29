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
      if try await mend(grain, method, &buffer) {
        buffer.doubt(grain, false)
        proof.append(BlockRange(range: grain, evidence: .deviceDigest(method.algorithm), provenance: .wire))
      }
    }
    return proof
  }

  /// Reads a grain again until its digest agrees. One that never does is given up: its bytes are not to be believed.
  private func mend(
    _ grain: Range<Int>, _ method: DigestMethod, _ buffer: inout ChunkBuffer
  ) async throws(SessionError) -> Bool {
    if try await agrees(grain, buffer[grain], method) { return true }
    for _ in 0...policy.retries {
      buffer.forget(grain)
      try await fill(&buffer)
      guard buffer.missing.intersection(RangeSet(grain)).isEmpty else { return false }
      if try await agrees(grain, buffer[grain], method) { return true }
    }
    return false
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

  /// One digest over all of a region, against the file on disk: it catches what happened between the chunks.
  private func proveWhole() async throws(SessionError) {
    guard let method = bench.reader?.digests.first, ledger.heldBytes == region.size, ledger.unproven.isEmpty,
      spansOneReach
    else { return }
    let whole = 0..<region.size
    guard let theirs = try await deviceDigest(of: whole, method) else { return }
    if try await image.digests([method.algorithm])[method.algorithm] == theirs {
      return note(regionDigest: DeviceDigest(algorithm: method.algorithm, value: theirs))
    }
    bench.console.counters.digestMismatches += 1
    bench.session.emit(
      .trouble("\(region.name): each block's digest agreed and the whole region's does not: the memory changes"))
    ledger.record(whole, .none)
    try await image.save([], ledger: ledger)
  }

  // MARK: By footers

  /// Believes the images within the region whose own checksum is right.
  private func proveByFooters() async throws(SessionError) {
    guard let footer = bench.console.dialect.footer, case .mapped(let address) = region.source else { return }
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
      ledger.record(range, .imageFooter)
      try await image.save([], ledger: ledger)
    }
  }

  /// The footer before a flash block's end: from the image where it is within the region, else from the unit.
  private func footerBytes(before end: UInt64) async throws(SessionError) -> [UInt8]? {
    guard case .mapped(let address) = region.source, let reader = bench.reader else { return nil }
    let start = end - UInt64(W90ImageFooter.length)
    if end <= address + UInt64(region.size) {
      let place = Int(start - address)
      return try await image.read(place..<place + W90ImageFooter.length)
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
    for range in comparison.agreed.ranges { ledger.record(range, .reread) }
    for range in comparison.unstable.ranges { ledger.giveUp(range) }
    try await image.save([(part.lowerBound, comparison.bytes)], ledger: ledger)
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
