import ConsoleDialect
import DeviceDigests
import Synchronization

/// The records of the blocks that were looked through last: units that have blocks in common ask the same of them.
final class KnownRecords: Sendable {
  static let shared = KnownRecords()

  /// How many blocks are remembered, and of how many records each.
  private static let (most, mostRecords) = (256, 256)

  /// A block by all of its bytes: a CRC-32 is what these records are there to deceive.
  private struct Key: Hashable {
    var algorithm: DigestAlgorithm
    var sha256: String
  }

  private let known = Mutex<(records: [Key: SelfCheckedRecords], order: [Key])>(([:], []))

  /// The records in a block.
  func records(in bytes: [UInt8], of algorithm: DigestAlgorithm) -> SelfCheckedRecords {
    let key = Key(algorithm: algorithm, sha256: HostDigest.hex(.sha256, of: bytes))
    if let records = known.withLock({ $0.records[key] }) { return records }
    let records = SelfCheckedRecords(in: bytes, of: algorithm)
    guard records.ranges.count <= Self.mostRecords else { return records }
    known.withLock { known in
      guard known.records.updateValue(records, forKey: key) == nil else { return }
      known.order.append(key)
      if known.order.count > Self.most { known.records[known.order.removeFirst()] = nil }
    }
    return records
  }
}
