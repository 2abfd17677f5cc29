import ConsoleDialect
import DeviceDigests
import DumpManifest

/// Bytes that a block may have much in common with.
struct SimilarBlock {
  /// As many bytes as the block has.
  var bytes: [UInt8]
  /// Whose they are, by the place in the region.
  var origins: [(range: Range<Int>, provenance: Provenance)]
}

/// Finding what is known within a block that is not known as a whole.
extension RegionDump {
  /// The shortest range whose digest is asked for, in bytes: that costs as much as reading it.
  private static let shortestHalf = 64
  /// Without anything similar only constant fills are looked for; these are made of whole sectors.
  private static let shortestFill = 4096
  /// What the command for a digest, its echo and the reply have besides the digest, in characters.
  private static let questionCharacters = 62

  /// The most halvings that are asked for in one line.
  private static let mostLevels = 4

  /// A range of a block and the unit's digest of it.
  private typealias Node = (range: Range<Int>, digest: String)

  /// Halves a block again and again, asks for the halves' digests, and takes those that are known, as long as that pays.
  ///
  /// - Parameter similar: blocks that may have much in common with it.
  func descend(into buffer: inout ChunkBuffer, _ similar: [SimilarBlock]) async throws(SessionError) {
    guard let digest = knownDigest(of: buffer.range) else { return }
    var open: [Node] = [(buffer.range, digest)]
    var ahead: [Range<Int>: String] = [:]
    while true {
      let worthy = open.filter { isWorthHalving($0.range.count, similar) }
      guard !worthy.isEmpty else { return }
      open = []
      try await lookAhead(of: worthy, similar, &ahead)
      for (node, halves) in zip(worthy, try await halve(worthy, ahead)) {
        var known = 0
        for half in halves {
          if let match = try await self.known(half, buffer.range, similar) {
            buffer.match(half.range, with: match)
            known += 1
          } else {
            open.append(half)
          }
        }
        note(halved: node.range.count, known: known, similar)
      }
    }
  }

  /// Asks for the digests of parts of ranges in one line, where the turns that this spares cost more than the questions
  /// that turn out to be in vain. Of CRCs, those of all that the parts make up follow from theirs.
  private func lookAhead(
    of nodes: [Node], _ similar: [SimilarBlock], _ known: inout [Range<Int>: String]
  ) async throws(SessionError) {
    guard digestMethod?.algorithm == .crc32 else { return }
    let new = nodes.filter { known[$0.range.halves.first] == nil }
    guard let largest = new.map(\.range.count).max() else { return }
    let levels = levelsAhead(of: largest, times: new.count, similar)
    guard levels > 1 else { return }
    let parts = new.map { $0.range.parts(levels: levels) }
    var answers = try await deviceDigests(of: parts.flatMap { $0.dropLast() })[...]
    for (node, parts) in zip(new, parts) {
      let own = answers.prefix(parts.count - 1).compactMap(\.self)
      answers = answers.dropFirst(parts.count - 1)
      guard own.count == parts.count - 1 else { continue }
      known.merge(CRC32.tree(over: parts, own, whole: node)) { $1 }
    }
  }

  /// How many halvings are best asked for in one line. For each one more the questions are twice as many.
  private func levelsAhead(of size: Int, times: Int, _ similar: [SimilarBlock]) -> Int {
    let question = Double(Self.questionCharacters + DigestAlgorithm.crc32.digits)
    let turn = bench.console.roundTrip * bench.charactersPerSecond / Double(times)
    func cost(_ levels: Int) -> Double { (turn + Double((1 << levels) - 1) * question) / Double(levels) }
    let worthy = (1...Self.mostLevels).prefix { isWorthHalving(size >> ($0 - 1), similar) }
    return worthy.min { cost($0) < cost($1) } ?? 1
  }

  /// The digests of all halves. Of two halves' CRCs one follows from the other and the whole's.
  private func halve(_ nodes: [Node], _ known: [Range<Int>: String]) async throws(SessionError) -> [[Node]] {
    guard let method = digestMethod else { return [] }
    let halves = nodes.map(\.range.halves)
    let asked = try await deviceDigests(of: halves.map(\.first).filter { known[$0] == nil })
    var rest = asked[...]
    let firsts = halves.map { half in known[half.first] ?? rest.popFirst() ?? nil }
    let seconds =
      method.algorithm == .crc32
      ? zip(zip(nodes, firsts), halves).map { known, half in
        known.1.flatMap { CRC32.tail(of: known.0.digest, behind: $0, length: half.second.count) }
      } : try await deviceDigests(of: halves.map(\.second))
    return nodes.indices.map { index in
      [(halves[index].first, firsts[index]), (halves[index].second, seconds[index])].compactMap { range, digest in
        digest.map { (range, $0) }
      }
    }
  }

  /// What a range holds, where that is known.
  private func known(
    _ node: Node, _ block: Range<Int>, _ similar: [SimilarBlock]
  ) async throws(SessionError) -> SimilarBlock? {
    guard let method = digestMethod else { return nil }
    let key = method.key(node.range, node.digest)
    if node.range.count >= SecondLook.shortestFill, let fill = try await ConstantFills.shared.fill(of: key) {
      return SimilarBlock(
        bytes: [UInt8](repeating: fill, count: node.range.count), origins: [(node.range, .constant)])
    }
    return similar.lazy.map { candidate in
      SimilarBlock(
        bytes: Array(candidate.bytes[node.range.moved(by: -block.lowerBound)]),
        origins: candidate.origins.filter { $0.range.overlaps(node.range) }
          .map { ($0.range.clamped(to: node.range), $0.provenance) })
    }.first { key.isOf($0.bytes) }
  }

  // MARK: What it costs

  /// Whether what a halving may save of the line is more than it costs.
  func isWorthHalving(_ size: Int, _ similar: [SimilarBlock]) -> Bool {
    guard let method = digestMethod, size >= 2 * (similar.isEmpty ? Self.shortestFill : Self.shortestHalf) else {
      return false
    }
    let half = Double(size / 2)
    let gains = similar.isEmpty ? bench.gains.fills : bench.gains.similar
    let characters = bench.charactersPerSecond
    let asked = method.algorithm == .crc32 ? 1.0 : 2.0
    let cost =
      asked
      * (Double(Self.questionCharacters + method.algorithm.digits) + (bench.console.digestPace ?? 0) * half * characters)
      + bench.console.roundTrip * characters
    return gains.expected(of: size) * half * bench.secondsPerByte * characters > cost
  }

  private func note(halved size: Int, known: Int, _ similar: [SimilarBlock]) {
    if similar.isEmpty {
      bench.gains.fills.note(size, known: known)
    } else {
      bench.gains.similar.note(size, known: known)
    }
  }
}

extension Range<Int> {
  /// Both halves; the first one ends at a multiple of 16 from its start.
  fileprivate var halves: (first: Self, second: Self) {
    let middle = lowerBound + (count + 31) / 32 * 16
    return (lowerBound..<middle, middle..<upperBound)
  }

  /// What so many halvings make of it, in order.
  fileprivate func parts(levels: Int) -> [Self] {
    (0..<levels).reduce([self]) { parts, _ in parts.flatMap { [$0.halves.first, $0.halves.second] } }
  }
}

extension CRC32 {
  /// The CRCs of what parts make up that came of one range by halving, from those of all but the last and the whole's.
  fileprivate static func tree(
    over parts: [Range<Int>], _ digests: [String], whole: (range: Range<Int>, digest: String)
  ) -> [Range<Int>: String] {
    var level: [(range: Range<Int>, digest: String)] = []
    var rest = whole
    for (part, digest) in zip(parts, digests) {
      level.append((part, digest))
      let behind = part.upperBound..<rest.range.upperBound
      guard let tail = tail(of: rest.digest, behind: digest, length: behind.count) else { return [:] }
      rest = (behind, tail)
    }
    level.append(rest)
    var known: [Range<Int>: String] = [:]
    while level.count > 1 {
      for node in level { known[node.range] = node.digest }
      level = stride(from: 0, to: level.count, by: 2).compactMap { index in
        let (first, second) = (level[index], level[index + 1])
        return joined(first.digest, second.digest, length: second.range.count)
          .map { (first.range.lowerBound..<second.range.upperBound, $0) }
      }
      guard level.count.nonzeroBitCount == 1 else { return [:] }
    }
    return known
  }
}
