import PositionedDocument

/// Reads which programs are told of what happens at a slot.
struct HookRule {
  private static let longestLimit = 3600.0

  let layers: Layers<HooksEntry>
  let folder: ManifestFolder
  let findings: Findings

  /// The hooks of a slot.
  func hooks() -> HookPlan {
    HookPlan(
      unitArrived: program("unitArrived", \.unitArrived), unitFinished: program("unitFinished", \.unitFinished),
      unitFailed: program("unitFailed", \.unitFailed), timeLimit: timeLimit())
  }

  private func program(_ key: String, _ read: (HooksEntry) -> [String]?) -> [String]? {
    guard let program = layers.value(key, read) else { return nil }
    findings.add(program.path, ifAny: ProgramRule.objection(to: program.value))
    return folder.resolve(program: program.value)
  }

  private func timeLimit() -> Double {
    guard let limit = layers.value("timeLimit", \.timeLimit) else { return HookPlan().timeLimit }
    if !(0.1...Self.longestLimit).contains(limit.value) {
      let most = Self.longestLimit.plain
      findings.add(limit.path, "expected 0.1 to \(most) seconds, found \(limit.value.plain)")
    }
    return limit.value
  }
}
