import Foundation

/// What happens in a session. Terminal, log and report are consumers of the same stream.
public struct SessionEvent: Sendable {
  /// When.
  public var time: Date
  /// At which slot.
  public var slot: String
  /// What.
  public var kind: Kind

  /// The kinds of event.
  public enum Kind: Sendable {
    /// The link is being opened.
    case connecting(link: String)
    /// Trying to get to a prompt.
    case waking
    /// The unit is starting.
    case booting
    /// At the prompt.
    case prompt(String)
    /// The unit is known.
    case identified([IdentityFact])
    /// The console's ways are known.
    case learned(LearnedConsole)
    /// Console and link have changed to another line rate, in baud.
    case speed(Int)
    /// A region is begun.
    case regionStarted(name: String, size: Int)
    /// More of a region is held: bytes held of it, characters received since the session began.
    case progress(region: String, held: Int, size: Int, received: Int)
    /// A region that is held is being proved by a second read: bytes compared so far.
    case proving(region: String, done: Int, size: Int, received: Int)
    /// Something went wrong and is being mended.
    case trouble(String)
    /// The unit reset in the middle.
    case unitReset
    /// A region is complete or given up.
    case regionEnded(RegionResult)
    /// A unit with the same facts is known from before and done: nothing is read, and nothing compared.
    case skipped(UnitResult)
    /// The unit is known from before, and its digests still equal its images.
    case verifiedAgain(UnitResult)
    /// The session has ended.
    case ended(UnitResult)
    /// No adapter for the slot: why, and what to do.
    case noAdapter(String)
    /// The link is open, and nobody answers on it.
    case noUnit
    /// The unit is done with and still there.
    case awaitingDeparture
    /// The unit has left the slot, or another is in its place.
    case unitLeft
  }

  /// An event at a slot.
  public init(time: Date, slot: String, kind: Kind) {
    self.time = time
    self.slot = slot
    self.kind = kind
  }
}
