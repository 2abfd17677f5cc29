/// What noise costs at one rate, and whether a lower one would carry more.
struct LineCost: Sendable, Hashable {
  /// What one hit costs in lines: a hit line is read again by a command of its own, and a digest has to find what the
  /// line's own checks do not show. Measured with 64 KiB of `md.l` and crc32: 127 characters a hit where one of 3,000
  /// characters had a bit turned over, 126 at one of 1,000, 114 at one of 250; a line has 65.
  static let hitLines = 2.0
  /// What it costs in seconds besides: some turns of a dialogue, each of a few milliseconds behind a USB adapter.
  static let hitTime = 0.01
  /// What the hit echo of a command costs in seconds: its end is waited for, and all is typed again.
  static let echoTime = 0.3
  /// Fewer lines tell nothing.
  static let fewestLines = 250.0
  /// Lines after which counting begins anew: what was good once does not make up for what is bad now.
  static let window = 1000.0

  /// Lines that came.
  var lines: Double
  /// Of these, lines that were hit.
  var hits: Int
  /// Echoes that were hit besides.
  var echoes = 0
  /// Times that the console was lost without having been reset.
  var losses: Int
  /// What one loss costs, in lines: as many as come in the time for which a silent console is waited for.
  var lossLines: Double
  /// What one hit costs, in lines.
  var hitLines: Double
  /// What one hit echo costs, in lines.
  var echoLines: Double

  /// What was counted.
  ///
  /// - Parameters:
  ///   - lineRate: dump lines that the line carries in a second.
  ///   - patience: seconds for which a silent console is waited for.
  init(_ wire: WireCounters, charactersPerLine: Int, lineRate: Double, patience: Double) {
    lines = Double(wire.received) / Double(max(1, charactersPerLine))
    hits = wire.lineFaults + wire.digestMismatches + wire.rereadMismatches
    losses = wire.recoveries - wire.resets
    lossLines = lineRate * patience
    hitLines = Self.hitLines + lineRate * Self.hitTime
    echoLines = lineRate * Self.echoTime
  }

  /// Whether one of fifty lines is hit, or more: what fails then may well fail for that.
  var isNoisy: Bool { hits + echoes > 0 && Double(hits + echoes) * 50 >= lines }

  /// What was hit, as the subject of a sentence.
  var summary: String {
    "\(hits) of \(Int(lines)) lines" + (echoes == 0 ? "" : " and the echoes of \(echoes) commands")
  }

  /// Whether a lower rate pays that has no noise: it does when the hits cost more time than the higher rate gains. One
  /// loss may be the unit's own.
  func lowerPays(from rate: Int, to lower: Int) -> Bool {
    guard lines >= Self.fewestLines || losses > 1, lower > 0 else { return false }
    let dialogue = Double(echoes) * echoLines + (losses > 1 ? Double(losses) * lossLines : 0)
    let cost = Double(hits) * hitLines + dialogue
    return cost > lines * (Double(rate) / Double(lower) - 1)
  }
}
