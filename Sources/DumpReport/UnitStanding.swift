import DumpEngine

/// How far a unit came, in one word.
public enum UnitStanding: String, Sendable, Codable, CaseIterable {
  /// Every region complete, with evidence for every byte and every check passed, and the session went through.
  case verified
  /// Every region complete, every check passed and the session went through, but some bytes have no evidence.
  case complete
  /// Some region is usable, but not all, or the session stopped early.
  case partial
  /// No region is usable.
  case failed
}

extension RegionResult {
  /// Whether every byte is held and every check has passed. This asks for no evidence: an image that was read with
  /// `verify: none` can be used, but is never called verified.
  public var isUsable: Bool { isComplete && checks.allSatisfy(\.passed) }
}

extension UnitResult {
  /// How far the unit came.
  public var standing: UnitStanding {
    if isVerified { return .verified }
    guard regions.contains(where: \.isUsable) else { return .failed }
    let wentThrough = failure == nil && !interrupted
    return wentThrough && regions.allSatisfy(\.isUsable) ? .complete : .partial
  }

  /// Why the unit is not verified, one line for each reason; empty where it is.
  public var shortcomings: [String] {
    let session = interrupted ? ["stopped by the user"] : failure.map { [$0.message] } ?? []
    return session + regions.flatMap(\.shortcomings)
  }
}

extension RegionResult {
  /// Ranges that are not held, in order, as bytes from the region's start; those given up are among them.
  public var missing: [Range<Int>] {
    var ranges: [Range<Int>] = []
    var next = 0
    for held in blocks.map(\.range).sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if held.lowerBound > next { ranges.append(next..<held.lowerBound) }
      next = max(next, held.upperBound)
    }
    return next < size ? ranges + [next..<size] : ranges
  }

  fileprivate var shortcomings: [String] {
    let absent = missing.reduce(0) { $0 + $1.count }
    let unproven = blocks.filter { $0.evidence == .none }.reduce(0) { $0 + $1.range.count }
    var lines = checks.filter { !$0.passed }.map { "\(file): \($0.message)" }
    if absent > 0 { lines.append("\(file): \(absent.grouped) of \(size.grouped) bytes are missing") }
    if unproven > 0 { lines.append("\(file): nothing proves \(unproven.grouped) of \(size.grouped) bytes") }
    return lines
  }
}
