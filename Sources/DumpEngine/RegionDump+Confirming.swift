import ConsoleDialect
import DeviceDigests

/// The second look at what was not read: a CRC of 32 bits alone is too little to take another unit's bytes by.
///
/// By chance it is equal once in four thousand million comparisons, and a fleet makes more. So the unit is asked for the
/// CRC from somewhere within each piece to the block's end as well. A longer span than the block would prove nothing, for
/// a CRC is linear: where the blocks' are equal, those of all that contains them are. And not by chance it is equal where
/// two units differ in a record that ends with its own CRC, as a serial number may: what such records of ours have as
/// their CRCs is asked too.
extension RegionDump {
  /// Pieces shorter than this are looked at together with the others from the same place.
  private static let pieceOfItsOwn = 4096
  /// A block with more questions than this is better read.
  private static let mostQuestions = 64

  /// Whether blocks that have the right digest are right by others too.
  func confirm(_ matches: [BlockMatch]) async throws(SessionError) -> [Bool] {
    // A digest that was given up meanwhile has confirmed nothing.
    guard let method = digestMethod else { return matches.map { _ in false } }
    guard method.algorithm.isLinear else { return matches.map { _ in true } }
    let questions = matches.map(Self.questions)
    let asked = questions.map { $0.count <= Self.mostQuestions ? $0 : [] }
    var answers = try await deviceDigests(of: asked.flatMap(\.self))[...]
    var verdicts: [Bool] = []
    for (index, match) in matches.enumerated() {
      let theirs = answers.prefix(asked[index].count)
      answers = answers.dropFirst(asked[index].count)
      var isRight = asked[index].count == questions[index].count
      for (question, answer) in zip(asked[index], theirs) where isRight {
        let bytes = Array(match.bytes[question.moved(by: -match.range.lowerBound)])
        isRight = try await isConfirmed(HostDigest.hex(method.algorithm, of: bytes), answer, question)
      }
      verdicts.append(isRight)
    }
    return verdicts
  }

  /// The same second look at what a buffer has of others; what does not stand it is forgotten.
  func confirmMatched(_ buffer: inout ChunkBuffer, _ proof: DigestProof) async throws(SessionError) -> Bool {
    var isRight = true
    for block in proof.proven {
      let origins = buffer.matched.flatMap { match in
        match.ranges.intersection(RangeSet(block.range)).ranges.map { (range: $0, provenance: match.provenance) }
      }
      guard !origins.isEmpty else { continue }
      if try await confirm([BlockMatch(block.range, buffer[block.range], origins: origins)]) == [true] { continue }
      for origin in origins { buffer.forget(origin.range) }
      isRight = false
    }
    return isRight
  }

  /// One hit digit is no difference: only what the unit says twice counts.
  private func isConfirmed(_ ours: String, _ theirs: String?, _ part: Range<Int>) async throws(SessionError) -> Bool {
    guard let method = digestMethod else { return false }
    guard ours != theirs else { return true }
    let again = try await deviceDigest(of: part, method)
    if again == ours { return true }
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
  /// of each record that has one of its own.
  static func questions(of match: BlockMatch) -> [Range<Int>] {
    let (block, start) = (match.range, match.range.lowerBound)
    var small: [Provenance: [Range<Int>]] = [:]
    var pieces: [[Range<Int>]] = []
    for origin in match.origins {
      if origin.range.count >= pieceOfItsOwn {
        pieces.append([origin.range])
      } else {
        small[origin.provenance, default: []].append(origin.range)
      }
    }
    let cuts = (pieces + small.values).map { cut(of: block, within: $0) }
    let foreign = RangeSet(match.origins.map(\.range))
    let records = SelfCheckedRecords(in: match.bytes)
      .crcs(touching: { !foreign.intersection(RangeSet($0.moved(by: start))).isEmpty })
    return cuts + records.map { $0.moved(by: start) }
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
