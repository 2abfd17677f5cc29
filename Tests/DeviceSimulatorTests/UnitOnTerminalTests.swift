import Foundation
import TestSupport
import Testing

@testable import DeviceSimulator

@Suite("A simulated unit behind its tty", .timeLimit(.minutes(2)))
struct UnitOnTerminalTests {
  static func atPrompt(_ name: String = "unit", _ change: (inout UBootOptions) -> Void = { _ in }) -> SimulatedUnit {
    var unit = SimulatedUnit.uBoot(name, change)
    unit.start = .prompt
    return unit
  }

  @Test("boots when its tty is opened, and is stopped by a key")
  func boot() async throws {
    try await withHost { host in
      let unit = try await host.start(.uBoot { $0.bootDelay = 9 })
      #expect(await unit.counters().starts == 0)
      try await withTerminal(unit.path) { user in
        let banner = try await user.read(until: "autoboot:  9 ")
        #expect(banner.hasPrefix("\r\n\r\nU-Boot 2023.01"))
        try await user.send(" ")
        #expect(try await user.read(until: "=> ").hasSuffix("\u{8}\u{8}\u{8} 0 \r\n=> "))
      }
      #expect(await unit.counters().starts == 1)
    }
  }

  @Test("carries characters no faster than its speed", arguments: [9600, 115_200, 921_600])
  func pace(speed: Int) async throws {
    try await withHost { host in
      var simulated = Self.atPrompt()
      simulated.speed = speed
      let unit = try await host.start(simulated)
      let count = speed / 10 / 4
      let seconds = try await withTerminal(unit.path, speed: UInt32(speed)) { user in
        let start = ContinuousClock.now
        try await user.send("md.b 40200000 80000\r")
        _ = try await user.read(count)
        return (ContinuousClock.now - start) / .seconds(1)
      }
      #expect(seconds >= Double(count) * 10 / Double(speed) - 0.004)
    }
  }

  @Test("a dump over the line equals the memory")
  func dump() async throws {
    try await withHost { host in
      var simulated = Self.atPrompt()
      simulated.speed = 921_600
      let unit = try await host.start(simulated)
      let text = try await withTerminal(unit.path, speed: 921_600) { user in
        try await user.send("md.b 40000000 4000\r")
        return try await user.read(until: "\r\n=> ")
      }
      let bytes = text.split(separator: "\r\n").dropFirst().dropLast().flatMap { line in
        line.dropFirst(10).prefix(47).split(separator: " ").compactMap { UInt8($0, radix: 16) }
      }
      #expect(bytes == unit.contents(address: 0x4000_0000, size: 0x4000))
      #expect(bytes == seededBytes(count: 0x4000, seed: 7))
      #expect(await unit.counters().bytesDumped == 0x4000)
      #expect(await unit.counters().bytesOut >= text.utf8.count)
    }
  }

  @Test("gives garbage at another speed, and text again at its own")
  func speedMismatch() async throws {
    try await withHost { host in
      let unit = try await host.start(Self.atPrompt())
      try await withTerminal(unit.path, speed: 57_600) { user in
        try await user.send(Array(repeating: UInt8(ascii: "a"), count: 16))
        let garbage = try await user.read(16)
        #expect(!garbage.contains(UInt8(ascii: "a")))
      }
      // 117187 baud is what a W90's port makes of 115200: near enough.
      try await withTerminal(unit.path, speed: 117_187) { user in
        try await user.send("\u{3}")
        _ = try await user.read(until: "<INTERRUPT>\r\n=> ")
      }
    }
  }

  @Test("follows a change of speed on both ends")
  func changeOfSpeed() async throws {
    try await withHost { host in
      let unit = try await host.start(Self.atPrompt())
      try await withTerminal(unit.path) { user in
        try await user.send("setenv baudrate 57600\r")
        _ = try await user.read(until: "press ENTER ...\r\n")
      }
      try await withTerminal(unit.path, speed: 57_600) { user in
        // The unit takes its time to switch, and throws away what is no CR.
        await until { await unit.portSpeed() == 57_600 }
        try await user.send("xx\r")
        _ = try await user.read(until: "=> ")
        try await user.send("echo ok\r")
        #expect(try await user.read(until: "=> ") == "echo ok\r\nok\r\n=> ")
      }
    }
  }

  @Test("what it prints while nobody listens is lost")
  func unheard() async throws {
    try await withHost { host in
      var simulated = Self.atPrompt()
      simulated.start = .flooding
      simulated.speed = 921_600
      // Long enough for a minute of output.
      simulated.memory = [MemoryArea(address: 0x4000_0000, size: 0x10_0000, content: .random(seed: 1))]
      let unit = try await host.start(simulated)
      await until { await unit.counters().bytesOut >= 20_000 }
      try await withTerminal(unit.path, speed: 921_600) { user in
        let line = try await user.read(until: "\r\n")
        let whole = try await user.read(until: "\r\n")
        #expect(line.utf8.count <= 77)
        #expect(!whole.hasPrefix("40000000"))
        try await user.send("\u{3}")
        _ = try await user.read(until: "\r\n=> ")
      }
    }
  }

  @Test("waits with half a line typed")
  func halfLine() async throws {
    try await withHost { host in
      var simulated = Self.atPrompt()
      simulated.start = .halfLine
      let unit = try await host.start(simulated)
      try await withTerminal(unit.path) { user in
        try await user.send("0000 1\r")
        let answer = try await user.read(until: "=> ")
        #expect(answer.hasPrefix("0000 1\r\n40200000: 00 "))
      }
    }
  }

  @Test("frozen it says nothing; thawed it goes on where it was")
  func freeze() async throws {
    try await withHost { host in
      let unit = try await host.start(Self.atPrompt())
      try await withTerminal(unit.path) { user in
        try await user.send("md.b 40000000 100\r")
        var text = try await user.read(until: "40000010: ")
        await unit.freeze()
        let sent = await unit.counters().bytesOut
        // Another unit's whole exchange takes longer than a tick.
        let other = try await host.start(Self.atPrompt("other"))
        try await withTerminal(other.path) { user in
          try await user.send("md.b 40000000 40\r")
          _ = try await user.read(until: "\r\n=> ")
        }
        #expect(await unit.counters().bytesOut == sent)
        await unit.thaw()
        text += try await user.read(until: "\r\n=> ")
        #expect(text.split(separator: "\r\n").count == 18)
      }
    }
  }

  @Test("a power cycle in mid-dump brings the banner")
  func powerCycle() async throws {
    try await withHost { host in
      let unit = try await host.start(Self.atPrompt())
      try await withTerminal(unit.path) { user in
        try await user.send("md.b 40000000 4000\r")
        _ = try await user.read(until: "40000020: ")
        await unit.powerCycle()
        _ = try await user.read(until: "\r\n\r\nU-Boot 2023.01")
        await unit.reset()
        _ = try await user.read(until: "\r\n\r\nU-Boot 2023.01")
        await unit.powerOff()
        #expect(await unit.counters().starts == 3)
      }
    }
  }

  @Test("a hangup ends the reading and removes the link")
  func hangUp() async throws {
    try await withHost { host in
      let unit = try await host.start(Self.atPrompt())
      try await withTerminal(unit.path) { user in
        try await user.send("\r")
        _ = try await user.read(until: "=> ")
        await unit.hangUp()
        let rest = try await user.readToEnd()
        #expect(rest == [])
      }
      #expect(!FileManager.default.fileExists(atPath: unit.path))
      await unit.stop()
      #expect(unit.contents(address: 0x4020_0000, size: 2) == [0, 0])
    }
  }

  @Test("a late echo comes, late")
  func lateEcho() async throws {
    try await withHost { host in
      var simulated = Self.atPrompt()
      simulated.echoDelay = 150
      let unit = try await host.start(simulated)
      try await withTerminal(unit.path) { user in
        let start = ContinuousClock.now
        try await user.send("echo x\r")
        _ = try await user.read(until: "echo x\r\nx\r\n=> ")
        #expect(ContinuousClock.now - start >= .milliseconds(150))
      }
    }
  }

  @Test("noise is counted, and a flipped bit stays in memory")
  func faults() async throws {
    try await withHost { host in
      let unit = try await host.start(Self.atPrompt())
      try unit.flipBit(6, address: 0x4020_0000)
      try await withTerminal(unit.path) { user in
        try await user.send("md.b 40200000 1\r")
        #expect(try await user.read(until: "=> ").contains("40200000: 40 "))
        await unit.setNoise(LineNoise(seed: 3, drops: 0.1))
        try await user.send("md.b 40200000 400\r")
        await until { await unit.counters().bytesDumped >= 0x401 }
        await unit.setNoise(nil)
        #expect(await unit.counters().noise.dropped > 100)
      }
      #expect(throws: SimulatorError.self) { try unit.flipBit(0, address: 0x100) }
    }
  }

  @Test("a reset loses what a command has written to memory, and not what was changed from outside")
  func resetLosesRAM() async throws {
    try await withHost { host in
      let unit = try await host.start(Self.atPrompt())
      try unit.flipBit(6, address: 0x4020_0000)
      try await withTerminal(unit.path) { user in
        try await user.send("mw.b 40200001 55 2\r")
        _ = try await user.read(until: "\n=> ")
        #expect(unit.contents(address: 0x4020_0000, size: 3) == [0x40, 0x55, 0x55])
        await unit.reset()
        #expect(unit.contents(address: 0x4020_0000, size: 3) == [0x40, 0, 0])
      }
    }
  }

  @Test("sixty-four units at once")
  func many() async throws {
    try await withHost { host in
      let fleet = SimulatedFleet(units: (0..<64).map { Self.atPrompt("unit\($0)") })
      let units = try await host.start(fleet)
      let sizes = try await withThrowingTaskGroup(of: Int.self) { group in
        for unit in units {
          group.addTask {
            try await withTerminal(unit.path) { user in
              try await user.send("md.l 40000000 400\r")
              return try await user.read(until: "\r\n=> ").utf8.count
            }
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(sizes == Array(repeating: 19 + 256 * 65 + 3, count: 64))
    }
  }
}
