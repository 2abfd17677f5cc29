import ConsoleDialect
import DumpEngine

extension Report {
  /// One region of a unit.
  public struct Region: Codable, Sendable, Equatable {
    /// The region's name.
    public var name: String
    /// File name of the image; while it is incomplete, the file on the disk bears `.partial` behind it.
    public var file: String
    /// Address in the unit, or offset in its flash where staged.
    public var address: HexNumber
    /// Wanted size.
    public var size: Int
    /// Bytes that are held.
    public var held: Int
    /// Whether every byte is held.
    public var complete: Bool
    /// Whether every byte is held with evidence and every check has passed.
    public var verified: Bool
    /// Digest of the complete image.
    public var sha256: String?
    /// CRC-32 of the complete image, 8 hex digits.
    public var crc32: String?
    /// The unit's own digest over the whole region, where it was asked.
    public var deviceDigest: Digest?
    /// What is held, in order; neighbours with equal evidence and provenance are one.
    public var blocks: [Block]
    /// The same summed up by where it came from and why it is believed, in the order in which that first occurs.
    public var sources: [Source]
    /// What is not held, in order.
    public var missing: [Extent]
    /// What was given up after all retries.
    public var bad: [Extent]
    /// What is wrong where bytes were given up or are disputed; absent where nothing is.
    public var faults: [Fault]?
    /// The outcome of each check.
    public var checks: [Check]
    /// How long it took.
    public var seconds: Double
    /// Bytes of payload that were read again.
    public var rereadBytes: Int
  }

  /// A digest that the unit computed.
  public struct Digest: Codable, Sendable, Equatable {
    /// What kind.
    public var algorithm: DigestAlgorithm
    /// Lower-case hex.
    public var value: String
  }

  /// A range of a region.
  public struct Extent: Codable, Sendable, Equatable {
    /// Offset of the first byte from the region's start.
    public var start: HexNumber
    /// Offset of the first byte behind.
    public var end: HexNumber
  }

  /// A range in which something is wrong.
  public struct Fault: Codable, Sendable, Equatable {
    /// Offset of the first byte from the region's start.
    public var start: HexNumber
    /// Offset of the first byte behind.
    public var end: HexNumber
    /// What is wrong.
    public var cause: FaultCause
  }

  /// A range whose bytes have the same evidence and provenance.
  public struct Block: Codable, Sendable, Equatable {
    /// Offset of the first byte from the region's start.
    public var start: HexNumber
    /// Offset of the first byte behind.
    public var end: HexNumber
    /// Why it is believed.
    public var evidence: EvidenceWord
    /// Which digest, where the evidence is one of the unit's.
    public var algorithm: DigestAlgorithm?
    /// Where it came from.
    public var provenance: ProvenanceWord
    /// Folder of the unit from whose image it is, where that is another.
    public var sibling: String?
  }

  /// Bytes of a region that came from one place and are believed for one reason.
  public struct Source: Codable, Sendable, Equatable {
    /// Where they came from.
    public var provenance: ProvenanceWord
    /// Folder of the unit from whose image they are, where the provenance is `sibling`.
    public var sibling: String?
    /// Why they are believed.
    public var evidence: EvidenceWord
    /// Which digest, where the evidence is one of the unit's.
    public var algorithm: DigestAlgorithm?
    /// How many there are.
    public var bytes: Int
  }

  /// Why bytes are believed.
  public enum EvidenceWord: String, Codable, Sendable, CaseIterable {
    /// The unit's own digest equals ours.
    case deviceDigest = "device-digest"
    /// Two reads were equal.
    case reread
    /// The image's own footer is right.
    case imageFooter = "image-footer"
    /// Nothing but the checks on each line.
    case none
  }

  /// Where bytes came from.
  public enum ProvenanceWord: String, Codable, Sendable, CaseIterable {
    /// This unit's wire, in the session that completed or last tried the region.
    case wire
    /// This unit's wire, in a session before that.
    case earlier
    /// Nowhere: all bytes are the same, by the unit's digest.
    case constant
    /// The reference image, by the unit's digest.
    case reference
    /// Another unit of the batch, or this one at another place, by the unit's digest.
    case sibling
  }

  /// The outcome of a check.
  public struct Check: Codable, Sendable, Equatable {
    /// A kind that manifests know, or `file`: the file on the disk is not what the session wrote.
    public var kind: String
    /// Whether the image passed.
    public var passed: Bool
    /// What was found, or what is wrong, and where.
    public var message: String
  }
}
