import Testing

@testable import SerialLink

@Suite("A link carries bytes", .timeLimit(.minutes(1)))
struct ExchangeTests {
  static let everyByte = (0...255).map { UInt8($0) }

  @Test("all 256 values pass both ways", arguments: Transport.allCases)
  func bothWays(transport: Transport) async throws {
    let bench = try await Bench.open(transport)
    try await bench.link.send(Self.everyByte)
    let sent = try await bench.far.read(256)
    #expect(readable(sent) == readable(Self.everyByte))
    try await bench.far.write(Self.everyByte)
    let received = try await bench.receive(256)
    #expect(readable(received) == readable(Self.everyByte))
    await bench.close()
  }

  @Test("what came in several pieces is handed out at once", arguments: Transport.allCases)
  func coalescing(transport: Transport) async throws {
    let bench = try await Bench.open(transport)
    for piece in ["=> ", "md.b 0 10", "\r\n"] { try await bench.far.write(bytes(piece)) }
    try await bench.holding(14)
    let received = try await bench.link.receive(within: .zero)
    #expect(received.map(readable) == "=> md.b 0 10\\r\\n")
    await bench.close()
  }

  @Test("where much is to come it is gathered, and nothing of it is lost", arguments: Transport.allCases)
  func gathering(transport: Transport) async throws {
    let bench = try await Bench.open(transport)
    let hour = Duration.seconds(3600)
    try await bench.far.write(bytes("a"))
    #expect(readable(try await bench.receive(1)) == "a")
    let waiting = Task {
      await failure { () throws(LinkError) in try await bench.link.receive(within: hour, gathering: hour) }
    }
    try await bench.waiting()
    // Held, while somebody waits for it.
    for (count, piece) in ["b", "c"].enumerated() {
      try await bench.far.write(bytes(piece))
      try await bench.holding(count + 1)
    }
    waiting.cancel()
    #expect(await waiting.value?.kind == .cancelled)
    #expect(try await bench.link.receive(within: .zero, gathering: hour).map(readable) == "bc")
    await bench.close()
  }

  @Test("what is gathered is handed out when it is time, or when no more is waited for", arguments: Transport.allCases)
  func gatheringEnds(transport: Transport) async throws {
    let bench = try await Bench.open(transport)
    let hour = Duration.seconds(3600)
    for (gathering, limit) in [(Duration.milliseconds(20), hour), (hour, .milliseconds(20))] {
      try await bench.far.write(bytes("a"))
      #expect(readable(try await bench.receive(1)) == "a")
      try await bench.far.write(bytes("b"))
      try await bench.holding(1)
      #expect(try await bench.link.receive(within: limit, gathering: gathering).map(readable) == "b")
    }
    await bench.close()
  }

  /// A bench on which somebody gathers for an hour, and `b` has come.
  private func gathersB(_ transport: Transport) async throws -> (Bench, Task<[UInt8]?, any Error>) {
    let bench = try await Bench.open(transport)
    let hour = Duration.seconds(3600)
    try await bench.far.write(bytes("a"))
    #expect(readable(try await bench.receive(1)) == "a")
    let waiting = Task { try await bench.link.receive(within: hour, gathering: hour) }
    try await bench.waiting()
    try await bench.far.write(bytes("b"))
    try await bench.holding(1)
    return (bench, waiting)
  }

  @Test("while one gathers, another is refused and takes nothing", arguments: Transport.allCases)
  func gatheringAlone(transport: Transport) async throws {
    let (bench, waiting) = try await gathersB(transport)
    let second = await failure { () throws(LinkError) in try await bench.link.receive(within: .zero) }
    #expect(second?.kind == .unsupported)
    // The end of the link is not waited for.
    await bench.link.close()
    #expect(try await waiting.value.map(readable) == "b")
    await bench.close()
  }

  @Test(
    "a hang-up ends the gathering: what came is handed out, and then why no more will", arguments: Transport.allCases)
  func gatheringHangUp(transport: Transport) async throws {
    let (bench, waiting) = try await gathersB(transport)
    bench.far.hangUp()
    #expect(try await waiting.value.map(readable) == "b")
    let ended = await failure { () throws(LinkError) in try await bench.link.receive(within: .seconds(3600)) }
    #expect(ended == .hungUp(bench.link.address))
    await bench.link.close()
  }

  @Test("nil tells that nothing came within the time", arguments: Transport.allCases)
  func timeLimit(transport: Transport) async throws {
    let bench = try await Bench.open(transport)
    for limit in [Duration.milliseconds(20), .zero, .seconds(-1 << 40)] {
      let received = try await bench.link.receive(within: limit)
      #expect(received.map(readable) == nil)
    }
    try await bench.far.write(bytes("late"))
    #expect(try await bench.link.receive(within: .seconds(Int64.max)).map(readable)?.first == "l")
    await bench.close()
  }

  @Test("a cancelled wait ends at once and loses nothing", arguments: Transport.allCases)
  func cancellation(transport: Transport) async throws {
    let bench = try await Bench.open(transport)
    for round in 0..<50 {
      let waiting = Task {
        await failure { () throws(LinkError) in try await bench.link.receive(within: .seconds(600)) }
      }
      // Every second wait is cancelled when it stands, the others wherever they have got to.
      if round % 2 == 0 { try await Bench.loopTurn(of: bench.link) }
      waiting.cancel()
      #expect(await waiting.value?.kind == .cancelled)
    }
    try await bench.far.write(bytes("after"))
    #expect(readable(try await bench.receive(5)) == "after")
    await bench.close()
  }

  @Test("a task that is cancelled already takes nothing")
  func cancelledBefore() async throws {
    let bench = try await Bench.open(.tty)
    try await bench.far.write(bytes("kept"))
    try await bench.holding(4)
    let waiting = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await failure { () throws(LinkError) in try await bench.link.receive(within: .seconds(600)) }
    }
    #expect(await waiting.value?.kind == .cancelled)
    #expect(readable(try await bench.receive(4)) == "kept")
    await bench.close()
  }

  @Test("the last word of a cancelled task is sent", arguments: Transport.allCases)
  func lastWord(transport: Transport) async throws {
    let bench = try await Bench.open(transport)
    let speaking = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try await bench.link.send([0x03])
    }
    try await speaking.value
    #expect(readable(try await bench.far.read(1)) == "\\x03")
    await bench.close()
  }

  @Test("the answer to a last word still reaches a cancelled task", arguments: Transport.allCases)
  func lastAnswer(transport: Transport) async throws {
    let bench = try await Bench.open(transport)
    let link = bench.link
    let waiting = Task { () -> [UInt8]? in
      withUnsafeCurrentTask { $0?.cancel() }
      return try? await link.receive(within: .seconds(20), isLastWord: true)
    }
    try await bench.waiting()
    try await bench.far.write(bytes("=> "))
    #expect(await waiting.value.map(readable) == "=> ")
    #expect(
      await failure { () async throws(LinkError) in try await link.receive(within: .zero, isLastWord: true) } == nil)
    await bench.close()
  }

  @Test("a second reader is refused, the first goes on")
  func twoReaders() async throws {
    let bench = try await Bench.open(.tty)
    let first = Task { try await bench.link.receive(within: .seconds(600)) }
    try await bench.waiting()
    let refused = await failure { () throws(LinkError) in try await bench.link.receive(within: .seconds(600)) }
    #expect(refused?.kind == .unsupported)
    #expect(refused?.message == "is already being read by another task: one reader at a time")
    try await bench.far.write(bytes("x"))
    #expect(try await first.value.map(readable) == "x")
    await bench.close()
  }

  @Test("64 ttys speak at once, each its own words")
  func many() async throws {
    let equal = try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 0..<64 {
        group.addTask {
          let bench = try await Bench.open(.tty)
          let words = bytes("unit \(number) of 64\r\n")
          try await bench.link.send(words)
          let asked = try await bench.far.read(words.count)
          try await bench.far.write(asked)
          let answered = try await bench.receive(words.count)
          await bench.close()
          return answered == words
        }
      }
      return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(equal == 64)
  }
}

@Suite("A link holds a bounded number of bytes", .timeLimit(.minutes(1)))
struct BackPressureTests {
  /// Differs from place to place, so that a lost or doubled piece shows.
  static let flood = Array(0..<UInt32(2 << 20)).withUnsafeBytes { [UInt8]($0) }

  @Test("the peer waits until bytes are taken, and none is lost", arguments: Transport.allCases)
  func bounded(transport: Transport) async throws {
    let bench = try await Bench.open(transport)
    let total = Self.flood.count
    let writing = Task { try await bench.far.write(Self.flood) }
    try await bench.holding(Inbox.highWater)
    // Far more turns than a read takes: a link that went on reading would hold more at the end of them.
    for _ in 0..<200 { try await Bench.loopTurn(of: bench.link) }
    #expect(try await bench.heldCount() <= Inbox.highWater + 4 * 16 * 1024)
    let received = try await bench.receive(total)
    try await writing.value
    #expect(received.count == total)
    #expect(Self.misplaced(in: received) == nil)
    await bench.close()
  }

  @Test("nobody gathers more than that", arguments: Transport.allCases)
  func gatheringFull(transport: Transport) async throws {
    // So fast that what fills the link is read soon.
    let bench = try await Bench.open(transport, speed: 4_000_000)
    let hour = Duration.seconds(3600)
    try await bench.far.write([Self.flood[0]])
    var received = try await bench.receive(1)
    let waiting = Task { try await bench.link.receive(within: hour, gathering: hour) }
    try await bench.waiting()
    let writing = Task { try await bench.far.write(Array(Self.flood[1...])) }
    let gathered = try #require(try await waiting.value)
    #expect(gathered.count >= Inbox.highWater)
    received += gathered
    received += try await bench.receive(Self.flood.count - received.count)
    try await writing.value
    #expect(received.count == Self.flood.count && Self.misplaced(in: received) == nil)
    await bench.close()
  }

  /// The first word of the flood that is not at its place; nil where all are.
  private static func misplaced(in received: [UInt8]) -> String? {
    // As words: an array of bytes is compared at a fraction of the speed in a debug build.
    let word = received.withUnsafeBytes { $0.bindMemory(to: UInt32.self).enumerated().first { UInt32($0) != $1 } }
    return word.map { "place \($0.offset * 4) holds what belongs at \($0.element * 4)" }
  }
}
