/// One record of a transcript.
public struct TranscriptRecord: Sendable, Equatable {
  /// What a record tells of.
  public enum Kind: Sendable, Equatable {
    /// A session begins; the bytes are its transcript's name.
    case session
    /// The unit printed the bytes.
    case received
    /// The bytes were sent to the unit.
    case sent
    /// Something is missing here: a file was cut, or one is not there.
    case gap
    /// The session went on unrecorded; the bytes are the sentence that says so.
    case ended
  }

  /// What it tells of.
  public var kind: Kind
  /// Milliseconds since midnight, UTC, as the transcript has it; 0 where it is no line of one.
  public var time: Int
  /// The bytes that went over the line, exactly.
  public var bytes: [UInt8]

  /// A record.
  public init(kind: Kind, time: Int = 0, bytes: [UInt8] = []) {
    self.kind = kind
    self.time = time
    self.bytes = bytes
  }
}
