import TestSupport
import Testing

@testable import DeviceSimulator

@Suite("Faults of the line")
struct LineFaultTests {
  static let message = "eth0: link up"

  @Test("noise inserts characters at its rate, and takes none away")
  func insertions() {
    var stage = NoiseStage(LineNoise(seed: 5, insertions: 0.01), salt: 0)
    var counters = NoiseCounters()
    var output: [UInt8] = []
    for _ in 0..<10_000 { stage.pass(0x55, at: 115_200, &counters) { output.append($0) } }
    #expect((50...200).contains(counters.inserted))
    #expect(output.count == 10_000 + counters.inserted)
    #expect(output.count { $0 == 0x55 } >= 10_000)
    #expect(counters.flipped + counters.dropped + counters.doubled == 0)
  }

  @Test("a burst garbles so many characters in a row, from where it is told")
  func burst() throws {
    let clean = try FaultyRun(nil)
    let run = try FaultyRun(FaultPlan { $0.bursts = .init(FaultOccurrence(after: 100), length: 12) })
    let wrong = zip(run.output, clean.output).enumerated().filter { $1.0 != $1.1 }.map(\.offset)
    #expect(wrong == Array(99..<111))
    #expect(run.faults.bursts == 1)
    #expect(run.faults.burstCharacters == 12)
  }

  @Test("bursts come at their rate, each garbled character is counted")
  func bursts() throws {
    let clean = try FaultyRun(nil)
    let run = try FaultyRun(FaultPlan { $0.bursts = .init(FaultOccurrence(rate: 0.002), length: 5) })
    #expect(run.output.count == clean.output.count)
    #expect((20...70).contains(run.faults.bursts))
    #expect(run.differences(from: clean) == run.faults.burstCharacters)
    #expect((0..<5).contains(5 * run.faults.bursts - run.faults.burstCharacters))
  }

  @Test(
    "foreign lines come where they are wanted, whole, and take nothing away",
    arguments: FaultPlan.ForeignLines.Placement.allCases)
  func foreignLines(placement: FaultPlan.ForeignLines.Placement) throws {
    let clean = try FaultyRun(nil)
    let run = try FaultyRun(
      FaultPlan {
        $0.foreignLines = .init(FaultOccurrence(rate: 0.002), placement: placement, texts: [Self.message])
      })
    let pieces = String(decoding: run.output, as: UTF8.self).split(
      separator: "\(Self.message)\r\n", omittingEmptySubsequences: false)
    #expect(pieces.joined() == String(decoding: clean.output, as: UTF8.self))
    #expect(pieces.count - 1 == run.faults.foreignLines)
    #expect((15...70).contains(run.faults.foreignLines))
    let between = pieces.dropLast().count { $0.utf8.last == 0x0A }
    switch placement {
    case .betweenLines: #expect(between == run.faults.foreignLines)
    case .withinLine: #expect(between == 0)
    case .anywhere: #expect((1..<run.faults.foreignLines).contains(between))
    }
  }

  @Test("a foreign line that nobody words is a kernel's, with a clock that goes on")
  func kernelMessages() {
    var messages = KernelMessages([], seed: 1)
    let lines = (0..<50).map { _ in String(decoding: messages.next(), as: UTF8.self) }
    let stamps = lines.compactMap { try? /\[ *(\d+\.\d{6})\] [^\r\n]+\r\n/.wholeMatch(in: $0)?.1 }.compactMap {
      Double($0)
    }
    #expect((20..<50).contains(stamps.count))
    #expect(stamps == stamps.sorted())
    #expect(lines.allSatisfy { $0.hasSuffix("\r\n") && $0.utf8.count > 10 })
  }

  @Test(
    "a clock that is off garbles the more the farther it is off",
    arguments: [
      (0.0, 0.0...0.0), (1.9, 0.0...0.0), (-2, 0.0...0.0), (2.3, 0.05...0.15), (-3.5, 0.45...0.55), (4.7, 0.85...0.95),
      (5, 1.0...1.0), (-12, 1.0...1.0),
    ])
  func drift(percent: Double, share: ClosedRange<Double>) throws {
    let clean = try FaultyRun(nil)
    // The command gets through before.
    let run = try FaultyRun(FaultPlan { $0.drift = ClockDrift(percent: percent, after: 30) })
    #expect(run.output.count == clean.output.count)
    #expect(run.output.prefix(30) == clean.output.prefix(30))
    #expect(run.differences(from: clean) == run.faults.drifted)
    #expect(share.contains(Double(run.faults.drifted) / Double(clean.output.count - 30)))
  }

  @Test("a clock that is off garbles both ways")
  func driftBothWays() throws {
    let run = try FaultyRun(FaultPlan { $0.drift = ClockDrift(percent: 6) }, typing: "echo a\r")
    #expect(run.counters.bytesIn == 7)
    #expect(run.faults.drifted == 7 + run.output.count)
    #expect(run.counters.commandsRun == 0)
  }

  @Test("a unit without faults prints the same as one whose faults never come")
  func never() throws {
    let clean = try FaultyRun(nil)
    #expect(try FaultyRun(FaultPlan { $0.resets = FaultOccurrence(after: 1_000_000) }) == clean)
    #expect(try FaultyRun(FaultPlan()) == clean)
  }
}
