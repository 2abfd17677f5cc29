import ConsoleDialect
import SerialLink

/// Reading memory through the console.
extension Console {
  /// How much more than expected a dump may print (driver messages, a pager) before it counts as endless.
  private static let surplus = 64 * 1024
  /// Seconds between two looks at a dump that comes: soon enough for whoever watches.
  private static let longestGathering = 0.2
  /// How much of what is still to come is waited for in one.
  private static let gatheredShare = 0.8
  /// Seconds to wait for the rest once all lines, or the prompt, are there: only a hit prompt or echo takes longer.
  private static let promptPatience = 1.0

  /// Prints memory and fills `parser` as it comes. Whatever was held when an error is thrown is in `parser`.
  ///
  /// - Parameter progress: called with the parser as it fills.
  func dump(
    _ method: ReadMethod, address: UInt64, into parser: inout DumpParser,
    progress: (DumpParser) async throws(SessionError) -> Void = { (_) async throws(SessionError) in }
  ) async throws(SessionError) {
    let length = parser.bytes.count
    let command = method.command(address: address, length: length)
    try await type(command)
    try await send(dialect.enter)
    try await holdDialogue(of: method, address: address, length: length)
    let expected = method.characters(length: length, addressDigits: 8)
    let limit = 2 * method.characters(length: length, addressDigits: 16) + Self.surplus
    var received = 0
    var answered: [UInt8] = []
    let deadline = deadline(characters: limit, plan.replyTimeout)
    defer { count(parser.counters) }
    while received <= limit {
      let isOver = isOver(parser)
      let patience = isOver ? min(Self.promptPatience, plan.replyTimeout) : plan.replyTimeout
      let gathering = gathering(rest: parser.isComplete ? 0 : expected - received, patience)
      guard ContinuousClock.now < deadline, let bytes = try await receive(within: patience, gathering: gathering) else {
        if isOver { return try await resyncAhead() }
        throw SessionError(.silent, silence(after: "`\(command)`", patience, parser.tail))
      }
      received += bytes.count
      parser.consume(bytes)
      try await progress(parser)
      let last = try heedForeignLines(of: &parser, method)
      if bytes.contains(0x0A) { answered = [] }
      if try await isEnd(of: parser, lastLine: last) { return }
      if parser.heldBytes > 0 { try await typeAhead() }
      try await answerQuestions(tail: parser.tail, answered: &answered)
    }
    throw SessionError(
      .flood, "\(place): `\(command)` should print \(length) bytes of memory and prints without end")
  }

  /// How long to let come what comes, with so many characters to come, in seconds: on few cores many units are woken
  /// seldom, and the last characters are not waited for longer than they take. A socket has no rate, and its far end may
  /// wait for each piece to be read, as a pager waits for its answer. What is to be typed ahead is typed at the first line.
  private func gathering(rest characters: Int, _ patience: Double) -> Double {
    guard link.hasLine, dialect.answers.isEmpty, ahead.wanted == nil else { return 0 }
    let rest = Double(max(0, characters) * plan.format.bitsPerCharacter) / Double(link.speed)
    return min(Self.longestGathering, rest * Self.gatheredShare, patience / 4)
  }

  /// Whether a line that is no dump line has its place in a dump: a header, a question that was answered, the end of one
  /// that is whole.
  private func isExpected(_ line: String, of method: ReadMethod, isWhole: Bool) -> Bool {
    method.headers.contains { $0.matches(line) } || dialect.answers.contains { $0.when.matches(line) }
      || isWhole && prompt.endsReply(line)
  }

  /// Looks at what is no dump line: a banner means a reset, what is not expected is counted.
  private func heedForeignLines(
    of parser: inout DumpParser, _ method: ReadMethod
  ) throws(SessionError) -> String? {
    var last: String?
    for line in parser.takeForeignLines() {
      let text = ConsoleText.plain(line)
      last = text
      try heed(text)
      if isExpected(text, of: method, isWhole: parser.isComplete) { continue }
      counters.foreignLines += 1
      if let rule = dialect.failures.first(where: { $0.when.matches(text) }), rule.means == .unknownCommand {
        throw SessionError(.refused, "\(place): the console does not know `\(method.name)`: it said `\(text)`")
      }
    }
    return last
  }

  /// Goes through the questions that a command asks before it prints.
  private func holdDialogue(of method: ReadMethod, address: UInt64, length: Int) async throws(SessionError) {
    for (step, answer) in zip(method.dialogue, method.answers(address: address, length: length)) {
      var lines = LineBuffer()
      var received = 0
      repeat {
        guard received <= Self.longestReply, let bytes = try await receive(within: plan.replyTimeout) else {
          throw SessionError(.silent, silence(after: "`\(step.expect.text)`", plan.replyTimeout, lines.tail))
        }
        received += bytes.count
        for line in lines.append(bytes) { try heed(ConsoleText.plain(line)) }
      } while !step.expect.matches(ConsoleText.plain(lines.tail))
      try await send(answer)
    }
  }

  private func count(_ lines: LineCounters) {
    counters.malformedLines += lines.malformed
    counters.gutterMismatches += lines.gutterMismatches
    counters.addressGaps += lines.gaps
  }
}
