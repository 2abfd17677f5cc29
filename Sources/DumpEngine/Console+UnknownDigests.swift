import ConsoleDialect

extension Console {
  /// How often a command has to be called unknown: one that was hit on its way is another one, where no echo tells.
  var surelyUnknown: Int { dialect.echo ? 1 : 2 }

  /// Which of the dialect's digests the console says it does not know, by their place in its list. All are asked in one
  /// line where the console joins commands: most know one or two of the many there are, and each costs a round trip.
  ///
  /// Empty where the answers cannot be told apart; they can where each command has had one line.
  func unknownDigests(at address: UInt64, length: Int) async throws(SessionError) -> Set<Int> {
    guard let separator = dialect.separator else { return [] }
    let commands = dialect.digests.map { $0.command(address: address, length: length) }
    let line = commands.joined(separator: separator)
    guard commands.count > 1, line.unicodeScalars.count <= lineLimit else { return [] }
    var unknown = Set(commands.indices)
    for _ in 0..<surelyUnknown where !unknown.isEmpty {
      let replies = try await run(line).lines
      guard replies.count == commands.count else { return [] }
      unknown = unknown.filter { index in
        dialect.failures.first { $0.when.matches(replies[index]) }?.means == .unknownCommand
      }
    }
    return unknown
  }
}
