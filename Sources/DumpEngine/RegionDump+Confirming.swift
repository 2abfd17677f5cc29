import ConsoleDialect
import DeviceDigests

/// The second look at what was not read; see ``SecondLook``.
extension RegionDump {
  /// Whether blocks that have the right digest are right by others too.
  func confirm(_ matches: [BlockMatch]) async throws(SessionError) -> [Bool] {
    // A digest that was given up meanwhile has confirmed nothing.
    guard let method = digestMethod else { return matches.map { _ in false } }
    guard method.algorithm.isLinear else { return matches.map { _ in true } }
    let looks = matches.map { SecondLook(at: $0, by: method.algorithm) }
    let asked = looks.filter(\.isWorthAsking)
    var answers = try await deviceDigests(of: asked.flatMap(\.questions))[...]
    var fills = try await areFills(asked.flatMap(\.fills))[...]
    var verdicts: [Bool] = []
    for look in looks {
      guard look.isWorthAsking else {
        verdicts.append(false)
        continue
      }
      let theirs = answers.prefix(look.questions.count)
      answers = answers.dropFirst(look.questions.count)
      var isRight = fills.prefix(look.fills.count).allSatisfy(\.self)
      fills = fills.dropFirst(look.fills.count)
      for (question, answer) in zip(look.questions, theirs) where isRight {
        let ours = HostDigest.hex(method.algorithm, of: look.bytes(of: question))
        isRight = try await isConfirmed(ours, answer, question)
      }
      verdicts.append(isRight)
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
      let verdicts = try await confirm([BlockMatch(block.range, buffer[block.range], origins: origins)])
      foreign.subtract(loaded)
      if verdicts == [true] { continue }
      for origin in origins { buffer.forget(origin.range) }
      isRight = false
    }
    return isRight
  }

  /// Whether ranges are of one byte all over, as the unit itself compares them; false where it cannot, or says nothing
  /// clear.
  private func areFills(_ ranges: [Range<Int>]) async throws(SessionError) -> [Bool] {
    var verdicts: [Bool] = []
    for group in together(ranges) {
      for (range, answer) in zip(group, try await compare(group)) {
        verdicts.append(try await answer == true ? true : isFill(range, answer))
      }
    }
    return verdicts
  }

  /// Asks again for one range: one hit digit is no difference, and only what the unit says twice counts.
  private func isFill(_ range: Range<Int>, _ first: Bool?) async throws(SessionError) -> Bool {
    var last = first
    for _ in 0...policy.retries where bench.console.comparesMemory {
      let answer = try await compare([range])[0]
      if answer == true { return true }
      if answer == false, last == false { break }
      last = answer ?? last
    }
    if last == false {
      bench.session.emit(
        .trouble(
          "\(region.name): at \(range.place) the unit's digest is that of a fill, and the bytes are not all the same: "
            + "reading them"))
    }
    return false
  }

  private func compare(_ ranges: [Range<Int>]) async throws(SessionError) -> [Bool?] {
    try await bench.persistently { () async throws(SessionError) in
      var places: [Console.DigestRange] = []
      for range in ranges { places.append((try await self.address(of: range.lowerBound), range.count)) }
      return try await self.bench.console.fills(places)
    }
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
