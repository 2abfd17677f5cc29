import ConsoleDialect
import Testing

@testable import DumpEngine

@Suite("A ledger knows what is held, why, and what was given up")
struct BlockLedgerTests {
  @Test("neighbours alike are joined, others are not")
  func joins() {
    var ledger = BlockLedger(size: 100)
    ledger.record(0..<10, .none)
    ledger.record(20..<30, .none)
    ledger.record(10..<20, .none)
    ledger.record(30..<40, .reread)
    #expect(ledger.blocks.map(\.range) == [0..<30, 30..<40])
    #expect(ledger.heldBytes == 40)
    #expect(ledger.unproven.ranges.map { $0 } == [0..<30])
  }

  @Test("new evidence takes the place of old, also in the middle of a block")
  func replaces() {
    var ledger = BlockLedger(size: 100)
    ledger.record(0..<100, .none)
    ledger.record(40..<60, .deviceDigest(.crc32))
    #expect(ledger.blocks.map(\.range) == [0..<40, 40..<60, 60..<100])
    #expect(ledger.blocks.map(\.evidence) == [.none, .deviceDigest(.crc32), .none])
    ledger.record(0..<100, .deviceDigest(.crc32))
    #expect(ledger.blocks.map(\.range) == [0..<100])
  }

  @Test("what was held before is held, and proved by nothing")
  func earlier() {
    let earlier = [
      BlockRange(range: 0..<30, evidence: .reread, provenance: .wire),
      BlockRange(range: 60..<70, evidence: .deviceDigest(.crc32), provenance: .sibling("A")),
    ]
    let ledger = BlockLedger(size: 100, earlier: earlier)
    #expect(ledger.blocks.map(\.range) == [0..<30, 60..<70])
    #expect(ledger.blocks.allSatisfy { $0.evidence == .none })
    #expect(ledger.blocks.map(\.provenance) == [.earlier, .sibling("A")])
    #expect(ledger.gaps(in: 20..<65).ranges.map { $0 } == [30..<60])
  }

  @Test("what is given up is not held, and holding it again takes it from the bad")
  func givesUp() {
    var ledger = BlockLedger(size: 100)
    ledger.record(0..<100, .none)
    ledger.giveUp(16..<32, .noise)
    #expect(ledger.held.ranges.map { $0 } == [0..<16, 32..<100])
    #expect(ledger.bad.ranges.map { $0 } == [16..<32])
    #expect(ledger.faults == [BlockFault(range: 16..<32, cause: .noise)])
    ledger.record(20..<24, .none)
    #expect(ledger.faults.map(\.range) == [16..<20, 24..<32])
    ledger.record(16..<32, .none)
    #expect(ledger.heldBytes == 100)
    #expect(ledger.bad.isEmpty && ledger.faults.isEmpty)
  }

  @Test("what proves a range does not change where it came from")
  func proves() {
    var ledger = BlockLedger(size: 100, earlier: [BlockRange(range: 0..<50, evidence: .none, provenance: .wire)])
    ledger.record(50..<100, .none)
    ledger.prove(40..<60, .deviceDigest(.crc32))
    #expect(ledger.blocks.map(\.range) == [0..<40, 40..<50, 50..<60, 60..<100])
    #expect(ledger.blocks.map(\.provenance) == [.earlier, .earlier, .wire, .wire])
    #expect(ledger.proven.ranges.map { $0 } == [40..<60])
    ledger.prove(0..<200, .reread)
    #expect(ledger.heldBytes == 100 && ledger.unproven.isEmpty)
  }

  @Test("an empty range changes nothing")
  func empty() {
    var ledger = BlockLedger(size: 10)
    ledger.record(5..<5, .none)
    #expect(ledger.blocks.isEmpty)
  }
}

@Suite("A region that is held is not yet complete")
struct RegionStandingTests {
  @Test(
    "it is when the image bears its name, and verified when all of it is proved",
    arguments: [
      (true, Evidence.reread, false, false), (false, .none, true, false), (false, .reread, true, true),
    ])
  func standing(isPartial: Bool, evidence: Evidence, isComplete: Bool, isVerified: Bool) {
    var region = RegionResult(name: "r", file: "r.bin", address: 0, size: 16)
    region.blocks = [BlockRange(range: 0..<16, evidence: evidence, provenance: .wire)]
    region.isPartial = isPartial
    #expect(region.isComplete == isComplete)
    #expect(region.isVerified == isVerified)
  }
}
