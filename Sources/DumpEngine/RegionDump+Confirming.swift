import ConsoleDialect
import DeviceDigests

/// The second look at what was not read: a CRC of 32 bits alone is too little to take another unit's bytes by.
///
/// By chance it is equal once in four thousand million comparisons, and a fleet makes more. So the unit is asked for the
/// CRC from somewhere within each piece to the block's end as well. A longer span than the block would prove nothing, for
/// a CRC is linear: where the blocks' are equal, those of all that contains them are. And not by chance it is equal where
/// two units differ in a record that ends with its own CRC, as a serial number may: what such records of ours have as
/// their CRCs is asked too.
///
/// Nor does any CRC tell such a record from a fill. So where we have a fill, the unit compares its memory with itself, one
/// byte further on; where it cannot, the block is read.
extension RegionDump {
  /// Fills shorter than this are left to the digests, in bytes: to ask costs as much as to read them.
  private static let shortestFill = 64
  /// A question costs about as much as reading so many bytes; with more of them a block is better read.
  fileprivate static let questionBytes = 32

  /// What is to be known of a block besides its digest.
  private struct Doubt {
    /// Longer blocks are not looked through for records, in bytes: that takes seven times as much memory.
    static let longest = 1 << 20

    var match: BlockMatch
    /// Ranges whose digests are asked for.
    var questions: [Range<Int>] = []
    /// Ranges that are to be of one byte all over.
    var fills: [Range<Int>] = []

    /// Whether asking costs less than reading.
    var isWorthAsking: Bool {
      let asked = (questions.count + fills.count) * RegionDump.questionBytes
      let isTooLong = match.range.count > Self.longest && match.origins.contains { $0.provenance != .constant }
      return !isTooLong && asked <= max(match.range.count, 4 * RegionDump.questionBytes)
    }
  }

  /// Whether blocks that have the right digest are right by others too.
  func confirm(_ matches: [BlockMatch]) async throws(SessionError) -> [Bool] {
    // A digest that was given up meanwhile has confirmed nothing.
    guard let method = digestMethod else { return matches.map { _ in false } }
    guard method.algorithm.isLinear else { return matches.map { _ in true } }
    let doubts = matches.map(Self.doubt)
    let asked = doubts.filter(\.isWorthAsking)
    var answers = try await deviceDigests(of: asked.flatMap(\.questions))[...]
    var fills = try await areFills(asked.flatMap(\.fills))[...]
    var verdicts: [Bool] = []
    for doubt in doubts {
      guard doubt.isWorthAsking else {
        verdicts.append(false)
        continue
      }
      let theirs = answers.prefix(doubt.questions.count)
      answers = answers.dropFirst(doubt.questions.count)
      var isRight = fills.prefix(doubt.fills.count).allSatisfy(\.self)
      fills = fills.dropFirst(doubt.fills.count)
      for (question, answer) in zip(doubt.questions, theirs) where isRight {
        let bytes = Array(doubt.match.bytes[question.moved(by: -doubt.match.range.lowerBound)])
        isRight = try await isConfirmed(HostDigest.hex(method.algorithm, of: bytes), answer, question)
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

  /// Ranges whose CRCs do not follow from the block's: from somewhere within each piece to the block's end, and the CRC
  /// of each record that has one of its own. And the fills among them.
  private static func doubt(_ match: BlockMatch) -> Doubt {
    let (block, start) = (match.range, match.range.lowerBound)
    var runs: [Provenance: RangeSet<Int>] = [:]
    for origin in match.origins where origin.provenance != .constant {
      runs[origin.provenance, default: RangeSet()].insert(contentsOf: origin.range)
    }
    let foreign = RangeSet(match.origins.map(\.range))
    // In a fill there is none.
    let records =
      runs.isEmpty || block.count > Doubt.longest
      ? []
      : SelfCheckedRecords(in: match.bytes)
        .crcs(touching: { !foreign.intersection(RangeSet($0.moved(by: start))).isEmpty })
    return Doubt(
      match: match,
      questions: runs.values.flatMap(\.ranges).map { cut(of: block, within: [$0]) }
        + records.map { $0.moved(by: start) },
      fills: foreign.ranges.flatMap { fills(in: match.bytes, within: $0.moved(by: -start)) }.map { $0.moved(by: start) }
    )
  }

  /// The stretches of one byte within a range of some bytes.
  static func fills(in bytes: [UInt8], within range: Range<Int>) -> [Range<Int>] {
    var fills: [Range<Int>] = []
    var start = range.lowerBound
    while start < range.upperBound {
      let end = bytes[start..<range.upperBound].firstIndex { $0 != bytes[start] } ?? range.upperBound
      if end - start >= shortestFill { fills.append(start..<end) }
      start = end
    }
    return fills
  }

  /// From somewhere within those ranges of a block to the block's end.
  static func cut(of block: Range<Int>, within ranges: [Range<Int>]) -> Range<Int> {
    let inner = RangeSet(ranges).subtracting(RangeSet(block.lowerBound..<block.lowerBound + 1))
    guard !inner.isEmpty else { return block }
    var place = Int.random(in: 0..<inner.count)
    for range in inner.ranges {
      if place < range.count { return range.lowerBound + place..<block.upperBound }
      place -= range.count
    }
    return block
  }
}

extension DigestAlgorithm {
  /// Whether the digest of a whole follows from those of its parts, so that a longer one is no better.
  var isLinear: Bool {
    switch self {
    case .crc32, .cksum: true
    case .md5, .sha1, .sha256: false
    }
  }
}
