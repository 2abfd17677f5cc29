import Foundation
import TestSupport
import Testing

@testable import DeviceSimulator

@Suite("A simulated unit's adapter", .timeLimit(.minutes(2)))
struct AdapterTests {
  @Test("put back it leads to the same unit, with its contents and counters")
  func plugIn() async throws {
    try await withHost { host in
      let unit = try await host.start(UnitOnTerminalTests.atPrompt())
      try await withTerminal(unit.path) { user in
        try await user.send("mw.b 40200000 5a\r")
        _ = try await user.read(until: "\r\n=> ")
        await unit.hangUp()
        #expect(try await user.readToEnd() == [])
      }
      #expect(!(await unit.isPluggedIn()))
      #expect(!FileManager.default.fileExists(atPath: unit.path))
      try await unit.plugIn()
      #expect(await unit.isPluggedIn())
      try await withTerminal(unit.path) { user in
        try await user.send("md.b 40200000 1\r")
        #expect(try await user.read(until: "\r\n=> ").contains("40200000: 5a "))
      }
      #expect(await unit.counters().commandsRun == 2)
      #expect(await unit.counters().starts == 1)
    }
  }

  @Test("that is plugged in or stopped is not plugged in")
  func refusals() async throws {
    try await withHost { host in
      let unit = try await host.start(UnitOnTerminalTests.atPrompt())
      await #expect(throws: SimulatorError.self) { try await unit.plugIn() }
      #expect(await unit.isPluggedIn())
      await unit.hangUp()
      let other = try await host.start(UnitOnTerminalTests.atPrompt())
      await #expect(throws: SimulatorError.self) { try await unit.plugIn() }
      #expect(await other.isPluggedIn())
      await other.stop()
      await #expect(throws: SimulatorError.self) { try await other.plugIn() }
      try await unit.plugIn()
      #expect(await unit.isPluggedIn())
    }
  }

  @Test("vanishes by a fault, again and again, while the unit goes on")
  func vanishing() async throws {
    try await withHost { host in
      var simulated = UnitOnTerminalTests.atPrompt()
      simulated.speed = 921_600
      simulated.faults = FaultPlan { $0.hangUps = FaultOccurrence(after: 500) }
      let unit = try await host.start(simulated)
      for time in 1...3 {
        try await withTerminal(unit.path, speed: 921_600) { user in
          try await user.send("md.b 40200000 400\r")
          _ = try await user.readToEnd()
        }
        #expect(await unit.counters().faults.hangUps == time)
        #expect(!(await unit.isPluggedIn()))
        // Unheard or not, the dump that was going on ends. What is typed before that it would take for a ctrl-C.
        let whole = Array(repeating: MemoryRange(address: 0x4020_0000, size: 0x400), count: time)
        await until { await unit.counters().rangesDumped == whole }
        await unit.setFaults(simulated.faults)
        try await unit.plugIn()
      }
      await unit.setFaults(nil)
      try await withTerminal(unit.path, speed: 921_600) { user in
        try await user.send("echo ok\r")
        _ = try await user.read(until: "ok\r\n=> ")
      }
    }
  }

  @Test("pulled while the unit is silent, and the unit reset meanwhile, it leads to a booted unit")
  func resetUnheard() async throws {
    try await withHost { host in
      var simulated = UnitOnTerminalTests.atPrompt { $0.bootDelay = -1 }
      simulated.speed = 921_600
      let unit = try await host.start(simulated)
      await unit.hangUp()
      let before = await unit.counters().bytesOut
      await unit.reset()
      await until { await unit.counters().bytesOut >= before + 100 }
      try await unit.plugIn()
      try await withTerminal(unit.path, speed: 921_600) { user in
        try await user.send("echo ok\r")
        _ = try await user.read(until: "ok\r\n=> ")
      }
      #expect(await unit.counters().starts == 2)
    }
  }
}
