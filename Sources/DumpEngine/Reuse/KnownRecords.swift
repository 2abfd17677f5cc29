import ConsoleDialect
import DeviceDigests
import Synchronization

/// The records of the blocks that were looked through last: units that have blocks in common ask the same of them.
final class KnownRecords: Sendable {
  static let shared = KnownRecords()

  /// How many blocks are remembered in each shelf, and of how many records each.
  private static let (most, mostRecords) = (256, 64)

  /// A block by all of its bytes: a CRC-32 is what these records are there to deceive.
  private struct Key: Hashable {
    var algorithm: DigestAlgorithm
    var sha256: String
  }

  /// Blocks that are looked up and looked through one at a time: who asks for the same as another waits for that one.
  private final class Shelf: Sendable {
    /// By block, nil for one with too many to remember; and the blocks, the oldest first.
    let known = Mutex<(records: [Key: SelfCheckedRecords?], order: [Key])>(([:], []))
  }

  private let shelves = (0..<16).map { _ in Shelf() }

  /// The records in a block.
  func records(in bytes: [UInt8], of algorithm: DigestAlgorithm) -> SelfCheckedRecords {
    let key = Key(algorithm: algorithm, sha256: HostDigest.hex(.sha256, of: bytes))
    let shelf = shelves[Int(UInt(bitPattern: key.hashValue) % UInt(shelves.count))]
    let remembered = shelf.known.withLock { known -> SelfCheckedRecords? in
      if let records = known.records[key] { return records }
      let records = SelfCheckedRecords(in: bytes, of: algorithm)
      known.records[key] = .some(records.ranges.count <= Self.mostRecords ? records : nil)
      known.order.append(key)
      if known.order.count > Self.most { known.records[known.order.removeFirst()] = nil }
      return records
    }
    return remembered ?? SelfCheckedRecords(in: bytes, of: algorithm)
  }
}
