import TestSupport
import Testing

@testable import DeviceSimulator

@Suite("A simulated U-Boot compares memory")
struct UBootComparisonTests {
  // 1 MiB of zeros at 0x40200000. The texts are those of do_mem_cmp in cmd/mem.c, and of common/cmd_mem.c in 2010.
  @Test(
    "ranges that are the same, and the first difference",
    arguments: [
      ("cmp.b 40200000 40200001 fffff", "1048575 byte(s)", "1048575 bytes"),
      ("cmp.w 40200000 40200002 1", "1 halfword(s)", "1 halfword"),
      ("cmp 40200000 40200004 10", "16 word(s)", "16 words"),
      ("cmp.b 40200000 40200001 0", "0 byte(s)", "0 bytes"),
    ])
  func same(command: String, new: String, old: String) throws {
    for (text, total) in [(UBootOptions.DigestText.new, new), (.old, old)] {
      let device = try DrivenDevice(.uBoot { $0.digestText = text })
      #expect(device.type("\(command)\r") == ReadableBytes("\(command)\r\nTotal of \(total) were the same\r\n=> "))
    }
  }

  @Test(
    "the first difference is shown, and the commands behind it run",
    arguments: [
      (
        "cmp.b 40200000 40200001 fffff", "byte at 0x402a0004 (0x0) != byte at 0x402a0005 (0x7)", "655364 byte(s)",
        "byte at 0x402a0004 (0x00) != byte at 0x402a0005 (0x07)", "655364 bytes"
      ),
      (
        "cmp.l 402a0000 40200000 8", "word at 0x402a0004 (0x700) != word at 0x40200004 (0x00)", "1 word(s)",
        "word at 0x402a0004 (0x00000700) != word at 0x40200004 (0x00000000)", "1 word"
      ),
    ])
  func different(command: String, new: String, newTotal: String, old: String, oldTotal: String) throws {
    for (text, line, total) in [(UBootOptions.DigestText.new, new, newTotal), (.old, old, oldTotal)] {
      let device = try DrivenDevice(.uBoot { $0.digestText = text })
      let typed = "mw.b 402a0005 7;\(command);echo $?"
      let answer = "\(line)\r\nTotal of \(total) were the same\r\n1\r\n"
      #expect(device.type("\(typed)\r") == ReadableBytes("\(typed)\r\n\(answer)=> "))
    }
  }

  @Test(
    "a cell that cannot be read resets the unit, unless a difference comes before it",
    arguments: [
      ("cmp.b 40200000 40200001 100000", true), ("cmp.b 0 40200000 1", true), ("cmp.b 40200000 0 1", true),
      ("cmp.b 40000000 40200000 10000", false), ("cmp.q 40200000 40200008 1", false),
    ])
  func unreadable(command: String, resets: Bool) throws {
    let device = try DrivenDevice(.uBoot())
    let answer = String(decoding: device.type("\(command);echo $?\r").bytes, as: UTF8.self)
    #expect(answer.contains("data abort\r\n") == resets, "\(answer)")
    #expect(answer.contains("\r\n1\r\n=> ") == !resets, "\(answer)")
  }

  @Test("a comparison takes as long as a digest of as many bytes, and resets the unit only where it is named")
  func faults() throws {
    let cases: [(kinds: Set<String>, resets: Bool)] = [([], false), (["cmp"], true), (["crc32"], false)]
    for (kinds, resets) in cases {
      var unit = SimulatedUnit.uBoot()
      unit.faults = FaultPlan {
        $0.digests = DigestFaults(resetAbove: 0x800, microsecondsPerByte: 500, algorithms: kinds)
      }
      let device = try DrivenDevice(unit)
      let before = device.now
      _ = device.type("cmp.b 40200000 40200001 800\r")
      let slow = device.now - before > 1_024_000_000
      #expect(slow == (kinds != ["crc32"]))
      _ = device.type("cmp.b 40200000 40200001 801\r")
      #expect(device.device.counters.faults.digestResets == (resets ? 1 : 0))
      #expect(device.device.counters.bytesCompared == (resets ? 0x800 : 0x1001))
    }
  }

  @Test("an unstable cell differs from itself")
  func unstable() throws {
    var unit = SimulatedUnit.uBoot()
    unit.faults = FaultPlan { $0.unstableCells = UnstableCells(addresses: [0x4020_0013], probability: 1) }
    let answer = String(decoding: try DrivenDevice(unit).type("cmp.b 40200000 40200000 20\r").bytes, as: UTF8.self)
    #expect(answer.contains("Total of 19 byte(s) were the same\r\n"), "\(answer)")
  }

  @Test("where it is not built in there is none")
  func absent() throws {
    let device = try DrivenDevice(.uBoot { $0.commands.remove(.cmp) })
    let answer = "Unknown command 'cmp.b' - try 'help'\r\n"
    #expect(device.type("cmp.b 0 0 1\r") == ReadableBytes("cmp.b 0 0 1\r\n\(answer)=> "))
  }
}
