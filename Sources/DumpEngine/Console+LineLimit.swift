import ConsoleDialect

extension Console {
  /// Characters typed together: each piece costs a round trip. Commands are typed whole, so a console takes many.
  private static let piece = 128
  private static let longestLineAsked = 1024

  /// Learns how long a command line may be, as far as that is needed and at least as far as the table says: types
  /// characters that are never entered until one finds no room.
  ///
  /// Keeps the table's value where the console gives no sign, or does not echo as it should.
  func learnLineLimit(upTo needed: Int) async throws(SessionError) {
    guard let sign = dialect.overflowSign, dialect.echo else { return }
    var room = 0
    while room < min(Self.longestLineAsked, max(needed, dialect.lineLimit)) {
      try await send(String(repeating: "#", count: Self.piece))
      let answer = try await characters(Self.piece)
      let echoed = answer.prefix { $0 == UInt8(ascii: "#") }.count
      room += echoed
      if echoed < Self.piece {
        if answer.dropFirst(echoed).starts(with: sign.utf8) { lineLimit = room }
        break
      }
      lineLimit = max(lineLimit, room)
    }
    try await resync()
  }

  /// So many characters, or fewer where no more come.
  private func characters(_ count: Int) async throws(SessionError) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count, let more = try await receive(within: plan.replyTimeout) { bytes += more }
    return bytes
  }
}
