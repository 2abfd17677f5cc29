import ConsoleDialect
import DeviceDigests
import Synchronization

/// The digests of blocks in which every byte is the same, computed when they are first asked for.
///
/// One table serves all sessions: for each kind and length of a digest but CRC-32 it costs 256 blocks of hashing.
final class ConstantFills: Sendable {
  /// The one of the process.
  static let shared = ConstantFills()

  /// Bytes of a block above which only erased flash and zeros are looked for, where each fill costs a block of hashing.
  private static let longestHashed = 1 << 20

  private struct Kind: Hashable {
    var algorithm: DigestAlgorithm
    var length: Int
  }

  private typealias Fills = [String: UInt8]

  private let known = Mutex<[Kind: Fills]>([:])
  /// Held while a table is computed: who needs the same one waits for it instead of computing it as well.
  private let computing = Mutex<Void>(())

  /// The byte that fills a block, nil where none does, or where more than one would.
  func fill(of key: BlockKey) async throws(SessionError) -> UInt8? {
    let kind = Kind(algorithm: key.algorithm, length: key.length)
    if let fills = known.withLock({ $0[kind] }) { return fills[key.digest] }
    let fills = try await Disk.run { self.fills(kind) }
    return fills[key.digest]
  }

  private func fills(_ kind: Kind) -> Fills {
    computing.withLock { (_) -> Fills in
      if let fills = known.withLock({ $0[kind] }) { return fills }
      let fills = Self.compute(kind)
      known.withLock { $0[kind] = fills }
      return fills
    }
  }

  private static func compute(_ kind: Kind) -> Fills {
    let isCheap = kind.algorithm == .crc32 || kind.length <= longestHashed
    let bytes = isCheap ? Array(UInt8.min...UInt8.max) : [.min, .max]
    let digests = bytes.map { byte in
      let digest =
        kind.algorithm == .crc32
        ? CRC32.ofFill(byte, count: kind.length)
        : HostDigest.hex(kind.algorithm, of: [UInt8](repeating: byte, count: kind.length))
      return (digest, byte)
    }
    return Dictionary(grouping: digests) { $0.0 }.compactMapValues { $0.count == 1 ? $0[0].1 : nil }
  }
}
