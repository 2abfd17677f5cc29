import Testing

@testable import batchdump_bench

@Suite("The usage of a process")
struct ProcessUsageTests {
  @Test("grows with what it uses")
  func grows() throws {
    let before = try ProcessUsage.current()
    let block = [UInt8](repeating: 1, count: 64 << 20)
    let after = try ProcessUsage.current()
    #expect(block.last == 1)
    #expect(before.peakMemory > 1 << 20)
    #expect(after.peakMemory >= 64 << 20)
    #expect(after.processorSeconds >= before.processorSeconds)
  }

  static let statuses: [(String, Int?)] = [
    ("Name:\tx\nVmPeak:\t  900 kB\nVmHWM:\t   51200 kB\nVmRSS:\t  10 kB\n", 51200 * 1024),
    ("VmHWM:\t 12 MB\n", nil), ("VmHWM:\t many kB\n", nil), ("VmRSS:\t  10 kB\n", nil), ("", nil),
  ]

  @Test("is read from what the kernel prints", arguments: statuses)
  func status(text: String, bytes: Int?) {
    #expect(ProcessUsage.peakMemory(inStatus: text) == bytes)
  }
}
