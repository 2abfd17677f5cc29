import DurableFiles
import SerialLink

/// Why a session, or one step of it, cannot go on.
public struct SessionError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kinds of failure; the raw value is the word that reports use.
  public enum Kind: String, Sendable, CaseIterable {
    /// The user stopped the run.
    case interrupted
    /// The link could not be opened.
    case link
    /// The link broke.
    case linkLost = "link-lost"
    /// The console never came to a prompt.
    case noPrompt = "no-prompt"
    /// What the console prints is unreadable: the line has another rate, or a clock is off.
    case wrongSpeed = "wrong-speed"
    /// A change of the line rate has failed, and the console waits at another until a person resets the unit.
    case stranded
    /// What the console prints has become unreadable.
    case garbled
    /// The console fell silent in the middle of a reply.
    case silent
    /// The unit reset in the middle of a reply.
    case reset
    /// The console did not echo what was typed, so nothing was run.
    case echo
    /// The console prints without end.
    case flood
    /// The console refused a command.
    case refused
    /// A required fact about the unit was not found.
    case identity
    /// Another unit answers than before.
    case otherUnit = "other-unit"
    /// The policy asks for a digest that this console cannot compute.
    case noDigest = "no-digest"
    /// No read method of the dialect works on this console.
    case noReadMethod = "no-read-method"
    /// The unit could not be reset as the manifest says.
    case resetFailed = "reset-failed"
    /// Flash could not be copied into RAM.
    case staging
    /// The unit's memory is not what its image says.
    case differs
    /// Blocks remained bad after all retries.
    case incomplete
    /// The disk refused.
    case disk
    /// The session did not come to its end: the program was killed, or the power went.
    case cutShort = "cut-short"

    /// Whether the console could not be brought to its prompt.
    public var isWithoutPrompt: Bool { self == .noPrompt || self == .wrongSpeed }

    /// Whether it shows that the unit has reset.
    var tellsOfReset: Bool { self == .reset || self == .garbled }
  }

  /// What kind of failure it is.
  public var kind: Kind
  /// What was expected, what came, where, what to do.
  public var message: String

  /// A failure of a kind with its message.
  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  /// As a person reads it.
  public var description: String { message }

  /// Whether getting back to the prompt may mend it.
  var isRecoverable: Bool {
    switch kind {
    case .silent, .reset, .echo, .flood, .garbled, .noPrompt, .wrongSpeed: true
    default: false
    }
  }

  init(_ error: DiskError) { self.init(.disk, error.description) }

  init(_ error: LinkError) {
    switch error.kind {
    case .cancelled: self.init(.interrupted, "stopped by the user")
    default: self.init(.linkLost, error.description)
    }
  }
}
