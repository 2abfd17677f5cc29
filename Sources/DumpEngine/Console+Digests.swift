import ConsoleDialect

/// Asking for digests, many with one line where the console joins commands.
extension Console {
  /// A range of memory.
  typealias DigestRange = (address: UInt64, length: Int)

  /// Digests of fewer bytes tell more of the line than of the unit.
  static let tellingLength = 4096
  /// Seconds that the unit is given for the first one of so many, and for any of more until it has shown how fast it
  /// is: while it computes, nothing gets it back to its prompt.
  private static let firstPatience = 60.0
  /// How many times as long as the last time a digest may take.
  private static let paceMargin = 4.0
  /// Seconds by which an answer may be late without the unit being slower than before.
  private static let lateness = 0.5
  /// Seconds that the digests of one line may take together.
  private static let longestLineTime = 10.0
  /// A reply with more lines would be cut off like one that does not end.
  private static let mostDigests = 64

  /// Asks the unit for a digest of a range. Nil where it said nothing that reads as one.
  func digest(_ method: DigestMethod, address: UInt64, length: Int) async throws(SessionError) -> String? {
    try await digests(method, [(address, length)])[0]
  }

  /// Asks the unit for digests of ranges. Nil for those of which it said nothing that can be told to be theirs.
  func digests(_ method: DigestMethod, _ ranges: [DigestRange]) async throws(SessionError) -> [String?] {
    var digests: [String?] = []
    for line in lines(of: ranges, method) { digests += try await ask(line, method) }
    return digests
  }

  /// How many digests of such ranges fit into one line; one alone until the unit has shown how fast it is.
  func digestsInLine(_ method: DigestMethod, _ address: UInt64, _ length: Int) -> Int {
    guard let separator = dialect.separator, let pace = digestPace else { return 1 }
    let command = method.command(address: address, length: length).utf8.count + separator.utf8.count
    let inTime = pace > 0 ? Self.longestLineTime / (pace * Double(length)) : .infinity
    return max(1, min(lineLimit / command, Int(min(inTime, Double(Self.mostDigests)))))
  }

  /// Ranges in groups, each of which fits into one line and does not keep the unit busy for too long.
  private func lines(of ranges: [DigestRange], _ method: DigestMethod) -> [[DigestRange]] {
    guard let separator = dialect.separator?.utf8.count, let pace = digestPace else { return ranges.map { [$0] } }
    var lines: [[DigestRange]] = []
    var (characters, seconds) = (0, 0.0)
    for range in ranges {
      let width = method.command(address: range.address, length: range.length).utf8.count
      characters += separator + width
      seconds += pace * Double(range.length)
      if let last = lines.indices.last, lines[last].count < Self.mostDigests, characters <= lineLimit,
        seconds <= Self.longestLineTime
      {
        lines[last].append(range)
      } else {
        lines.append([range])
        (characters, seconds) = (width, pace * Double(range.length))
      }
    }
    return lines
  }

  private func ask(_ ranges: [DigestRange], _ method: DigestMethod) async throws(SessionError) -> [String?] {
    let commands = ranges.map { method.command(address: $0.address, length: $0.length) }
    let bytes = ranges.reduce(0) { $0 + $1.length }
    let time = digestPace.map { $0 * Self.paceMargin * Double(bytes) } ?? firstTime(over: bytes)
    let (began, received) = (ContinuousClock.now, counters.received)
    busyUntil = digestPace.map { began + .seconds($0 * Double(bytes)) }
    let reply = try await run(
      commands.joined(separator: dialect.separator ?? ""), patience: plan.replyTimeout + time, answers: commands.count)
    busyUntil = nil
    let digests = digests(in: reply.lines, of: ranges, method)
    if bytes >= Self.tellingLength, digests.allSatisfy({ $0 != nil }) {
      // Echo and answer take the line's time, not the unit's.
      let characters = (counters.received - received) * plan.format.bitsPerCharacter
      let elapsed = (ContinuousClock.now - began) / .seconds(1)
      noteDigest(of: bytes, took: max(0, elapsed - Double(characters) / Double(link.speed)))
    }
    return digests
  }

  /// Learns how fast the unit is. What takes somewhat longer than the last time tells of a machine that is late, and of
  /// an adapter, the more so the fewer bytes there are.
  private func noteDigest(of bytes: Int, took seconds: Double) {
    if let pace = digestPace, seconds > pace * Double(bytes), seconds - pace * Double(bytes) < Self.lateness { return }
    digestPace = seconds / Double(bytes)
  }

  private func firstTime(over bytes: Int) -> Double {
    Self.firstPatience * min(1, Double(bytes) / Double(Self.tellingLength))
  }

  /// What a reply says, range by range. Where a line was hit, only those are known whose line says what they are of.
  private func digests(in lines: [String], of ranges: [DigestRange], _ method: DigestMethod) -> [String?] {
    let found = lines.compactMap { line in method.digest(in: line).map { (line: line, digest: $0) } }
    if found.count == ranges.count { return found.map(\.digest) }
    guard ranges.count > 1 else { return [found.first?.digest] }
    return ranges.map { range in
      let own = found.filter { method.names(address: range.address, length: range.length, in: $0.line) }
      return own.count == 1 ? own[0].digest : nil
    }
  }
}
