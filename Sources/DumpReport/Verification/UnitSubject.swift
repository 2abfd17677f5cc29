import DumpEngine

/// One unit as checks look at it.
struct UnitSubject {
  /// The name of its folder.
  let name: String
  /// What the folder holds; absent where there is no such folder.
  let contents: UnitContents?
  /// What the report says of the unit; absent where it says nothing.
  let reported: UnitResult?
  /// The batch around it.
  let batch: BatchContents

  /// The unit as far as anything tells of it: while a batch is not at rest its states know more than the report.
  var unit: UnitResult? {
    batch.isAtRest ? reported ?? contents?.unit : contents?.unit ?? reported
  }

  /// Path of a file of the unit below the batch folder.
  func path(_ file: String) -> String { "\(name)/\(file)" }

  /// What a difference means that a batch which was killed may have left.
  var severity: VerificationFinding.Severity { batch.isAtRest ? .wrong : .notable }

  /// What to do about such a difference.
  func remedy(_ atRest: String) -> String {
    batch.isAtRest ? atRest : "the batch was killed here: go on with `batchdump resume`"
  }

  /// A finding about a file of the unit.
  func finding(_ severity: VerificationFinding.Severity, _ file: String, _ message: String) -> VerificationFinding {
    VerificationFinding(severity, unit: name, path(file), message)
  }
}

/// One way to look at a unit; a verification runs all of ``BatchVerification/unitChecks`` on each.
protocol UnitCheck: Sendable {
  /// What is to be said of a unit; empty where all is as it should be. Calls block.
  func findings(of subject: UnitSubject) -> [VerificationFinding]
}
