import Testing

@testable import SerialLink

@Suite("A link tells how it ended", .timeLimit(.minutes(4)))
struct EndingTests {
  @Test("what came before the hangup is handed out first", arguments: Transport.allCases)
  func rest(transport: Transport) async throws {
    let bench = try await Bench.open(transport)
    try await bench.far.write(bytes("last words"))
    try await bench.holding(10)
    bench.far.hangUp()
    #expect(readable(try await bench.receive(10)) == "last words")
    for _ in 0..<2 {
      let ended = await failure { () throws(LinkError) in try await bench.link.receive(within: .seconds(600)) }
      #expect(ended == .hungUp(bench.link.address))
    }
    await bench.link.close()
  }

  @Test("who waits is told of the hangup", arguments: Transport.allCases)
  func woken(transport: Transport) async throws {
    let bench = try await Bench.open(transport)
    let waiting = Task { await failure { () throws(LinkError) in try await bench.link.receive(within: .seconds(600)) } }
    try await bench.waiting()
    bench.far.hangUp()
    #expect(await waiting.value?.kind == .hungUp)
    let unsent = await failure { () throws(LinkError) in try await bench.link.send([0x0D]) }
    #expect(unsent?.kind == .hungUp)
    await bench.link.close()
  }

  @Test("a reset connection is a hangup")
  func reset() async throws {
    let bench = try await Bench.open(.tcp)
    let waiting = Task { await failure { () throws(LinkError) in try await bench.link.receive(within: .seconds(600)) } }
    bench.far.reset()
    #expect(await waiting.value == .hungUp(bench.link.address))
    await bench.link.close()
  }

  @Test("a peer that vanished without a word is a hangup")
  func vanished() async throws {
    let bench = try await Bench.open(.tcp)
    let waiting = Task { await failure { () throws(LinkError) in try await bench.link.receive(within: .seconds(600)) } }
    // Where this user may not do it silently, the connection ends in good order: a hangup as well.
    _ = bench.far.vanish()
    #expect(await waiting.value?.kind == .hungUp)
    await bench.link.close()
  }

  @Test("a peer that takes nothing ends the link", arguments: Transport.allCases)
  func stalled(transport: Transport) async throws {
    let bench = try await Bench.open(transport, sendLimit: .milliseconds(50))
    let flood = [UInt8](repeating: 0x55, count: 32 << 20)
    let stuck = await failure { () throws(LinkError) in try await bench.link.send(flood) }
    #expect(stuck?.kind == .stalled)
    #expect(stuck?.message.hasPrefix("took nothing for 50 ms: ") == true)
    let after = await failure { () throws(LinkError) in try await bench.link.send([0x0D]) }
    #expect(after == stuck)
    let received = await failure { () throws(LinkError) in try await bench.link.receive(within: .seconds(600)) }
    #expect(received == stuck)
    await bench.close()
  }

  @Test("a slow peer is no stalled one")
  func slow() async throws {
    let bench = try await Bench.open(.tty, sendLimit: .seconds(20))
    let sent = [UInt8](repeating: 0x55, count: 1 << 20)
    let sending = Task { try await bench.link.send(sent) }
    for _ in 0..<1024 { #expect(try await bench.far.read(1024).count == 1024) }
    try await sending.value
    await bench.close()
  }

  @Test("closing twice, and at once, is fine; who waits is told", arguments: Transport.allCases)
  func closing(transport: Transport) async throws {
    let bench = try await Bench.open(transport)
    let waiting = Task { await failure { () throws(LinkError) in try await bench.link.receive(within: .seconds(600)) } }
    try await bench.waiting()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 { group.addTask { await bench.link.close() } }
    }
    await bench.link.close()
    #expect(await waiting.value == .closed(bench.link.address))
    let unsent = await failure { () throws(LinkError) in try await bench.link.send([0x0D]) }
    #expect(unsent == .closed(bench.link.address))
    bench.far.hangUp()
  }

  @Test("a link without a line says so", arguments: [Transport.tcp, .unix])
  func noLine(transport: Transport) async throws {
    let bench = try await Bench.open(transport)
    let link = bench.link
    #expect(link.speed == 115_200)
    #expect(await failure { () throws(LinkError) in try await link.setSpeed(9600) }?.kind == .unsupported)
    #expect(await failure { () throws(LinkError) in try await link.sendBreak() }?.kind == .unsupported)
    let lines = await failure { () throws(LinkError) in try await link.setModemLines(dtr: true, rts: nil) }
    #expect(lines?.kind == .unsupported)
    #expect(
      lines?.message
        == "is a plain byte stream and cannot switch DTR or RTS: set it at the console server, or use a local tty")
    await bench.close()
  }
}
