import ConsoleDialect
import DumpManifest

/// Reading what is not known, together with the other units of the batch.
extension RegionDump {
  /// Seconds that a read of two blocks may take: so much is not proved before it ends.
  private static let joinedTime = 6.0

  /// Reads blocks that the sweep has left: those that other units lack as well are read by one of them.
  func share(_ blocks: [Range<Int>]) async throws(SessionError) {
    guard reuse == .batch, let exchange = bench.session.services.exchange, let method = digestMethod else {
      return try await fetchAlone(blocks)
    }
    // What was held before goes on alone: it is nearly done, and its bytes are proved together with the rest.
    let begun = blocks.filter { knownDigest(of: $0) == nil || !ledger.held.intersection(RangeSet($0)).isEmpty }
    try await fetchAlone(begun)
    let wishes = blocks.filter { !begun.contains($0) }.compactMap { block in
      knownDigest(of: block).map { Exchange.Wish(place: block, key: method.key(block, $0)) }
    }
    let party = Exchange.Party(
      name: image.unitName, region: region.name, image: image.path, visitor: bench.session.visitor,
      pace: bench.secondsPerByte)
    let member = await exchange.join(party, lacking: wishes)
    do {
      try await work(through: exchange, as: member, method)
    } catch {
      await exchange.leave(member)
      throw error
    }
    await exchange.leave(member)
    // What was asked is forgotten when the console comes back with nothing to know the unit by.
    let shared = wishes.map(\.place)
    try await fetchAlone(blocks.filter { !begun.contains($0) && !shared.contains($0) })
  }

  /// Reads blocks, in their order, without looking at what others do.
  func fetchAlone(_ blocks: [Range<Int>]) async throws(SessionError) {
    var open = blocks[...]
    // Units that begin together would else also ask for digests, and save, together.
    var joins = Bool.random()
    while let first = open.popFirst() {
      let similar = try await referenceBlocks(first)
      var part = first
      defer { joins = true }
      if joins, similar.isEmpty, let next = open.first, isBetterJoined(first, next) {
        part = first.lowerBound..<next.upperBound
        open.removeFirst()
      }
      try await fetch(part, similar: similar)
    }
  }

  /// Whether two blocks are better read with one command: between two of them the line is idle for some turns of a
  /// dialogue, and for more where many units have to be answered. Not where only a digest of each is of use.
  private func isBetterJoined(_ first: Range<Int>, _ second: Range<Int>) -> Bool {
    guard first.upperBound == second.lowerBound, together([first, second]).count == 1,
      bench.reader?.method.fixedLength == nil,
      Double(first.count + second.count) * bench.secondsPerByte <= Self.joinedTime
    else { return false }
    return [first, second].allSatisfy { knownDigest(of: $0) == nil || !isWorthHalving($0.count, []) }
  }

  private func work(
    through exchange: Exchange, as member: Exchange.Member, _ method: DigestMethod
  ) async throws(SessionError) {
    while digestMethod == method {
      try await catchUp()
      switch await exchange.next(for: member) {
      case .done:
        if Task.isCancelled { throw SessionError(.interrupted, "stopped by the user") }
        return
      case .idle:
        try await bench.persistently { () async throws(SessionError) in try await self.bench.console.resync() }
      case .take(let takings):
        let refused = try await take(takings, by: method, through: exchange, as: member)
        try await fetchAlone(refused)
      case .read(let reading):
        // Where it is only a part of a block, the digest that will prove it is asked for now.
        if knownDigest(of: reading.part) == nil {
          swept[reading.part] = try await deviceDigest(of: reading.part, method)
        }
        let similar = try await similarBlocks(reading) + referenceBlocks(reading.part)
        try await fetch(reading.part, similar: similar)
        if RangeSet(reading.part).isSubset(of: ledger.proven) {
          await exchange.publish(reading.part, by: member)
        } else {
          // A bad line must not keep others from reading it on a good one.
          await exchange.withdraw([reading.wish], of: member)
          try await fetchAlone(reading.wish.place == reading.part ? [] : [reading.wish.place])
        }
      }
    }
  }

  /// Takes blocks from where others have them. Returns the places of those that are not what they should be.
  private func take(
    _ takings: [Exchange.Taking], by method: DigestMethod, through exchange: Exchange, as member: Exchange.Member
  ) async throws(SessionError) -> [Range<Int>] {
    var matches: [BlockMatch] = []
    var settled: [Exchange.Wish] = []
    var refused: [Range<Int>] = []
    for taking in takings {
      do {
        if let match = try await match(taking) {
          matches.append(match)
        } else {
          refused.append(taking.wish.place)
          // Nobody else need put it together only to find that it is something else.
          for part in taking.parts { await exchange.lose(imageAt: part.image.path, of: taking.wish) }
        }
        settled.append(taking.wish)
      } catch {
        guard case .gone(let path) = error else { throw error.other }
        await exchange.lose(imageAt: path, of: taking.wish)
      }
    }
    refused += try await take(matches, by: method)
    await exchange.withdraw(settled, of: member)
    return refused
  }

  /// Why a block cannot be put together.
  private enum TakingError: Error {
    /// An image that had a part of it is not there any more; its path.
    case gone(String)
    case session(SessionError)

    var other: SessionError {
      if case .session(let error) = self { error } else { SessionError(.disk, "an image is gone") }
    }
  }

  /// A block put together from what this unit has of it and from others' images.
  private func match(_ taking: Exchange.Taking) async throws(TakingError) -> BlockMatch? {
    let place = taking.wish.place
    let own = ledger.proven.intersection(RangeSet(place))
    var bytes = [UInt8](repeating: 0, count: place.count)
    for range in own.ranges {
      do { bytes.replaceSubrange(range.moved(by: -place.lowerBound), with: try await image.read(range)) } catch {
        throw .session(error)
      }
    }
    var origins: [(range: Range<Int>, provenance: Provenance)] = []
    for part in taking.parts {
      for range in RangeSet(part.range).subtracting(own).ranges {
        let there = range.moved(by: part.image.range.lowerBound - part.range.lowerBound)
        guard let found = await ImagePart(path: part.image.path, range: there).bytes() else {
          throw .gone(part.image.path)
        }
        bytes.replaceSubrange(range.moved(by: -place.lowerBound), with: found)
        origins.append((range, part.provenance))
      }
    }
    // What is on the disk may have been changed, and two units may have read parts of blocks that only seem equal.
    return taking.wish.key.isOf(bytes) ? BlockMatch(place, bytes, origins: origins) : nil
  }

  /// What other units have at the place of a part, where that is all there.
  private func similarBlocks(_ reading: Exchange.Reading) async throws(SessionError) -> [SimilarBlock] {
    var block = SimilarBlock(bytes: [], origins: [])
    for part in reading.similar {
      let wanted = part.range.clamped(to: reading.part)
      guard !wanted.isEmpty else { continue }
      guard wanted.lowerBound == reading.part.lowerBound + block.bytes.count else { return [] }
      let there = wanted.moved(by: part.image.range.lowerBound - part.range.lowerBound)
      guard let found = await ImagePart(path: part.image.path, range: there).bytes() else { return [] }
      block.bytes += found
      block.origins.append((wanted, part.provenance))
    }
    return block.bytes.count == reading.part.count ? [block] : []
  }

  /// What the reference has at a place.
  private func referenceBlocks(_ part: Range<Int>) async throws(SessionError) -> [SimilarBlock] {
    guard let reference, let bytes = await referenceBytes(part) else { return [] }
    return [SimilarBlock(bytes: bytes, origins: [(part, reference.provenance)])]
  }
}
