/// How the program ends, as the shell sees it.
public enum ProgramExit: Int32, Sendable, CaseIterable {
  /// Every region of every unit is complete, with evidence for every byte and every check passed.
  case verified = 0
  /// No region of any unit is usable.
  case nothingUsable = 1
  /// The command line or the manifest is wrong; nothing was sent to any device. No batch ends with it.
  case usage = 2
  /// Some region is usable, but not everything is complete and verified.
  case partial = 3
  /// The user stopped the run, however much was already done.
  case interrupted = 130
}

extension BatchResult {
  /// How the program ends after this batch. Of an audited result (``audited()``), for the disk has the last word.
  public var exitStatus: ProgramExit {
    if interrupted { return .interrupted }
    if !units.isEmpty && units.allSatisfy({ $0.standing == .verified }) { return .verified }
    return units.contains { $0.regions.contains(where: \.isUsable) } ? .partial : .nothingUsable
  }
}
