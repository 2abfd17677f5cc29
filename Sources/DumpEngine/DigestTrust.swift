/// What speaks for and against the digest that is in use.
///
/// It was right over the few bytes by which it was learned. Over many the same command may reset the unit, hang it, or
/// compute something else.
struct DigestTrust {
  /// How often in a row it may lose the console over memory that can be read.
  static let mostLosses = 2
  /// How many ranges it may call wrong, in at least so many grains, that are read alike twice.
  static let mostDisputed = 4
  static let fewestGrains = 2

  /// How often in a row it has lost the console.
  private(set) var losses = 0
  private var shortestLost = Int.max
  private var longestAnswered = 0
  /// Where ranges begin that it called wrong, since it was last right.
  private var disputed: Set<Int> = []

  /// Whether it has answered over so many bytes, and has not lost the console since.
  func hasAnswered(over length: Int) -> Bool { losses == 0 && longestAnswered >= length }

  /// Notes an answer. One over fewer bytes than were asked for when the console was lost says nothing of those.
  mutating func noteAnswer(over length: Int) {
    longestAnswered = max(longestAnswered, length)
    if length >= shortestLost { forgetLosses() }
  }

  /// Notes that it has lost the console.
  mutating func noteLoss(over length: Int) {
    losses += 1
    shortestLost = min(shortestLost, length)
  }

  /// Notes that something else was to blame.
  mutating func forgetLosses() { (losses, shortestLost) = (0, .max) }

  /// Notes that it has agreed with what was read.
  mutating func noteRight() { disputed = [] }

  /// Notes that it differs from what was read alike twice, at that place of a region.
  mutating func noteDispute(at place: Int) { disputed.insert(place) }

  /// How many ranges it has called wrong that are read alike, where these are too many to be the memory's fault; else
  /// nil.
  var lies: Int? {
    let grains = Set(disputed.map { $0 / RegionDump.grain })
    return disputed.count >= Self.mostDisputed && grains.count >= Self.fewestGrains ? disputed.count : nil
  }
}
