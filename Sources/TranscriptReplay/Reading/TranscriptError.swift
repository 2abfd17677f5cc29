/// Why a transcript cannot be read back.
public struct TranscriptError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file.
  public var path: String
  /// The line in it, counted from 1; 0 where it is about the file as a whole.
  public var line: Int
  /// What was expected, what came, and what to do.
  public var reason: String

  /// As a person reads it.
  public var description: String { line > 0 ? "\(path):\(line): \(reason)" : "\(path): \(reason)" }
}
