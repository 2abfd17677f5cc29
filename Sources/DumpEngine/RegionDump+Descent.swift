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

  /// A range of a block and the unit's digest of it.
  private typealias Node = (range: Range<Int>, digest: String)

  /// Halves a block again and again, asks for the halves' digests, and takes those that are known, as long as that pays.
  ///
  /// - Parameter similar: blocks that may have much in common with it.
  func descend(into buffer: inout ChunkBuffer, _ similar: [SimilarBlock]) async throws(SessionError) {
    guard let digest = knownDigest(of: buffer.range) else { return }
    var open: [Node] = [(buffer.range, digest)]
    while true {
      let worthy = open.filter { isWorthHalving($0.range.count, similar) }
      guard !worthy.isEmpty else { return }
      open = []
      for (node, halves) in zip(worthy, try await halve(worthy)) {
        var known = 0
        for half in halves {
          if let match = try await self.known(half, buffer.range, similar) {
            for origin in match.origins {
              let bytes = Array(match.bytes[origin.range.moved(by: -half.range.lowerBound)])
              buffer.match(origin.range, with: bytes, origin.provenance)
            }
            known += 1
          } else {
            open.append(half)
          }
        }
        note(halved: node.range.count, known: known, similar)
      }
    }
  }

  /// The digests of all halves. Of two halves' CRCs one follows from the other and the whole's.
  private func halve(_ nodes: [Node]) async throws(SessionError) -> [[Node]] {
    guard let method = digestMethod else { return [] }
    let halves = nodes.map { node in
      let middle = node.range.lowerBound + (node.range.count + 31) / 32 * 16
      return (first: node.range.lowerBound..<middle, second: middle..<node.range.upperBound)
    }
    let firsts = try await deviceDigests(of: halves.map(\.first))
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
