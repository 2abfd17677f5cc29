import ConsoleDialect

/// Why a block is believed.
public enum Evidence: Sendable, Hashable {
  /// The unit's own digest over a range that contains the block equals ours.
  case deviceDigest(DigestAlgorithm)
  /// Two reads gave the same bytes.
  case reread
  /// The image's own footer is right.
  case imageFooter
  /// Nothing but the checks on each line.
  case none
}

/// Where a block's bytes came from.
public enum Provenance: Sendable, Hashable {
  /// This unit's wire, in this session.
  case wire
  /// This unit's wire, in a session before this one.
  case earlier
  /// Nowhere: all are the same, by the unit's digest.
  case constant
  /// The reference image, by the unit's digest.
  case reference
  /// Another unit of the batch, or this one at another place, by the unit's digest; the folder of the one that read it.
  case sibling(String)
}

/// One word, and for a sibling its folder behind a colon.
extension Provenance: RawRepresentable, Codable {
  private static let sibling = "sibling:"

  /// Reads the word.
  public init?(rawValue: String) {
    switch rawValue {
    case "wire": self = .wire
    case "earlier": self = .earlier
    case "constant": self = .constant
    case "reference": self = .reference
    default:
      guard rawValue.hasPrefix(Self.sibling) else { return nil }
      self = .sibling(String(rawValue.dropFirst(Self.sibling.count)))
    }
  }

  /// The word.
  public var rawValue: String {
    switch self {
    case .wire: "wire"
    case .earlier: "earlier"
    case .constant: "constant"
    case .reference: "reference"
    case .sibling(let folder): Self.sibling + folder
    }
  }

  /// Whether it was not read from this unit.
  public var isElsewhere: Bool { self != .wire && self != .earlier }

  /// What a later session says of it.
  var later: Provenance { self == .wire ? .earlier : self }
}

/// A range of a region whose bytes have the same evidence and provenance. Offsets are bytes from the region's start.
public struct BlockRange: Sendable, Hashable, Codable {
  /// First byte, and first byte behind.
  public var range: Range<Int>
  /// Why it is believed.
  public var evidence: Evidence
  /// Where it came from.
  public var provenance: Provenance

  /// A range with its evidence and provenance.
  public init(range: Range<Int>, evidence: Evidence, provenance: Provenance) {
    self.range = range
    self.evidence = evidence
    self.provenance = provenance
  }
}

/// Why bytes could not be had, or why nothing proves them.
public enum FaultCause: String, Sendable, Hashable, Codable, CaseIterable {
  /// The two columns of its lines disagree: characters are hit on their way.
  case noise
  /// The addresses of its lines jump, or lines are not whole: characters get lost.
  case lostCharacters = "lost-characters"
  /// Something else prints in between.
  case foreignOutput = "foreign-output"
  /// Reads differ although no line was hit: the memory itself changes.
  case unstable
  /// The reads agree with each other and not with the unit's digest.
  case wrongDigest = "wrong-digest"
  /// The console printed nothing for it, or was lost each time.
  case silence

  /// What a person can do about it.
  var remedy: String {
    switch self {
    case .noise, .lostCharacters: "check cable, ground and line rate"
    case .foreignOutput: "stop what prints on the console meanwhile"
    case .unstable: "the memory changes while it is read, or the flash is dying: see what else uses it"
    case .wrongDigest: "the unit's digest is not that of what is read: ask for `verify: reread`"
    case .silence: "see whether there is memory at that place"
    }
  }
}

/// A range of a region in which something is wrong, and what.
public struct BlockFault: Sendable, Hashable, Codable {
  /// First byte, and first byte behind; bytes from the region's start.
  public var range: Range<Int>
  /// What is wrong.
  public var cause: FaultCause

  /// A range and what is wrong there.
  public init(range: Range<Int>, cause: FaultCause) {
    self.range = range
    self.cause = cause
  }
}

/// One word: the digest's name, `reread`, `image-footer` or `none`.
extension Evidence: Codable {
  private enum Word {
    static let reread = "reread"
    static let imageFooter = "image-footer"
    static let none = "none"
  }

  /// Reads the word.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    switch try container.decode(String.self) {
    case Word.reread: self = .reread
    case Word.imageFooter: self = .imageFooter
    case Word.none: self = .none
    case let word:
      guard let algorithm = DigestAlgorithm(rawValue: word) else {
        throw DecodingError.dataCorruptedError(in: container, debugDescription: "found no kind of evidence")
      }
      self = .deviceDigest(algorithm)
    }
  }

  /// Writes the word.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .deviceDigest(let algorithm): try container.encode(algorithm.rawValue)
    case .reread: try container.encode(Word.reread)
    case .imageFooter: try container.encode(Word.imageFooter)
    case .none: try container.encode(Word.none)
    }
  }
}
