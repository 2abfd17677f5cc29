/// One thing that a verification has to say of a file.
public struct VerificationFinding: Sendable, Hashable {
  /// What it means for the batch.
  public enum Severity: String, Sendable, CaseIterable {
    /// Something is not what the batch has left: damaged, changed, forged.
    case wrong
    /// Nothing is wrong, but something is missing, unproven or not finished.
    case notable
    /// Worth knowing; changes nothing.
    case remark
  }

  /// What it means for the batch.
  public let severity: Severity
  /// The folder of the unit that it is of; absent where it is of the batch as a whole. Safe for a terminal.
  public let unit: String?
  /// The file's path below the batch folder; empty where it is of no file. Safe for a terminal.
  public let file: String
  /// What was expected, what came, where, and what to do. Safe for a terminal.
  public let message: String

  /// A finding about a path; its first folder is the unit's.
  init(_ severity: Severity, _ path: String, _ message: String) {
    let parts = path.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    self.init(severity, unit: parts.count > 1 ? String(parts[0]) : nil, path, message)
  }

  /// A finding about a unit, or about a file of it.
  init(_ severity: Severity, unit: String?, _ path: String, _ message: String) {
    self.severity = severity
    self.unit = unit.map { SafeText($0, limit: 128).description }
    file = SafeText(path, limit: 256).description
    self.message = SafeText(message, limit: 600).description
  }

  /// As a person reads it, in one line.
  public var text: String { file.isEmpty ? message : "\(file): \(message)" }
}

/// What to do, as messages end.
enum Remedy {
  /// A file that is not what it was.
  static let restore = "take it from a copy of the folder, or dump the unit again"
  /// A file that no unit is needed for.
  static let restoreFile = "take it from a copy of the folder"
  /// A text that this program would not have written like that.
  static let edited = "something else has changed it: take it from a copy of the folder"
}
