import TestSupport
import Testing

@testable import DeviceSimulator

@Suite("The ranges that a unit has dumped")
struct DumpedRangeTests {
  @Test("commands that go on where the last one ended make one range; a byte shown twice is in two")
  func ranges() throws {
    let device = try DrivenDevice(.uBoot())
    for command in ["md.b 40000000 100", "md.b 40000100 25", "md.l 40000200 4", "md.b 40000120 8"] {
      _ = device.type("\(command)\r")
    }
    let counters = device.device.counters
    #expect(
      counters.rangesDumped == [
        MemoryRange(address: 0x4000_0000, size: 0x125), MemoryRange(address: 0x4000_0200, size: 16),
        MemoryRange(address: 0x4000_0120, size: 8),
      ])
    #expect(counters.rangesNotKept == 0)
    #expect(counters.bytesDumped == 0x125 + 16 + 8)
  }

  /// Behind 18 characters of command, CR and LF the echo ends; a line of 16 bytes has 77.
  @Test(
    "a line that a reset cut is not dumped",
    arguments: [(20 + 2 * 77 + 76, 0x20), (20 + 3 * 77, 0x30), (20 + 3 * 77 + 1, 0x30)])
  func cutLine(characters: Int, size: Int) throws {
    let run = try FaultyRun(
      FaultPlan { $0.resets = FaultOccurrence(after: characters) }, typing: "md.b 40000000 1000\r")
    #expect(run.counters.rangesDumped == [MemoryRange(address: 0x4000_0000, size: size)])
  }

  @Test("a camera's display is told from the byte asked for")
  func camera() throws {
    let device = try DrivenDevice(.w90([]))
    _ = device.type("d -b 0x7F000003\r")
    #expect(device.device.counters.rangesDumped == [MemoryRange(address: 0x7F00_0003, size: 253)])
  }

  @Test("no more ranges are kept than there is room for, and it is told")
  func bound() {
    var counters = UnitCounters()
    for index in 0..<5000 { counters.noteDumped(MemoryRange(address: UInt64(index * 32), size: 16)) }
    #expect(counters.rangesDumped.count == UnitCounters.rangeLimit)
    #expect(counters.rangesNotKept == 5000 - UnitCounters.rangeLimit)
  }
}
