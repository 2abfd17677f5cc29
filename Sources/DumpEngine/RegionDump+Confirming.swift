import ConsoleDialect
import DeviceDigests

/// The second look at what was not read; see ``SecondLook``.
extension RegionDump {
  /// How many ranges are compared before what the unit has said of them is kept: whatever happens on the line then costs
  /// no more.
  static let comparedTogether = 16

  /// What blocks that have the right digest are by others: empty where right, or those of its fills of which the unit
  /// does not say that they are; nil where a block is something else, or not worth asking about.
  func confirm(_ matches: [BlockMatch]) async throws(SessionError) -> [RangeSet<Int>?] {
    // A digest that was given up meanwhile has confirmed nothing.
    guard let method = digestMethod else { return matches.map { _ in nil } }
    guard method.algorithm.isLinear else { return matches.map { _ in RangeSet() } }
    let looks = matches.map { SecondLook(at: $0, by: method.algorithm) }
    let asked = looks.filter(\.isWorthAsking)
    var answers = try await deviceDigests(of: asked.flatMap(\.questions))[...]
    var fills = try await areFills(asked.flatMap(\.fills))[...]
    var verdicts: [RangeSet<Int>?] = []
    for look in looks {
      guard look.isWorthAsking else {
        verdicts.append(nil)
        continue
      }
      let theirs = answers.prefix(look.questions.count)
      answers = answers.dropFirst(look.questions.count)
      let unconfirmed = zip(look.fills, fills).filter { !$0.1 }.map(\.0)
      fills = fills.dropFirst(look.fills.count)
      var isRight = true
      for (question, answer) in zip(look.questions, theirs) where isRight {
        let ours = HostDigest.hex(method.algorithm, of: look.bytes(of: question))
        isRight = try await isConfirmed(ours, answer, question)
      }
      verdicts.append(isRight ? RangeSet(unconfirmed) : nil)
    }
    return verdicts
  }

  /// The same second look at what a buffer has of others, and of what was read before this session; what does not stand
  /// it is forgotten.
  func confirmMatched(_ buffer: inout ChunkBuffer, _ proof: DigestProof) async throws(SessionError) -> Bool {
    var isRight = true
    for block in proof.proven {
      let matched = buffer.matched.flatMap { match in
        match.ranges.intersection(RangeSet(block.range)).ranges.map { (range: $0, provenance: match.provenance) }
      }
      let loaded = buffer.loaded.intersection(foreign).intersection(RangeSet(block.range))
      let earlier = loaded.ranges.map { (range: $0, provenance: Provenance.earlier) }
      let origins = (matched + earlier).sorted { $0.range.lowerBound < $1.range.lowerBound }
      guard !origins.isEmpty else { continue }
      var match = BlockMatch(block.range, buffer[block.range], origins: origins)
      match.digested = buffer.digested.filter { block.range.contains($0) }
      let verdicts = try await confirm([match])
      foreign.subtract(loaded)
      let wrong = verdicts[0] ?? RangeSet(origins.map(\.range))
      for range in wrong.ranges { buffer.forget(range) }
      isRight = isRight && wrong.isEmpty
    }
    return isRight
  }

  /// Whether ranges are of one byte all over, as the unit itself compares them; false where it cannot, or says nothing
  /// clear.
  private func areFills(_ ranges: [Range<Int>]) async throws(SessionError) -> [Bool] {
    var verdicts: [Bool] = []
    for group in together(ranges) {
      for start in stride(from: 0, to: group.count, by: Self.comparedTogether) {
        let some = Array(group[start..<min(start + Self.comparedTogether, group.count)])
        for (range, answer) in zip(some, try await compare(some)) {
          verdicts.append(try await answer == true ? true : isFill(range))
        }
      }
    }
    return verdicts
  }

  /// Asks again for one range: one hit digit is no difference, and only what the unit says twice counts.
  private func isFill(_ range: Range<Int>) async throws(SessionError) -> Bool {
    var denials = 0
    for _ in 0...policy.retries where bench.console.canCompareMemory && denials < 2 {
      let answer = try await compare([range])[0]
      if answer == true { return true }
      if answer == false { denials += 1 }
    }
    if denials == 2 {
      bench.session.emit(
        .trouble(
          "\(region.name): at \(range.place) the digest is right for a fill, and the unit says that the bytes are not all "
            + "the same: reading them"))
    }
    return false
  }

  private func compare(_ ranges: [Range<Int>]) async throws(SessionError) -> [Bool?] {
    try await bench.areFills(ranges) { (offset) async throws(SessionError) in try await self.address(of: offset) }
  }

  /// One hit digit is no difference: only what the unit says twice counts.
  private func isConfirmed(_ ours: String, _ theirs: String?, _ part: Range<Int>) async throws(SessionError) -> Bool {
    guard let method = digestMethod else { return false }
    guard ours != theirs else { return true }
    var again = theirs
    for _ in 0...policy.retries {
      let last = again
      again = try await deviceDigest(of: part, method)
      if again == ours { return true }
      if again == nil || again == last { break }
    }
    bench.console.counters.digestMismatches += 1
    let name = method.algorithm.rawValue
    bench.session.emit(
      .trouble(
        again == nil
          ? "\(region.name): at \(part.place) the unit says no \(name) that would confirm what it seems to hold; reading it"
          : "\(region.name): at \(part.place) the unit's \(name) of the block is equal and that of a part of it is not: "
            + "other bytes with the same checksum; reading them"))
    return false
  }
}
