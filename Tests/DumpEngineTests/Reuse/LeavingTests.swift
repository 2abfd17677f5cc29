import DeviceDigests
import DeviceSimulator
import TestSupport
import Testing

@testable import DumpEngine

@Suite("A session that ends leaves the exchange", .timeLimit(.minutes(2)))
struct LeavingTests {
  private static let size = 64 << 10
  private static let block = 16 << 10

  @Test("what a dead unit was reading is anybody's at once")
  func dying() async throws {
    var dying = Units.uBoot()
    dying.faults = FaultPlan(seed: 1)
    dying.faults?.hangUps = FaultOccurrence(after: 30_000, limit: 1)
    let exchange = Exchange()
    try await withUnit(dying) { unit in
      let content = try #require(unit.contents(address: Units.flash, size: Self.size))
      let wishes = stride(from: 0, to: Self.size, by: Self.block).map { start in
        let place = start..<start + Self.block
        let digest = HostDigest.hex(.crc32, of: Array(content[place]))
        return Exchange.Wish(place: place, key: BlockKey(algorithm: .crc32, length: Self.block, digest: digest))
      }
      // So slow that nobody else's claim is overdue while a test runs.
      let party = Exchange.Party(name: "other", region: "flash", image: "/b/other/flash.bin", visitor: nil, pace: 1)
      let other = await exchange.join(party, lacking: wishes)
      var manifest = SlotManifest(address: Units.flash, size: Self.size)
      manifest.console = #", "readLength": \#(Self.block)"#
      let run = try await runSession(manifest, at: .tty(path: unit.path), exchange: exchange)
      #expect(run.unit.failure?.kind == "link-lost", run.failureText)
      var have = RangeSet<Int>()
      while true {
        switch await exchange.next(for: other) {
        case .idle: continue
        case .done:
          #expect(have == RangeSet(0..<Self.size))
          return
        case .take(let takings):
          for taking in takings { have.insert(contentsOf: taking.wish.place) }
          await exchange.withdraw(takings.map(\.wish), of: other)
        case .read(let reading):
          have.insert(contentsOf: reading.part)
          await exchange.publish(reading.part, by: other)
        }
      }
    }
  }
}
