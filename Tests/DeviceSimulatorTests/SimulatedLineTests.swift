import TestSupport
import Testing

@testable import DeviceSimulator

@Suite("The simulated line")
struct SimulatedLineTests {
  @Test("a clock gives out what its speed allows, over any time", arguments: [110, 9600, 115_200, 117_187, 3_000_000])
  func clock(speed: Int) {
    var clock = CharacterClock(speed: speed, now: 5)
    var carried = 0
    let minutes: Nanoseconds = 600
    for step in 1...(minutes * 6) {
      let due = clock.due(now: 5 + step * 10_000_000_000)
      clock.take(due)
      carried += due
    }
    #expect(carried == speed / 10 * Int(minutes) * 60 + speed % 10 * Int(minutes) * 6)
    #expect(clock.due(now: 0) <= 0)
  }

  @Test("a line that was idle for a year has had time for what its speed says", arguments: [115_200, 4_000_000])
  func longIdle(speed: Int) {
    let year: Nanoseconds = 365 * 86_400 * 1_000_000_000
    #expect(CharacterClock(speed: speed, now: 0).due(now: year) == 365 * 86_400 * speed / 10)
  }

  @Test("a clock begins anew without credit")
  func restart() {
    var clock = CharacterClock(speed: 1000, now: 0)
    #expect(clock.due(now: 1_000_000_000) == 100)
    clock.restart(speed: 2000, now: 1_000_000_000)
    #expect(clock.due(now: 1_000_000_000) == 0)
    #expect(clock.due(now: 1_005_000_000) == 1)
  }

  @Test("speeds within three percent understand each other")
  func tolerance() {
    #expect(SpeedMismatch(unitSpeed: 115_200, hostSpeed: 117_187) == nil)
    #expect(SpeedMismatch(unitSpeed: 115_200, hostSpeed: 0) == nil)
    #expect(SpeedMismatch(unitSpeed: 100_000, hostSpeed: 103_000) == nil)
    #expect(SpeedMismatch(unitSpeed: 100_000, hostSpeed: 103_001) != nil)
  }

  @Test("no character survives unequal speeds, and garbage is the same each time")
  func garbage() throws {
    let mismatch = try #require(SpeedMismatch(unitSpeed: 115_200, hostSpeed: 9600))
    for byte in UInt8.min...UInt8.max {
      #expect(mismatch.garbled(byte) != byte)
      #expect(mismatch.garbled(byte) == mismatch.garbled(byte))
    }
  }

  @Test("a mismatch garbles both ways")
  func bothWays() throws {
    let device = try DrivenDevice(.uBoot())
    device.hostSpeed = 9600
    #expect(device.type("echo a\r").bytes.firstRange(of: Array("echo".utf8)) == nil)
    device.hostSpeed = 115_200
    _ = device.type("\u{3}")
    #expect(device.type("echo a\r") == ReadableBytes("echo a\r\na\r\n=> "))
  }

  @Test(
    "noise does what its rates say, and the same for the same seed",
    arguments: [
      (LineNoise(seed: 1, flips: 0.01), \NoiseCounters.flipped), (LineNoise(seed: 2, drops: 0.01), \.dropped),
      (LineNoise(seed: 3, doublings: 0.01), \.doubled),
    ] as [(LineNoise, KeyPath<NoiseCounters, Int> & Sendable)])
  func noise(noise: LineNoise, counter: KeyPath<NoiseCounters, Int> & Sendable) {
    func passed() -> ([UInt8], NoiseCounters) {
      var stage = NoiseStage(noise, salt: 0)
      var counters = NoiseCounters()
      var output: [UInt8] = []
      for _ in 0..<10_000 { stage.pass(0x55, at: 115_200, &counters) { output.append($0) } }
      return (output, counters)
    }
    let (output, counters) = passed()
    #expect((50...200).contains(counters[keyPath: counter]))
    #expect(counters.flipped + counters.dropped + counters.doubled == counters[keyPath: counter])
    #expect(output.count == 10_000 - counters.dropped + counters.doubled)
    #expect(output.filter { ($0 ^ 0x55).nonzeroBitCount == 1 }.count == counters.flipped)
    #expect(passed().0 == output)
  }

  @Test(
    "noise above a speed leaves slower characters alone", arguments: [(115_200, 0), (460_800, 0), (460_801, 10_000)])
  func noiseAbove(speed: Int, flipped: Int) {
    var stage = NoiseStage(LineNoise(seed: 1, flips: 1, above: 460_800), salt: 0)
    var counters = NoiseCounters()
    var output: [UInt8] = []
    for _ in 0..<10_000 { stage.pass(0x55, at: speed, &counters) { output.append($0) } }
    #expect(counters.flipped == flipped && output.count == 10_000)
    #expect(output.count { $0 != 0x55 } == flipped)
  }

  @Test("memory is read across pages, pieces and areas, and not beyond")
  func memory() throws {
    let memory = try UnitMemory([
      MemoryArea(address: 0x1000, size: 0x2000, content: .random(seed: 1)),
      MemoryArea(address: 0x3000, size: 0x10, content: .bytes([1, 2])),
    ])
    var expected = seededBytes(count: 0x2000, seed: 1) + [1, 2] + [UInt8](repeating: 0xFF, count: 14)
    #expect(memory.bytes(at: 0x1000, count: 0x2010) == expected)
    #expect(memory.write([9, 8, 7], at: 0x1FFF))
    expected.replaceSubrange(0xFFF..<0x1002, with: [9, 8, 7])
    #expect(memory.bytes(at: 0x1000, count: 0x2010) == expected)
    #expect(memory.bytes(at: 0x1003, count: 0x2000) == Array(expected[3..<0x2003]))
    #expect(memory.bytes(at: 0x1000, count: 0x2011) == nil)
    #expect(memory.bytes(at: 0xFFF, count: 1) == nil)
    #expect(!memory.write([1, 1], at: 0x300F))
  }
}
