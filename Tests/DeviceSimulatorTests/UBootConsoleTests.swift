import TestSupport
import Testing

@testable import DeviceSimulator

@Suite("A simulated U-Boot behaves at its prompt")
struct UBootConsoleTests {
  // Keys and answers were tried on QEMU's arm board with U-Boot 2023.01.
  @Test(
    "keys of the line editor",
    arguments: [
      ("\u{3}", "<INTERRUPT>\r\n=> "),
      ("md.b 40\u{3}", "md.b 40<INTERRUPT>\r\n=> "),
      ("abc\u{8}\u{7F}\u{8}\u{8}", "abc\u{8} \u{8}\u{8} \u{8}\u{8} \u{8}"),
      ("abcd\u{15}", "abcd\u{8}\u{8}\u{8}\u{8}    \u{8}\u{8}\u{8}\u{8}"),
      ("echx\u{8}o hi\r", "echx\u{8} \u{8}o hi\r\nhi\r\n=> "),
      ("\u{1B}[A\u{1B}[Becho x\r", "echo x\r\nx\r\n=> "),
      ("echo a\n", "echo a\r\na\r\n=> "),
      ("\r", "\r\n=> "),
    ])
  func keys(typed: String, answer: String) throws {
    let device = try DrivenDevice(.uBoot())
    #expect(device.type(typed) == ReadableBytes(answer))
  }

  @Test(
    "commands and their errors",
    arguments: [
      ("echo $baudrate ${baudrate} $?", "115200 115200 0\r\n"),
      ("nosuch;echo $?", "Unknown command 'nosuch' - try 'help'\r\n1\r\n"),
      ("echo \"a  b\" c;echo d", "a  b c\r\nd\r\n"),
      ("md.b 40000000 0", ""),
      ("md.l 40200002 3", "40200002: 00000000 00000000 00000000           ............\r\n"),
      (
        "crc32 0",
        "crc32 - checksum calculation\r\n\r\nUsage:\r\ncrc32 address count [addr]\r\n    - compute CRC32 checksum [save at addr]\r\n"
      ),
      ("help nosuch", "Unknown command 'nosuch' - try 'help' without arguments for list of all known commands\r\n\r\n"),
      ("printenv nosuch", "## Error: \"nosuch\" not defined\r\n"),
      ("setenv foo bar baz;printenv foo;setenv foo;printenv foo", "foo=bar baz\r\n## Error: \"foo\" not defined\r\n"),
      ("base 40000000;base 0", "Base Address: 0x40000000\r\nBase Address: 0x00000000\r\n"),
      ("mw.b 40200000 41 20;md.b 40200000 2", "40200000: 41 41                                            AA\r\n"),
      (
        "mw.b 40200000 d0;cmp.b 40200000 40200010 10",
        "byte at 0x40200000 (0xd0) != byte at 0x40200010 (0x0)\r\nTotal of 0 byte(s) were the same\r\n"
      ),
      ("sf probe", "Unknown command 'sf' - try 'help'\r\n"),
      ("  ", ""), (";", ""),
    ])
  func commands(line: String, answer: String) throws {
    let device = try DrivenDevice(.uBoot())
    #expect(device.type(line + "\r") == ReadableBytes("\(line)\r\n\(answer)=> "))
  }

  @Test("an empty line repeats what may be repeated, and md goes on")
  func repetition() throws {
    let device = try DrivenDevice(.uBoot())
    let first = device.type("md.b 40000000 10;md.b 40000100 10\r")
    let second = device.type("\r")
    #expect(first.bytes.count > 100)
    #expect(String(decoding: second.bytes, as: UTF8.self).hasPrefix("\r\n40000110: "))
    #expect(String(decoding: second.bytes, as: UTF8.self).contains("\r\n40000120: "))
    let sum = device.type("crc32 40000000 10\r").bytes.drop { $0 != 0x0A }
    #expect(device.type("\r").bytes.drop { $0 != 0x0A } == sum)
  }

  // Tried on QEMU's arm board.
  @Test(
    "what an empty line repeats",
    arguments: [
      ("nosuch", "Unknown command 'nosuch' - try 'help'\r\n"),
      ("printenv nosuch", "## Error: \"nosuch\" not defined\r\n"),
      ("setenv a b", ""), ("setenv a c;echo x", ""), ("echo x;setenv a c", ""), ("  ", ""),
    ])
  func repeated(line: String, answer: String) throws {
    let device = try DrivenDevice(.uBoot())
    _ = device.type(line + "\r")
    #expect(device.type("\r") == ReadableBytes("\r\n\(answer)=> "))
  }

  @Test("CR LF runs a command and repeats it")
  func lineFeedBehindReturn() throws {
    let device = try DrivenDevice(.uBoot())
    #expect(device.type("echo a\r\n") == ReadableBytes("echo a\r\na\r\n=> \r\na\r\n=> "))
  }

  @Test("typing during md is swallowed, one character a line")
  func typeAhead() throws {
    let device = try DrivenDevice(.uBoot())
    let output = device.type("md.b 40000000 30\rechoecho X\r")
    // Three lines take `ech`; what is left is run.
    #expect(
      String(decoding: output.bytes, as: UTF8.self).hasSuffix(
        "=> oecho X\r\nUnknown command 'oecho' - try 'help'\r\n=> "))
    #expect(device.device.counters.bytesDumped == 0x30)
  }

  @Test("typing during echo and crc32 is kept")
  func typeAheadKept() throws {
    let device = try DrivenDevice(.uBoot())
    let output = device.type("crc32 40000000 4000\recho b\r")
    #expect(String(decoding: output.bytes, as: UTF8.self).hasSuffix("=> echo b\r\nb\r\n=> "))
  }

  @Test("ctrl-C ends md after the line, without a word; what stands behind it in the line runs")
  func interrupt() throws {
    let device = try DrivenDevice(.uBoot())
    device.device.send("md.b 40000000 4000;echo next\r".utf8)
    let begun = device.run(until: "40000040: ")
    let rest = String(decoding: device.type("\u{3}").bytes, as: UTF8.self)
    #expect(begun.bytes.count > 300)
    #expect(rest.filter { $0 == "\r\n" }.count == 2)
    #expect(rest.hasSuffix("\r\nnext\r\n=> "))
    #expect(device.type("\r") == ReadableBytes("\r\n=> "))
  }

  @Test("characters beyond the line buffer get BEL, and the line runs without them")
  func lineBuffer() throws {
    let device = try DrivenDevice(.uBoot())
    let kept = String(repeating: "y", count: 507)
    let answer = device.type("echo \(kept)12345678\r")
    let bells = String(repeating: "\u{7}", count: 8)
    #expect(answer == ReadableBytes("echo \(kept)\(bells)\r\n\(kept)\r\n=> "))
  }

  @Test(
    "digests",
    arguments: [
      ("md5sum 40200000 100", "md5 for 40200000 ... 402000ff ==> 348a9791dc41b89796ec3808b5b5262f"),
      ("sha1sum 40200000 100", "sha1 for 40200000 ... 402000ff ==> b376885ac8452b6cbf9ced81b1080bfd570d9b91"),
      (
        "hash sha256 40200000 100",
        "sha256 for 40200000 ... 402000ff ==> 5341e6b2646979a70e57653007a1f310169421ec9bdd9f1a5648f75ade005af1"
      ),
    ])
  func digests(command: String, line: String) throws {
    let device = try DrivenDevice(.uBoot { $0.commands.formUnion([.md5sum, .sha1sum, .hash]) })
    #expect(device.type("\(command)\r") == ReadableBytes("\(command)\r\n\(line)\r\n=> "))
    let old = try DrivenDevice(
      .uBoot {
        $0.digestText = .old
        $0.commands.formUnion([.md5sum, .sha1sum, .hash])
      })
    let name = String(line.prefix { $0 != " " })
    let upper = name.uppercased() + line.dropFirst(name.count)
    #expect(old.type("\(command)\r") == ReadableBytes("\(command)\r\n\(upper)\r\n=> "))
  }

  @Test("a hash that is not built in")
  func unknownHash() throws {
    let device = try DrivenDevice(.uBoot { $0.commands.insert(.hash) })
    let answer = String(decoding: device.type("hash sha3 40200000 1\r").bytes, as: UTF8.self)
    #expect(answer.contains("\r\nUnknown hash algorithm 'sha3'\r\nhash - compute hash message digest\r\n"))
  }

  @Test("a SPI flash has to be probed, and comes into RAM by sf read")
  func spiFlash() throws {
    let device = try DrivenDevice(
      .uBoot {
        $0.commands.insert(.sf)
        $0.spiFlash = .init(name: "w25q128", size: 0x100_0000, content: .random(seed: 9))
      })
    #expect(
      device.type("sf read 40200000 0 10\r")
        == ReadableBytes(
          "sf read 40200000 0 10\r\nNo SPI flash selected. Please run `sf probe'\r\n=> "))
    #expect(
      device.type("sf probe\r")
        == ReadableBytes(
          "sf probe\r\nSF: Detected w25q128 with page size 256 Bytes, erase size 4 KiB, total 16 MiB\r\n=> "))
    #expect(
      device.type("sf read 40200000 1000 8000\r")
        == ReadableBytes(
          "sf read 40200000 1000 8000\r\ndevice 0 offset 0x1000, size 0x8000\r\nSF: 32768 bytes @ 0x1000 Read: OK\r\n=> "
        ))
    #expect(
      device.device.storage.memory.bytes(at: 0x4020_0000, count: 0x8000)
        == device.device.storage.spiFlash?.bytes(at: 0x1000, count: 0x8000))
    #expect(
      device.type("sf read 40200000 ffff00 200\r")
        == ReadableBytes(
          "sf read 40200000 ffff00 200\r\nERROR: attempting read past flash size (0x1000000)\r\n=> "))
  }

  @Test("a big-endian CPU prints words as they lie in memory")
  func bigEndian() throws {
    var unit = SimulatedUnit.uBoot { $0.byteOrder = .big }
    unit.memory = [MemoryArea(address: 0x1000, size: 16, content: .bytes(Array(0x10...0x1F)))]
    let device = try DrivenDevice(unit)
    #expect(
      device.type("md.l 1000 1\r")
        == ReadableBytes(
          "md.l 1000 1\r\n00001000: 10111213                             ....\r\n=> "))
    #expect(
      device.type("md.w 1000 1\r")
        == ReadableBytes(
          "md.w 1000 1\r\n00001000: 1011                                     ..\r\n=> "))
  }

  @Test("the dialogue of a new baud rate")
  func baudRate() throws {
    let device = try DrivenDevice(.uBoot())
    #expect(
      device.type("setenv baudrate 57600\r")
        == ReadableBytes(
          "setenv baudrate 57600\r\n## Switch baudrate to 57600 bps and press ENTER ...\r\n"))
    #expect(device.device.portSpeed == 57600)
    #expect(device.type("abc\n").bytes.isEmpty)
    #expect(device.type("\r") == ReadableBytes("=> "))
    #expect(device.type("printenv baudrate\r") == ReadableBytes("printenv baudrate\r\nbaudrate=57600\r\n=> "))
    #expect(
      device.type("setenv baudrate 921600\r")
        == ReadableBytes(
          "setenv baudrate 921600\r\n## Baudrate 921600 bps not supported\r\n"
            + "## Error inserting \"baudrate\" variable, errno=22\r\n=> "))
    #expect(device.device.portSpeed == 57600)
    _ = device.type("reset\r")
    #expect(device.device.portSpeed == 115_200)
  }
}
