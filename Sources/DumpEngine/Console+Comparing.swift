import ConsoleDialect

/// Having the unit compare its own memory.
extension Console {
  /// Seconds for a byte that a unit is given: flash on a slow bus, read byte by byte.
  private static let secondsPerByte = 20e-6
  private static let mostComparisons = 16
  /// How often in a row the unit may not know the command, or get lost over it.
  private static let mostRefusals = 2

  /// Whether the unit has a command for it, as far as is known.
  var canCompareMemory: Bool { dialect.comparison != nil && comparesMemory }

  /// Whether ranges of memory are of one byte all over: nil where the unit says nothing that tells, for all where it has
  /// no such command.
  ///
  /// A range that is equal to itself one byte further on is. No digest shows that so well: a CRC is blind for what ends
  /// with its own.
  ///
  /// - Precondition: no range is shorter than two bytes.
  func fills(_ ranges: [DigestRange]) async throws(SessionError) -> [Bool?] {
    guard canCompareMemory, let method = dialect.comparison else { return ranges.map { _ in nil } }
    let commands = ranges.map { range in
      method.command(address: range.address, other: range.address + 1, length: range.length - 1)
    }
    var answers: [Bool?] = []
    var open = ranges.indices[...]
    while !open.isEmpty {
      let group = lineful(of: open, commands)
      open = open.dropFirst(group.count)
      answers += try await compare(group.map { ranges[$0] }, group.map { commands[$0] }, method)
      guard comparesMemory else { return ranges.map { _ in nil } }
    }
    return answers
  }

  /// As many of the next commands as fit into a line.
  private func lineful(of open: Range<Int>, _ commands: [String]) -> Range<Int> {
    guard let separator = dialect.separator?.utf8.count else { return open.lowerBound..<open.lowerBound + 1 }
    var characters = -separator
    let end = open.prefix(Self.mostComparisons).firstIndex { index in
      characters += separator + commands[index].utf8.count
      return characters > lineLimit
    }
    return open
      .lowerBound..<max(open.lowerBound + 1, end ?? min(open.upperBound, open.lowerBound + Self.mostComparisons))
  }

  private func compare(
    _ ranges: [DigestRange], _ commands: [String], _ method: ComparisonMethod
  ) async throws(SessionError) -> [Bool?] {
    let bytes = ranges.reduce(0) { $0 + $1.length }
    let reply = try await run(
      commands.joined(separator: dialect.separator ?? ""),
      patience: plan.replyTimeout + Self.secondsPerByte * Double(bytes), answers: commands.count)
    guard let answers = method.answers(in: reply.lines, to: ranges.map { $0.length - 1 }) else {
      // What the unit does not know it does not know twice; once the line may have been hit.
      let hasAnswer = reply.lines.contains { method.equalBytes(in: $0) != nil }
      if reply.failure != nil, !hasAnswer { noteRefusedComparison() }
      return ranges.map { _ in nil }
    }
    refusals = 0
    return answers
  }

  /// Notes that the unit does not know the command, or was lost over it.
  func noteRefusedComparison() {
    refusals += 1
    comparesMemory = refusals < Self.mostRefusals
  }
}

extension ComparisonMethod {
  /// Whether ranges of so many bytes were the same, in the order of the commands; nil where a reply does not tell.
  func answers(in lines: [String], to lengths: [Int]) -> [Bool]? {
    let equal = lines.compactMap(equalBytes(in:))
    guard equal.count == lengths.count else { return nil }
    let answers = zip(equal, lengths).map { $0 == $1 }
    // What differs may have a line more that says where. With more of them than differences a count was hit.
    guard lines.count - lengths.count <= answers.count(where: { !$0 }) else { return nil }
    return answers
  }
}
