import ConsoleDialect
import Foundation

extension Report {
  /// One unit, or a slot where none was found.
  public struct Unit: Codable, Sendable, Equatable {
    /// The slot's name.
    public var slot: String
    /// How far the unit came.
    public var standing: UnitStanding
    /// Where its console was.
    public var link: String
    /// The dialect's name.
    public var dialect: String
    /// What it is known by; the first fact names it.
    public var identity: [Fact]
    /// Folder of its files, below the batch folder.
    public var folder: String
    /// What was learned of its console; absent where it never came to a prompt.
    public var console: Console?
    /// When its session began.
    public var started: Date
    /// When it ended.
    public var ended: Date
    /// How long it took.
    public var seconds: Double
    /// What went over its wire.
    public var wire: Wire
    /// Why its session stopped early; absent where it went through.
    public var failure: Failure?
    /// Whether the user stopped it.
    public var interrupted: Bool
    /// How often a unit with the same facts came since and was skipped; absent where none did.
    public var skipped: Skipped?
    /// Its regions, in the manifest's order.
    public var regions: [Region]
  }

  /// Units with the facts of one that is known: skipped, and not compared with its images.
  public struct Skipped: Codable, Sendable, Equatable {
    /// How often one came.
    public var count: Int
    /// When the last one came.
    public var last: Date
  }

  /// A fact that a unit is known by.
  public struct Fact: Codable, Sendable, Equatable {
    /// What the fact is called.
    public var name: String
    /// As the console printed it.
    public var value: String
  }

  /// What a session learned of a console.
  public struct Console: Codable, Sendable, Equatable {
    /// The prompt as text.
    public var prompt: String
    /// The read method in use.
    public var method: String
    /// The target's byte order; absent where the method prints memory order.
    public var byteOrder: ByteOrder?
    /// Digests that the console computes rightly, strongest first.
    public var digests: [DigestAlgorithm]
    /// The longest command line in characters, as far as that was asked, else the table's.
    public var lineLimit: Int
    /// Line rate in baud.
    public var speed: Int
  }

  /// What went over a wire: characters received and sent, and counts of what went wrong.
  public struct Wire: Codable, Sendable, Equatable {
    /// Characters received.
    public var received: Int
    /// Characters sent.
    public var sent: Int
    /// Dump lines that were not whole.
    public var malformedLines: Int
    /// Dump lines whose hex and character columns disagree.
    public var gutterMismatches: Int
    /// Dump lines missing where the address jumped.
    public var addressGaps: Int
    /// Lines that belong to no dump.
    public var foreignLines: Int
    /// Digests that did not equal ours.
    public var digestMismatches: Int
    /// Second reads that did not equal the first.
    public var rereadMismatches: Int
    /// Times the console had to be brought back to its prompt.
    public var recoveries: Int
    /// Of these, times the unit had reset.
    public var resets: Int
  }

  /// Why a session stopped early.
  public struct Failure: Codable, Sendable, Equatable {
    /// A short word for programs.
    public var kind: String
    /// What was expected, what came, where, what to do.
    public var message: String
  }
}
