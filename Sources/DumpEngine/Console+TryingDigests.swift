import ConsoleDialect

/// What a console says when it is asked for each of the dialect's digests, by their place in its list.
struct DigestTrial {
  /// Those that it says it does not know.
  var unknown: Set<Int> = []
  /// What it says of the others, where that reads as a digest.
  var said: [Int: String] = [:]
}

extension Console {
  /// How often a command has to be called unknown: one that was hit on its way is another one, where no echo tells.
  var surelyUnknown: Int { dialect.echo ? 1 : 2 }

  /// Asks for all of the dialect's digests in one line where the console joins commands: most know one or two of the many
  /// there are, and each costs a round trip.
  ///
  /// Empty where the answers cannot be told apart; they can where each command has had one line.
  func tryDigests(at address: UInt64, length: Int) async throws(SessionError) -> DigestTrial {
    guard let separator = dialect.separator else { return DigestTrial() }
    let commands = dialect.digests.map { $0.command(address: address, length: length) }
    let line = commands.joined(separator: separator)
    guard commands.count > 1, line.unicodeScalars.count <= lineLimit else { return DigestTrial() }
    var trial = DigestTrial(unknown: Set(commands.indices))
    for _ in 0..<surelyUnknown where !trial.unknown.isEmpty {
      let replies = try await run(line).lines
      guard replies.count == commands.count else { return DigestTrial() }
      trial.unknown = trial.unknown.filter { index in
        dialect.failures.first { $0.when.matches(replies[index]) }?.means == .unknownCommand
      }
      for (index, method) in dialect.digests.enumerated() { trial.said[index] = method.digest(in: replies[index]) }
    }
    return trial
  }
}
