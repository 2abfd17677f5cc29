import TestSupport
import Testing

@testable import DeviceSimulator

@Suite("Faults of a unit")
struct UnitFaultTests {
  static let banner = Array("\r\n\r\nU-Boot 2023.01".utf8)

  @Test("a stall takes the time it is told, and nothing is lost")
  func stalls() throws {
    var unit = SimulatedUnit.uBoot()
    let clean = try DrivenDevice(unit)
    unit.faults = FaultPlan { $0.stalls = .init(FaultOccurrence(rate: 0.1, limit: 3), milliseconds: 700) }
    let stalling = try DrivenDevice(unit)
    clean.device.send("md.b 40000000 100\r".utf8)
    stalling.device.send("md.b 40000000 100\r".utf8)
    #expect(stalling.run(until: "\n=> ") == clean.run(until: "\n=> "))
    #expect(stalling.device.counters.faults.stalls == 3)
    let late = stalling.now - clean.now
    #expect((2_090_000_000...2_100_000_000).contains(late))
  }

  @Test("what is typed in a stall waits at the port, as much as fits")
  func typingInStall() throws {
    let device = try DrivenDevice(.uBoot())
    device.device.setFaults(FaultPlan { $0.stalls = .init(FaultOccurrence(after: 5), milliseconds: 1000) })
    var output: [UInt8] = []
    device.device.send("echo abc\r".utf8)
    while device.device.counters.faults.stalls == 0 { _ = device.device.carry(1, now: 1, hostSpeed: 0, into: &output) }
    device.device.send([UInt8](repeating: UInt8(ascii: "x"), count: 100))
    let (_, pause) = device.device.carry(1000, now: 2, hostSpeed: 0, into: &output)
    #expect(pause == .sleeping(until: 1_000_000_001))
    #expect(output.count == 5)
    #expect(device.device.counters.bytesOverrun == device.device.counters.bytesIn - 5 - 64)
  }

  @Test("a watchdog resets after so many characters, and the unit boots")
  func reset() throws {
    let clean = try FaultyRun(nil)
    let run = try FaultyRun(FaultPlan { $0.resets = FaultOccurrence(after: 1000) })
    #expect(run.output.prefix(1000) == clean.output.prefix(1000))
    #expect(Array(run.output[1000...].prefix(Self.banner.count)) == Self.banner)
    #expect(String(decoding: run.output, as: UTF8.self).contains("Hit any key to stop autoboot:  2 "))
    #expect(run.faults.resets == 1)
    #expect(run.counters.starts == 2)
  }

  @Test("a watchdog resets at a rate, no more often than allowed")
  func resets() throws {
    let run = try FaultyRun(FaultPlan { $0.resets = FaultOccurrence(rate: 0.05, limit: 4) })
    #expect(run.faults.resets == 4)
    #expect(run.counters.starts == 5)
    #expect(run.output.ranges(of: Self.banner).count <= 4)
  }

  @Test("an adapter vanishes behind so many characters")
  func hangUp() throws {
    let device = try DrivenDevice(.uBoot())
    device.device.setFaults(FaultPlan { $0.hangUps = FaultOccurrence(after: 500) })
    device.device.send(FaultyRun.dump.utf8)
    var output: [UInt8] = []
    let (_, pause) = device.device.carry(100_000, now: 1, hostSpeed: 0, into: &output)
    #expect(pause == .hungUp)
    #expect(output == Array(try FaultyRun(nil).output.prefix(500)))
    #expect(device.device.counters.faults.hangUps == 1)
    // The unit knows nothing of it.
    #expect(output + device.settle().bytes == (try FaultyRun(nil)).output)
    #expect(device.hangUps == 0)
  }

  @Test("a dead console stays dead, whatever is done to the unit")
  func death() throws {
    let device = try DrivenDevice(.uBoot())
    device.device.setFaults(FaultPlan { $0.deadAfter = 500 })
    #expect(device.type(FaultyRun.dump).bytes == Array(try FaultyRun(nil).output.prefix(500)))
    #expect(device.device.counters.faults.deaths == 1)
    #expect(device.type("\r").bytes == [])
    device.device.reset()
    #expect(device.settle().bytes == [])
    device.device.powerOff()
    device.device.reset()
    #expect(device.settle().bytes == [])
    #expect(device.type(" \r").bytes == [])
    #expect(device.device.counters.starts == 3)
    device.device.setFaults(nil)
    #expect(device.settle().bytes.starts(with: Self.banner))
  }

  static let plans: [FaultPlan] = [
    FaultPlan { $0.bursts = .init(FaultOccurrence(rate: 0.01), length: 3) },
    FaultPlan { $0.foreignLines = .init(FaultOccurrence(rate: 0.001)) },
    FaultPlan { $0.stalls = .init(FaultOccurrence(rate: 0.001), milliseconds: 10) },
    FaultPlan { $0.resets = FaultOccurrence(rate: 0.0005, limit: 3) },
    FaultPlan { $0.hangUps = FaultOccurrence(rate: 0.001) },
    FaultPlan { $0.unstableCells = UnstableCells(count: 300) },
    FaultPlan { $0.drift = ClockDrift(percent: 3, after: 30) },
    FaultPlan {
      $0.bursts = .init(FaultOccurrence(rate: 0.01), length: 3)
      $0.foreignLines = .init(FaultOccurrence(rate: 0.001))
      $0.stalls = .init(FaultOccurrence(rate: 0.001), milliseconds: 10)
    },
  ]

  @Test("the same seed brings the same faults, another one brings others", arguments: plans)
  func seed(plan: FaultPlan) throws {
    let run = try FaultyRun(plan)
    #expect(run.faults != FaultCounters())
    #expect(try FaultyRun(plan) == run)
    var other = plan
    other.seed += 1
    #expect(try FaultyRun(other) != run)
  }

  @Test("a kind of fault that is added does not move another kind's places")
  func independence() throws {
    let stalls = FaultPlan.Stalls(FaultOccurrence(rate: 0.01), milliseconds: 1)
    let one = try FaultyRun(FaultPlan { $0.bursts = .init(FaultOccurrence(rate: 0.01), length: 3) })
    let two = try FaultyRun(
      FaultPlan {
        $0.bursts = .init(FaultOccurrence(rate: 0.01), length: 3)
        $0.stalls = stalls
      })
    #expect(one.output == two.output)
    #expect(two.faults.stalls > 0)
  }
}
