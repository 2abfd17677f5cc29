/// How a unit is reset, as it is written.
struct ResetEntry: Decodable, Sendable {
  var command: [String]?
  var lines: [LineStepEntry]?
  var when: ResetPlan.Moment?
}

/// One step of switching an adapter's lines, as it is written.
struct LineStepEntry: Decodable, Sendable {
  var dtr: Bool?
  var rts: Bool?
  var `break`: Bool?
  var seconds: Double?
}

/// What is run when something happens to a unit, as it is written. A slot's entry is merged with the manifest's key by
/// key.
struct HooksEntry: Decodable, Sendable {
  var unitArrived: [String]?
  var unitFinished: [String]?
  var unitFailed: [String]?
  var timeLimit: Double?
}
