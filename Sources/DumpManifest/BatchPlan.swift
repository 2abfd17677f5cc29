import ConsoleDialect

/// A whole manifest with all defaults and overrides applied: what will be done, slot by slot. Nothing in it is
/// left to be checked.
public struct BatchPlan: Sendable, Equatable {
  /// The manifest's name; also the first part of the batch folder's.
  public var name: String
  /// Slots in the manifest's order.
  public var slots: [SlotPlan]
  /// How many slots may run at once; absent: all.
  public var maxParallel: Int?
  /// Whether the other slots go on when one has failed.
  public var onFailure: OnFailure
  /// Folder in which the batch folder is made, as the manifest names it; absent: the default.
  public var outputFolder: String?

  /// What a failed slot means for the others.
  public enum OnFailure: String, Sendable, Codable, CaseIterable {
    /// Nothing: the others go on.
    case `continue`
    /// The batch stops.
    case stop
  }
}

/// What will be done at one slot.
public struct SlotPlan: Sendable, Equatable {
  /// A named place on the bench.
  public var name: String
  /// Where its console is.
  public var endpoint: Endpoint
  /// How to talk to it.
  public var console: ConsolePlan
  /// What is read from the console to know the unit by; the first is the unit's name.
  public var identity: [IdentityRule]
  /// Commands to run once at the prompt, before any region.
  public var setup: [String]
  /// What to dump, in order.
  public var regions: [RegionPlan]
  /// How careful to be.
  public var policy: DumpPolicy
  /// How the unit is brought into its boot loader; absent: by typing alone.
  public var reset: ResetPlan?
  /// What is run when something happens to a unit.
  public var hooks = HookPlan()
}

/// Where a slot's console is, as the manifest says it.
public enum Endpoint: Sendable, Hashable {
  /// A tty's device node.
  case tty(path: String)
  /// A raw TCP connection.
  case tcp(host: String, port: Int)
  /// A stream socket in the file system.
  case unix(path: String)
  /// The adapter that matches these rules.
  case adapter(AdapterMatch)

  /// Whether rules say which adapter it is.
  public var isAdapter: Bool {
    if case .adapter = self { true } else { false }
  }
}

/// Rules that an adapter must match, all of them; property name to wanted value, in which `*` stands for any characters
/// and `?` for any one.
public struct AdapterMatch: Sendable, Hashable {
  /// Rules by the manifest's key: `path`, `serial`, `vendor`, `product`, `driver`, `interface`, `port`, `link`, `hub`,
  /// `hubPort`, a udev property in capitals, or `parent.` and a property of a device above the adapter.
  public var rules: [String: String]

  /// Rules by key.
  public init(rules: [String: String]) { self.rules = rules }
}

/// How to talk to a slot's console.
public struct ConsolePlan: Sendable, Equatable {
  /// The dialect, with the manifest's own autoboot answers put before the table's.
  public var dialect: Dialect
  /// The manifest's own autoboot answers alone: what this line's units are known to ask for.
  public var autoboot: [Answer] = []
  /// Line rate in baud.
  public var speed: Int
  /// Framing of characters.
  public var format: LineFormat
  /// Questions to answer on the way to the prompt (`login:`, `Password:`), in order.
  public var login: [Answer]
  /// The read method to use by name; absent: the cheapest that the console has.
  public var method: String?
  /// The target's byte order; absent: learned.
  public var byteOrder: ByteOrder?
  /// Bytes asked for in one command where the method takes a length.
  public var readLength: Int
  /// How long to wait for a prompt, in seconds, power-on included.
  public var wakeTimeout: Double
  /// How long the console may be silent in the middle of a reply, in seconds.
  public var replyTimeout: Double
}

/// One fact that identifies a unit.
public struct IdentityRule: Sendable, Equatable {
  /// What the fact is called: `mac`, `serial`.
  public var name: String
  /// What to send; absent: the fact is in what the console printed while starting.
  public var command: String?
  /// Matches the reply; its first group, or else the whole match, is the fact.
  public var pattern: Pattern
  /// Whether a unit without it is refused.
  public var required: Bool
}

/// A named range of a unit's memory that becomes one image file.
public struct RegionPlan: Sendable, Equatable {
  /// What the region is called.
  public var name: String
  /// File name of the image, without any folder.
  public var file: String
  /// How its bytes come within reach of the console.
  public var source: Source
  /// Size in bytes.
  public var size: Int
  /// What the finished image must pass.
  public var checks: [ImageCheckRule]
  /// Path of an image that is thought to hold much of the same at the same places; absent: the policy's.
  public var reference: String?
  /// Which of its bytes need not be read; absent: the policy's.
  public var reuse: DumpPolicy.Reuse?

  /// How a region's bytes come within reach of the console.
  public enum Source: Sendable, Equatable {
    /// They are in the address space, from this address.
    case mapped(address: UInt64)
    /// They are copied into RAM piece by piece.
    case staged(Staging)
  }
}

/// How flash that is not in the address space is copied into RAM.
public struct Staging: Sendable, Equatable {
  /// Placeholders: `ram`, `offset`, `size`, and `block`, `blocks` where ``blockSize`` is given.
  public var command: CommandTemplate
  /// RAM address that each piece is copied to.
  public var ram: UInt64
  /// The region's place in the flash, in bytes.
  public var offset: UInt64
  /// Bytes copied at once.
  public var piece: Int
  /// What a line of the reply must match, or an empty line behind it; absent: what the dialect knows of copies. In no case
  /// may a failure rule match it.
  public var expect: Pattern?
  /// Unit of the placeholders `block` and `blocks`, in bytes.
  public var blockSize: Int?
}

/// A check that a finished image must pass.
public struct ImageCheckRule: Sendable, Equatable {
  /// The kinds of check known.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// A whole gzip stream, unpacked to its end, its own CRC right.
    case gzip
    /// A romfs: magic, size, header checksum, list of files.
    case romfs
  }
  /// Which check.
  public var kind: Kind
  /// Where in the image, in bytes; absent: found by its magic.
  public var offset: Int?
}

/// Where the images of before are.
public enum ReferenceSource: Sendable, Equatable {
  /// In the unit's last dump, in a folder beside the batch's own.
  case previous
  /// In this folder of a batch.
  case batch(folder: String)
}

/// How careful to be with a slot.
public struct DumpPolicy: Sendable, Equatable {
  /// What it takes to believe a block.
  public enum Verify: String, Sendable, Codable, CaseIterable {
    /// The unit's own digest; else the image's footer; else a second read.
    case auto
    /// The unit's own digest, and nothing else.
    case digest
    /// A second read, equal to the first.
    case reread
    /// Nothing. The report then calls nothing verified.
    case none
  }
  /// Which bytes need not be read.
  public enum Reuse: String, Sendable, Codable, CaseIterable {
    /// Every byte comes from this unit's wire.
    case never
    /// Constant fills are not read.
    case constant
    /// Nor what a reference image holds.
    case reference
    /// Nor what a unit of the same batch has sent.
    case batch
  }
  /// What it takes to believe a block.
  public var verify: Verify
  /// How often a block may fail before it is marked bad.
  public var retries: Int
  /// Which bytes need not be read.
  public var reuse: Reuse
  /// Where images of before are that may hold much of the same; absent: nowhere.
  public var reference: ReferenceSource?
  /// Whether the line rate is raised.
  public var speedUp: SpeedUp
  /// What is done with a unit that was dumped in this batch already and is back.
  public var again = Again.skip
  /// What a slot does whose adapter is not there when a batch starts.
  public var noAdapter = NoAdapter.fail
  /// Most bytes that one session's transcript may take on the disk; 0: no transcript is kept.
  public var transcript = DumpPolicy.defaultTranscript
  /// What a transcript may take where the manifest does not say, in bytes: ten times what a 16 MiB dump comes to.
  public static let defaultTranscript = 1 << 30

  /// What can be done with a unit that is back.
  public enum Again: String, Sendable, Codable, CaseIterable {
    /// Nothing.
    case skip
    /// Its digests are compared with the images that are there.
    case verify
    /// It is dumped once more, beside the first time.
    case dump
  }

  /// What can be done without an adapter.
  public enum NoAdapter: String, Sendable, Codable, CaseIterable {
    /// The slot fails.
    case fail
    /// The slot waits until one is plugged in.
    case wait
  }
}
