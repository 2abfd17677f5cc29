import PositionedDocument

/// Reads how a slot's unit is reset.
struct ResetRule {
  private static let longestStep = 60.0
  private static let mostSteps = 100

  let folder: ManifestFolder
  let findings: Findings

  /// The reset of a slot; nil where there is none, or it is refused.
  func reset(_ entry: Sourced<ResetEntry>?, endpoint: Endpoint?) -> ResetPlan? {
    guard let entry else { return nil }
    let path = entry.path
    let means: ResetPlan.Means
    switch (entry.value.command, entry.value.lines) {
    case (let command?, nil):
      findings.add(path.key("command"), ifAny: ProgramRule.objection(to: command))
      means = .command(folder.resolve(program: command))
    case (nil, let lines?):
      means = .lines(steps(lines, at: path.key("lines")))
      if let endpoint, !endpoint.hasModemLines {
        findings.add(path.key("lines"), "this slot's console is behind a `link`, which has no lines to switch")
      }
    case (nil, nil), (.some, .some):
      let found = entry.value.command == nil ? "neither" : "both"
      findings.add(path, "a reset is either a `command` or `lines`; found \(found)")
      return nil
    }
    return ResetPlan(means: means, moment: entry.value.when ?? .noPrompt)
  }

  private func steps(_ entries: [LineStepEntry], at path: DocumentPath) -> [ResetPlan.LineStep] {
    if entries.isEmpty { findings.add(path, "no step is listed; a reset has at least one") }
    if entries.count > Self.mostSteps {
      findings.add(path, "\(entries.count) steps are listed; at most \(Self.mostSteps) are allowed")
    }
    return entries.enumerated().map { index, entry in
      let seconds = entry.seconds ?? 0
      if !(0...Self.longestStep).contains(seconds) {
        let place = path.index(index).key("seconds")
        findings.add(place, "expected 0 to \(Self.longestStep.plain) seconds, found \(seconds.plain)")
      }
      return ResetPlan.LineStep(dtr: entry.dtr, rts: entry.rts, sendsBreak: entry.break ?? false, seconds: seconds)
    }
  }
}

extension Endpoint {
  /// Whether there may be modem lines behind it.
  var hasModemLines: Bool {
    switch self {
    case .tty, .adapter: true
    case .tcp, .unix: false
    }
  }
}
