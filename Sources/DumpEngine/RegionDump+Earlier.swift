import ConsoleDialect
import DumpManifest

/// What is held from a session before: whether the file still has it, and whether the unit still does.
extension RegionDump {
  /// How many places of what was proved before are read again where the unit computes no digest.
  private static let samples = 16

  /// Takes over what the disk holds. What is damaged there is forgotten; nothing is believed yet, for what proved the
  /// blocks before says nothing of who answers now.
  ///
  /// Returns whether the state on the disk says less or more than that.
  func takeEarlier() async throws(SessionError) -> Bool {
    guard let before else {
      if !result.blocks.isEmpty { tell(lost: result.held) }
      return true
    }
    let finished = before.finished
    var damaged = try await image.damaged(before.pages, finished: finished)
    (onDisk.finished, onDisk.damaged, onDisk.pages) = (finished, damaged, before.pages)
    let held = RangeSet(before.result.blocks.map(\.range))
    // Another policy may have been in force.
    let unwanted = RangeSet(before.result.blocks.filter { !reuse.allows($0.provenance) }.map(\.range))
    let there = RangeSet(0..<min(image.size, region.size))
    damaged.formUnion(held.subtracting(there))
    onDisk.inherited = finished.union(RangeSet(before.finishedBefore ?? [])).subtracting(damaged).intersection(there)
    var trusted = finished.subtracting(damaged)
    // Whoever marks a range in the map wants it read again.
    if let unfinished = try await image.unfinishedByMap() { trusted.subtract(unfinished) }
    // Without proof there is nothing else by which a wrong byte would ever be noticed.
    trusted.subtract(unwanted)
    let kept = policy.verify == .none ? trusted : held.subtracting(damaged).subtracting(unwanted)
    ledger = BlockLedger(size: region.size, earlier: before.result.blocks.clipped(to: kept))
    foreign = kept
    if !damaged.isEmpty { tell(lost: damaged.count) }
    remembered = before.result.blocks.clipped(to: trusted).map { block in
      BlockRange(range: block.range, evidence: block.evidence, provenance: block.provenance.later)
    }
    return kept != held
  }

  private func tell(lost bytes: Int) {
    bench.session.emit(.trouble("\(region.file).partial is not what it was at \(bytes) bytes: reading them again"))
  }

  /// Believes again what was proved before, where the unit is known to be the same and some of its memory, taken at
  /// random, still is what the file has. For consoles without a digest; with one, all of it is asked.
  func confirmEarlier() async throws(SessionError) {
    let known = remembered
    remembered = []
    guard !known.isEmpty else { return }
    if bench.isUnitKnown, try await isUnchanged(RangeSet(known.map(\.range))) {
      return try await keep { ledger in
        for block in known { ledger.record(block.range, block.evidence, block.provenance) }
      }
    }
    // Nothing else would ever doubt it.
    if policy.verify == .none { try await keep { $0 = BlockLedger(size: $0.size) } }
  }

  /// Compares places taken at random with the file.
  private func isUnchanged(_ known: RangeSet<Int>) async throws(SessionError) -> Bool {
    var unreadable = 0
    for _ in 0..<Self.samples {
      let part = Self.sample(of: known)
      let held = try await image.read(part)
      var seen: [[UInt8]] = []
      // One difference may be the line's; the same one twice is the unit's.
      repeat {
        var buffer = ChunkBuffer(part)
        try await fill(&buffer, patience: policy.retries, isRepeat: true)
        guard buffer.missing.isEmpty else { break }
        seen.append(buffer.bytes)
      } while seen.count < 2 && seen[0] != held
      // A bad line says nothing of the unit; but some places have to be seen.
      guard seen.count == 2 || seen.contains(held) else {
        unreadable += 1
        continue
      }
      guard seen.contains(held) else {
        bench.session.emit(.trouble("\(region.name) is not what it was at \(part.place): reading all of it again"))
        return false
      }
    }
    return unreadable <= Self.samples / 2
  }

  private static func sample(of known: RangeSet<Int>) -> Range<Int> {
    var place = Int.random(in: 0..<known.count)
    for range in known.ranges {
      if place < range.count {
        let start = range.lowerBound + place / shortestRead * shortestRead
        return start..<min(start + shortestRead, range.upperBound)
      }
      place -= range.count
    }
    preconditionFailure("a sample lies in what is known")
  }
}

extension [BlockRange] {
  /// What of the blocks lies within some ranges.
  fileprivate func clipped(to ranges: RangeSet<Int>) -> [BlockRange] {
    flatMap { block in
      ranges.intersection(RangeSet(block.range)).ranges.map {
        BlockRange(range: $0, evidence: block.evidence, provenance: block.provenance)
      }
    }
  }
}

extension DumpPolicy.Reuse {
  /// Whether bytes may come from there.
  package func allows(_ provenance: Provenance) -> Bool {
    switch provenance {
    case .wire, .earlier: true
    case .constant: self != .never
    case .reference: self == .reference || self == .batch
    case .sibling: self == .batch
    }
  }
}
