import ConsoleDialect
import Foundation

/// What a session leaves when it ends, well or not.
public struct UnitResult: Sendable, Codable {
  /// The slot's name.
  public var slot: String
  /// Where its console was, as a person reads it.
  public var link: String
  /// The dialect's name.
  public var dialect: String
  /// The facts read from the console, in the manifest's order; the first names the unit.
  public var identity: [IdentityFact]
  /// Folder of the unit's files below the batch folder, one path component.
  public var folder: String
  /// What the session learned of the console; absent where it never came to a prompt.
  public var console: LearnedConsole?
  /// One for each region of the plan, in its order, also those never begun.
  public var regions: [RegionResult]
  /// When the session began.
  public var started: Date
  /// When it ended.
  public var ended: Date
  /// Characters received and sent, and what went wrong on the way.
  public var wire: WireCounters
  /// Why the session stopped early; absent where it went through.
  public var failure: Failure?
  /// Whether it was stopped by the user.
  public var interrupted: Bool
  /// How often it was skipped since; absent where it never was.
  public var skipped: SkippedArrivals?

  /// A failure as a person reads it.
  public struct Failure: Sendable, Hashable, Codable {
    /// A short word for programs, such as `no-prompt`, `link-lost`, `other-unit`.
    public var kind: String
    /// What was expected, what came, where, what to do.
    public var message: String

    /// A failure of a kind with its message.
    public init(kind: String, message: String) {
      self.kind = kind
      self.message = message
    }
  }

  /// Every region complete, with full evidence and every check passed.
  public var isVerified: Bool {
    failure == nil && !interrupted && !regions.isEmpty && regions.allSatisfy(\.isVerified)
  }
}

/// Times that a unit with the same facts came and was skipped. Nothing of it was read: it may have been another one.
public struct SkippedArrivals: Sendable, Hashable, Codable {
  /// How often.
  public var count: Int
  /// When last.
  public var last: Date

  /// So many arrivals, the last of them then.
  public init(count: Int, last: Date) {
    self.count = count
    self.last = last
  }
}

/// A fact that a unit is known by.
public struct IdentityFact: Sendable, Hashable, Codable {
  /// What the fact is called: `mac`, `serial`.
  public var name: String
  /// As the console printed it, escape sequences and control characters removed.
  public var value: String

  /// A fact by name and value.
  public init(name: String, value: String) {
    self.name = name
    self.value = value
  }
}

/// What a session learned of a console before it read.
public struct LearnedConsole: Sendable, Hashable, Codable {
  /// The prompt, byte for byte, as text.
  public var prompt: String
  /// The read method in use, such as `md.l`.
  public var method: String
  /// The target's byte order; absent where the method prints memory order.
  public var byteOrder: ByteOrder?
  /// Digests that the console computes rightly, strongest first.
  public var digests: [DigestAlgorithm]
  /// The longest command line in characters, as far as that was asked, else the table's.
  public var lineLimit: Int
  /// Line rate in baud.
  public var speed: Int

  /// What was learned.
  public init(
    prompt: String, method: String, byteOrder: ByteOrder?, digests: [DigestAlgorithm], lineLimit: Int, speed: Int
  ) {
    self.prompt = prompt
    self.method = method
    self.byteOrder = byteOrder
    self.digests = digests
    self.lineLimit = lineLimit
    self.speed = speed
  }
}

/// What became of one region.
public struct RegionResult: Sendable, Codable {
  /// The plan's name of it.
  public var name: String
  /// File name of the complete image, without the folder; the file on disk bears `.partial` while incomplete.
  public var file: String
  /// Address in the unit, or offset in its flash where staged.
  public var address: UInt64
  /// Whether the file on disk still bears `.partial`: bytes are missing, or what is held is not proved yet.
  public var isPartial = false
  /// Wanted size in bytes.
  public var size: Int
  /// What is held, in order, without overlaps; what no range covers is missing.
  public var blocks: [BlockRange]
  /// Ranges given up after all retries.
  public var bad: [Range<Int>]
  /// What is wrong where bytes were given up or are disputed, in order.
  public var faults: [BlockFault]
  /// Digests of the complete image, in lower-case hex; absent while incomplete.
  public var sha256: String?
  /// CRC-32 of the complete image; absent while incomplete.
  public var crc32: UInt32?
  /// The unit's digest over the whole region, where it was asked: algorithm and lower-case hex.
  public var deviceDigest: DeviceDigest?
  /// The outcome of each check of the manifest, in its order; empty while incomplete.
  public var checks: [CheckResult]
  /// Seconds spent on this region.
  public var seconds: Double
  /// Bytes of payload that had to be read again.
  public var rereadBytes: Int
  /// Lines of its dumps that did not stand their own checks, in all sessions.
  public var lineFaults: Int

  /// A region of which nothing is known yet.
  public init(name: String, file: String, address: UInt64, size: Int) {
    self.name = name
    self.file = file
    self.address = address
    self.size = size
    blocks = []
    bad = []
    faults = []
    checks = []
    seconds = 0
    rereadBytes = 0
    lineFaults = 0
  }

  /// Bytes that are held.
  public var held: Int { blocks.reduce(0) { $0 + $1.range.count } }

  /// Bytes that are held and were not read from this unit.
  public var reused: Int { blocks.filter(\.provenance.isElsewhere).reduce(0) { $0 + $1.range.count } }

  /// Whether every byte is held and the image bears its name.
  public var isComplete: Bool { !isPartial && blocks.reduce(0) { $0 + $1.range.count } == size }

  /// Whether every byte is held with evidence and every check has passed.
  public var isVerified: Bool {
    isComplete && !blocks.contains { $0.evidence == .none } && checks.allSatisfy(\.passed)
  }
}

/// A digest that the unit computed.
public struct DeviceDigest: Sendable, Hashable, Codable {
  /// What kind.
  public var algorithm: DigestAlgorithm
  /// Lower-case hex.
  public var value: String

  /// A digest by kind and value.
  public init(algorithm: DigestAlgorithm, value: String) {
    self.algorithm = algorithm
    self.value = value
  }
}

/// The outcome of one check of an image.
public struct CheckResult: Sendable, Hashable, Codable {
  /// `gzip`, `romfs`.
  public var kind: String
  /// Whether the image passed.
  public var passed: Bool
  /// One line: what was found and where, or what is wrong and where.
  public var message: String

  /// An outcome with its line.
  public init(kind: String, passed: Bool, message: String) {
    self.kind = kind
    self.passed = passed
    self.message = message
  }
}

/// What went over a unit's wire, and what went wrong there.
public struct WireCounters: Sendable, Hashable, Codable {
  /// Characters received.
  public var received = 0
  /// Characters sent.
  public var sent = 0
  /// Dump lines that were not whole (lost or foreign characters).
  public var malformedLines = 0
  /// Dump lines whose hex and character columns disagree.
  public var gutterMismatches = 0
  /// Dump lines missing where the address jumped.
  public var addressGaps = 0
  /// Lines that belong to no dump.
  public var foreignLines = 0
  /// Digests that did not equal ours.
  public var digestMismatches = 0
  /// Second reads that did not equal the first.
  public var rereadMismatches = 0
  /// Times the console had to be brought back to its prompt.
  public var recoveries = 0
  /// Of these, times the unit had reset.
  public var resets = 0

  /// All zero.
  public init() {}

  /// Adds what another session has counted.
  mutating func add(_ other: WireCounters) {
    received += other.received
    sent += other.sent
    malformedLines += other.malformedLines
    gutterMismatches += other.gutterMismatches
    addressGaps += other.addressGaps
    foreignLines += other.foreignLines
    digestMismatches += other.digestMismatches
    rereadMismatches += other.rereadMismatches
    recoveries += other.recoveries
    resets += other.resets
  }

  /// What was counted after `before`.
  func since(_ before: WireCounters) -> WireCounters {
    var counters = self
    counters.received -= before.received
    counters.sent -= before.sent
    counters.malformedLines -= before.malformedLines
    counters.gutterMismatches -= before.gutterMismatches
    counters.addressGaps -= before.addressGaps
    counters.foreignLines -= before.foreignLines
    counters.digestMismatches -= before.digestMismatches
    counters.rereadMismatches -= before.rereadMismatches
    counters.recoveries -= before.recoveries
    counters.resets -= before.resets
    return counters
  }

  /// Dump lines that did not stand their own checks.
  var lineFaults: Int { malformedLines + gutterMismatches + addressGaps + foreignLines }
}
