/// Why a link cannot be opened or used.
public struct LinkError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kinds of failure; the raw value is the word that reports use.
  public enum Kind: String, Sendable, CaseIterable {
    /// The node or socket is not there: unplugged, or misnamed.
    case notFound = "not-found"
    /// The path leads to something that is not a tty.
    case notATTY = "not-a-tty"
    /// The user may not open it.
    case permissionDenied = "permission-denied"
    /// Another process holds the tty.
    case busy
    /// The peer is gone: adapter pulled, connection closed, reset or lost.
    case hungUp = "hung-up"
    /// Nobody could be connected to at the address.
    case unreachable
    /// The peer takes no bytes any more; the link is given up.
    case stalled
    /// The link, or the driver behind it, cannot do what was asked; the link goes on as it was.
    case unsupported
    /// The task was cancelled; the link goes on as it was.
    case cancelled
    /// The operating system failed in a way that has no word here.
    case system
  }

  /// What kind of failure it is.
  public let kind: Kind
  /// Where.
  public let address: LinkAddress
  /// What was expected, what came and what to do: the part of the sentence that follows the address.
  public let message: String

  /// A failure at an address. `message` goes on where the address ends, as in "is not there: plug it in".
  public init(_ kind: Kind, at address: LinkAddress, _ message: String) {
    self.kind = kind
    self.address = address
    self.message = message
  }

  /// The whole sentence.
  public var description: String { "\(address) \(message)" }
}
