import ConsoleDialect
import SerialLink

/// Reading memory through the console.
extension Console {
  /// How much more than expected a dump may print (driver messages, a pager) before it counts as endless.
  private static let surplus = 64 * 1024
  /// Seconds to wait for the prompt once all lines are there: only a hit prompt takes longer.
  private static let promptPatience = 1.0

  /// Prints memory and fills `parser` as it comes. Whatever was held when an error is thrown is in `parser`.
  ///
  /// - Parameter progress: called with the bytes held of this dump, as they grow.
  func dump(
    _ method: ReadMethod, address: UInt64, into parser: inout DumpParser, progress: (Int) -> Void
  ) async throws(SessionError) {
    let length = parser.bytes.count
    let command = method.command(address: address, length: length)
    try await type(command)
    try await send(dialect.enter)
    try await holdDialogue(of: method, address: address, length: length)
    let limit = 2 * method.characters(length: length, addressDigits: 16) + Self.surplus
    var received = 0
    var answered: [UInt8] = []
    let deadline = deadline(characters: limit, plan.replyTimeout)
    defer { count(parser.counters) }
    while received <= limit {
      let patience = parser.isComplete ? min(Self.promptPatience, plan.replyTimeout) : plan.replyTimeout
      guard ContinuousClock.now < deadline, let bytes = try await receive(within: patience) else {
        if parser.isComplete { return try await resync() }
        throw SessionError(.silent, silence(after: command, patience, parser.tail))
      }
      received += bytes.count
      parser.consume(bytes)
      progress(parser.heldBytes)
      let last = try heedForeignLines(of: &parser, method)
      if bytes.contains(0x0A) { answered = [] }
      if isEndOfReply(tail: parser.tail, lastLine: last) { return }
      try await answerQuestions(tail: parser.tail, answered: &answered)
    }
    throw SessionError(
      .flood, "\(place): `\(command)` should print \(length) bytes of memory and prints without end")
  }

  /// Looks at what is no dump line: a header is expected, a banner means a reset, all else is counted.
  private func heedForeignLines(
    of parser: inout DumpParser, _ method: ReadMethod
  ) throws(SessionError) -> String? {
    var last: String?
    for line in parser.takeForeignLines() {
      let text = ConsoleText.plain(line)
      last = text
      try heed(text)
      if method.headers.contains(where: { $0.matches(text) }) { continue }
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
          throw SessionError(.silent, silence(after: step.expect.text, plan.replyTimeout, lines.tail))
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

  /// Asks the unit for a digest of a range. Nil where it said nothing that reads as one.
  func digest(_ method: DigestMethod, address: UInt64, length: Int) async throws(SessionError) -> String? {
    // A slow flash is digested at some hundred kB/s; the reply time alone would be too short for a large range.
    let patience = plan.replyTimeout + Double(length) / 250_000
    let reply = try await run(method.command(address: address, length: length), patience: patience)
    return reply.lines.lazy.compactMap { method.digest(in: $0) }.first
  }
}
