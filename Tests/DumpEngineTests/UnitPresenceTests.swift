import DumpManifest
import NIOPosix
import SerialLink
import TestSupport
import Testing

@testable import DumpEngine

@Suite("Whether a unit is there is told by its console", .timeLimit(.minutes(2)))
struct UnitPresenceTests {
  private func watching<Output: Sendable>(
    _ body: @escaping @Sendable (TalkingConsole, @escaping @Sendable () async throws -> [UInt8]) async throws -> Output
  ) async throws -> Output {
    try await withTemporaryFolder { folder in
      let console = try await TalkingConsole.start(path: folder.file("console"))
      let address = LinkAddress.unix(path: folder.file("console"))
      let plan = try SlotManifest(address: 0, size: 4).plan().console
      let link = try await Link.open(
        address, settings: LineSettings(speed: 115_200), on: MultiThreadedEventLoopGroup.singleton)
      let output = try await body(console) {
        try await UnitPresence(plan: plan, link: link).awaitDeparture(from: "=> ")
      }
      await link.close()
      await console.stop()
      return output
    }
  }

  @Test("a driver's message now and then is no departure; silence is")
  func smallTalk() async throws {
    let heard = try await watching { console, departure in
      async let left = departure()
      for text in ["\r\n[   12.3] eth0: link up\r\n", "random: crng init done\r\n=> "] {
        await console.waitUntilAsked(1)
        try await console.say(text)
      }
      await console.waitUntilAsked(2)
      console.fallSilent()
      return try await left
    }
    #expect(heard == [])
  }

  @Test(
    "a start is an arrival, and what it says is not lost",
    arguments: [
      "\r\n\r\nU-Boot SPL 2023.01\r\n", "\r\nDRAM:  128 MiB\r\n", "Hit any key to stop autoboot:  3 ",
      String(repeating: "loading segment\r\n", count: 40),
    ])
  func start(text: String) async throws {
    let heard = try await watching { console, departure in
      async let left = departure()
      await console.waitUntilAsked(1)
      console.fallSilent()
      try await console.say(text)
      return try await left
    }
    let words = String(decoding: heard, as: UTF8.self)
    #expect(!words.isEmpty && words.contains(text.prefix(20)), "\(ReadableBytes(heard))")
  }
}
