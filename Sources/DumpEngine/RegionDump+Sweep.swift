import ConsoleDialect
import DeviceDigests
import DumpManifest

/// A block whose bytes are known without having been read, as far as the unit's digest tells.
struct BlockMatch {
  /// The place in the region.
  var range: Range<Int>
  /// All of its bytes.
  var bytes: [UInt8]
  /// Which of them do not come from this unit's wire, and where they do.
  var origins: [(range: Range<Int>, provenance: Provenance)]
  /// Parts of it whose own digests the unit has said, and they are right too.
  var digested: [Range<Int>] = []

  /// A block that comes from one place.
  init(_ range: Range<Int>, _ bytes: [UInt8], _ provenance: Provenance) {
    self.range = range
    self.bytes = bytes
    origins = [(range, provenance)]
  }

  /// A block of which only some ranges are not this unit's.
  init(_ range: Range<Int>, _ bytes: [UInt8], origins: [(range: Range<Int>, provenance: Provenance)]) {
    self.range = range
    self.bytes = bytes
    self.origins = origins
  }
}

/// Not carrying what is already known: digests are asked before anything is read.
extension RegionDump {
  /// How many known blocks are saved together, and how many bytes of them are held for that.
  private static let savedTogether = (blocks: 32, bytes: 512 << 10)

  /// Asks for the digests of blocks and takes those that are known: constant fills, and what the reference has at the
  /// same place. Returns the others. Ends early where the digest is given up.
  func sweep(_ blocks: [Range<Int>]) async throws(SessionError) -> [Range<Int>] {
    guard let method = digestMethod else { return blocks }
    var rest: [Range<Int>] = []
    var matches: [BlockMatch] = []
    var open = blocks[...]
    while let first = open.first, digestMethod == method {
      try await catchUp()
      let group = Array(open.prefix(try await groupSize(first, method)))
      open = open.dropFirst(group.count)
      let digests = try await firstDigests(of: group)
      guard digestMethod == method else { return [] }
      for (block, digest) in zip(group, digests) {
        swept[block] = digest
        // What is held of it already is this unit's own, and is asked of the unit together with the rest.
        let isNew = ledger.held.intersection(RangeSet(block)).isEmpty
        if isNew, let digest, let match = try await known(block, method.key(block, digest)) {
          matches.append(match)
        } else {
          rest.append(block)
        }
        let bytes = matches.reduce(0) { $0 + $1.range.count }
        if matches.count >= Self.savedTogether.blocks || bytes >= Self.savedTogether.bytes {
          rest += try await take(matches, by: method)
          matches = []
          guard digestMethod == method else { return [] }
        }
      }
    }
    rest += try await take(matches, by: method)
    return rest.sorted { $0.lowerBound < $1.lowerBound }
  }

  /// How many blocks are asked for together: one alone until the digest of one like it was answered, and while it is
  /// in doubt.
  private func groupSize(_ block: Range<Int>, _ method: DigestMethod) async throws(SessionError) -> Int {
    guard bench.trust.hasAnswered(over: block.count) else { return 1 }
    let address = try await bench.persistently { () async throws(SessionError) in
      try await self.address(of: block.lowerBound)
    }
    return bench.console.digestsInLine(method, address, block.count)
  }

  /// What a block holds, where that is known without the unit.
  private func known(_ block: Range<Int>, _ key: BlockKey) async throws(SessionError) -> BlockMatch? {
    if block.count >= SecondLook.shortestFill, let fill = try await ConstantFills.shared.fill(of: key) {
      return BlockMatch(block, [UInt8](repeating: fill, count: block.count), .constant)
    }
    guard let reference, let bytes = await referenceBytes(block), key.isOf(bytes) else { return nil }
    return BlockMatch(block, bytes, reference.provenance)
  }

  /// Takes known blocks after a second look at each. Returns those that are not what they seemed.
  ///
  /// - Parameter method: by what they were found.
  func take(_ matches: [BlockMatch], by method: DigestMethod) async throws(SessionError) -> [Range<Int>] {
    guard digestMethod == method, !matches.isEmpty else { return matches.map(\.range) }
    let verdicts = try await confirm(matches)
    // A second look that has cost the digest its trust has shown nothing.
    guard digestMethod == method else { return matches.map(\.range) }
    let right = zip(matches, verdicts).filter { $0.1?.isEmpty == true }.map(\.0)
    let pieces = right.flatMap { match in
      match.origins.map { origin in
        (offset: origin.range.lowerBound, bytes: Array(match.bytes[origin.range.moved(by: -match.range.lowerBound)]))
      }
    }
    try await beginToKeep(pieces, canWait: true) { ledger in
      for match in right {
        for origin in match.origins { ledger.record(origin.range, .none, origin.provenance) }
        ledger.prove(match.range, .deviceDigest(method.algorithm))
      }
    }
    for match in right { swept[match.range] = nil }
    report(held: ledger.heldBytes, always: true)
    var refused: [Range<Int>] = []
    for (match, verdict) in zip(matches, verdicts) where verdict?.isEmpty != true {
      // Of a block that is right but for what the unit does not say of its fills, no more than these is read: while the
      // digest is believed that says so.
      if digestMethod == method, let fills = verdict, !RangeSet(match.origins.map(\.range)).isSubset(of: fills) {
        try await fetch(match, without: fills)
      } else {
        refused.append(match.range)
      }
    }
    return refused
  }
}

extension DigestMethod {
  /// What a block holds by its digest.
  func key(_ block: Range<Int>, _ digest: String) -> BlockKey {
    BlockKey(algorithm: algorithm, length: block.count, digest: digest)
  }
}

extension BlockKey {
  /// Whether bytes have this digest.
  func isOf(_ bytes: [UInt8]) -> Bool { bytes.count == length && HostDigest.hex(algorithm, of: bytes) == digest }
}
