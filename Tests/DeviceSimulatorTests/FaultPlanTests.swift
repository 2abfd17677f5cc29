import PositionedDocument
import TestSupport
import Testing

@testable import DeviceSimulator

@Suite("The faults of a fleet file")
struct FaultPlanTests {
  static func decode(_ faults: String) throws -> SimulatedUnit {
    try SimulatedFleetTests.decode(
      #"{"units": [{"name": "a", "kind": "w90", "memory": [], \#(faults)}]}"#
    ).units[0]
  }

  @Test("are read, each with its numbers")
  func all() throws {
    let unit = try Self.decode(
      """
      "noise": {"insertions": 0.25}, "faults": {
        "seed": "0x10", "bursts": {"rate": 0.001, "length": 20, "limit": 4},
        "foreignLines": {"after": 30, "placement": "withinLine", "texts": ["eth0: link up"]},
        "stalls": {"rate": 0.5, "milliseconds": 250}, "resets": {"rate": 0.1, "after": 7, "limit": 2},
        "hangUps": {"after": 9}, "deadAfter": 1000, "lies": {"rate": 1},
        "digests": {"resetAbove": 4096, "lieAbove": 64, "microsecondsPerByte": 2.5, "spared": 3, "algorithms": ["md5"]},
        "unstableCells": {"addresses": ["0x40000000", 5], "count": 3, "within": {"address": 16, "size": "4KiB"},
          "probability": 0.75},
        "drift": {"percent": -3.5, "after": 12}}
      """)
    let plan = try #require(unit.faults)
    #expect(unit.noise?.insertions == 0.25)
    #expect(plan.seed == 16)
    #expect(plan.bursts == .init(FaultOccurrence(rate: 0.001, limit: 4), length: 20))
    #expect(
      plan.foreignLines == .init(FaultOccurrence(after: 30), placement: .withinLine, texts: ["eth0: link up"]))
    #expect(plan.stalls == .init(FaultOccurrence(rate: 0.5), milliseconds: 250))
    #expect(plan.resets == FaultOccurrence(rate: 0.1, after: 7, limit: 2))
    #expect(plan.hangUps == FaultOccurrence(after: 9))
    #expect(plan.deadAfter == 1000)
    #expect(plan.lies == FaultOccurrence(rate: 1))
    var digests = DigestFaults(resetAbove: 4096, lieAbove: 64, microsecondsPerByte: 2.5, algorithms: ["md5"])
    digests.spared = 3
    #expect(plan.digests == digests)
    #expect(
      plan.unstableCells
        == UnstableCells(
          addresses: [0x4000_0000, 5], count: 3, within: MemoryRange(address: 16, size: 4096), probability: 0.75))
    #expect(plan.drift == ClockDrift(percent: -3.5, after: 12))
  }

  @Test(
    "are refused where they make no sense, with their place",
    arguments: [
      (#""resets": {}"#, "faults.resets.rate: it would never happen; write a `rate` above 0, or `after`"),
      (#""resets": {"rate": 1.5}"#, "faults.resets.rate: found 1.5; a share is from 0 to 1"),
      (#""hangUps": {"after": 0}"#, "faults.hangUps.after: found 0; allowed is at least 1"),
      (#""lies": {"rate": 1, "limit": 0}"#, "faults.lies.limit: found 0; allowed is at least 1"),
      (#""digests": {"lieAbove": -1}"#, "faults.digests.lieAbove: found -1; allowed is at least 0"),
      (#""digests": {"microsecondsPerByte": -1}"#, "found -1.0; allowed is 0 to 1000000"),
      (#""bursts": {"rate": 1, "length": 0}"#, "faults.bursts.length: found 0; allowed is 1 to 1000000"),
      (#""bursts": {"rate": 1, "lenght": 2}"#, "unknown key `lenght`; did you mean `length`?"),
      (#""stalls": {"rate": 1}"#, "missing key `milliseconds`"),
      (#""stalls": {"rate": 1, "milliseconds": -1}"#, "found -1; allowed is 1 to 86400000"),
      (#""foreignLines": {"rate": 1, "texts": ["a\nb"]}"#, "a text holds a line end; write each line as a text"),
      (#""foreignLines": {"rate": 1, "placement": "above"}"#, "unknown value `above`"),
      (#""deadAfter": 0"#, "faults.deadAfter: found 0; allowed is at least 1"),
      (#""unstableCells": {}"#, "no cell is unstable; write `addresses`, or a `count`"),
      (#""unstableCells": {"count": 1, "probability": 0}"#, "a cell that never changes is not unstable"),
      (#""unstableCells": {"count": 1, "within": {"address": 1, "size": 0}}"#, "found 0; allowed are 1 up to"),
      (#""drift": {"percent": 60}"#, "faults.drift.percent: found 60.0; a clock is off by -50 to 50 percent"),
      (#""insertions": 0.5"#, "unknown key `insertions`"),
    ])
  func mistakes(text: String, message: String) throws {
    let error = #expect(throws: DocumentError.self) { try Self.decode(#""faults": {\#(text)}"#) }
    #expect(error.map { "\($0)" }?.contains(message) == true, "\(String(describing: error))")
  }
}
