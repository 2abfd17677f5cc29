import TestSupport
import Testing

@testable import DeviceSimulator

@Suite("A simulated W90 loader prints what a real one printed")
struct W90ConsoleTests {
  static let prompt = "\n\r\rbootloader > "

  /// The 32 bytes that the captures show, or as many of them as the derived ones do.
  static func bootBytes() throws -> [UInt8] {
    let lines = try Capture("winbond-w90p745-d-b", isRaw: false).bytes.split(separator: 0x0A).dropFirst(2)
    return lines.flatMap { line in
      String(decoding: line, as: UTF8.self).dropFirst(11).prefix(49).split { $0 == " " || $0 == "-" }
        .compactMap { UInt8($0, radix: 16) }
    }
  }

  static func camera() throws -> DrivenDevice { try DrivenDevice(.w90(bootBytes())) }

  @Test("d -b as captured, with the loader's line ends")
  func bytes() throws {
    let lines = try Capture("winbond-w90p745-d-b", isRaw: false).bytes.split(separator: 0x0A)
      .map { String(decoding: $0, as: UTF8.self) }
    let output = try Self.camera().type("d -b 0x7F000000\r")
    let start = "\(lines[0])\n\r\(lines[1])\n\r\(lines[2])\r\n\r\(lines[3])\r\n\r"
    #expect(ReadableBytes(output.bytes.prefix(start.utf8.count)) == ReadableBytes(start))
    #expect(
      output.bytes.count == "d -b 0x7F000000\n\rDisplaying memory at 0x7F000000\n\r".utf8.count + 16 * 81
        + Self.prompt.utf8.count)
    #expect(ReadableBytes(output.bytes.suffix(Self.prompt.utf8.count)) == ReadableBytes(Self.prompt))
  }

  @Test(
    "all forms of d",
    arguments: [
      ("d -b 0x7f000000", 1), ("d -h 0x7f000000", 3), ("d -h -s 0x7f000000", 5), ("d 0x7f000000", 7),
      ("D -w 0x7f000000", 7), ("d -s 0x7f000000", 9),
    ])
  func forms(command: String, line: Int) throws {
    let lines = try Capture("winbond-w90p745-d-derived", isRaw: false).bytes.split(separator: 0x0A)
      .map { String(decoding: $0, as: UTF8.self) }
    let output = String(decoding: try Self.camera().type("\(command)\r").bytes, as: UTF8.self)
    #expect(output.contains("Displaying memory at 0x7F000000\n\r\(lines[line])\r\n\r[7F000010]"))
    #expect(output.unicodeScalars.filter { $0 == "[" }.count == 16)
  }

  @Test("d goes on where it was; an address without 0x is ignored")
  func remembered() throws {
    let device = try Self.camera()
    _ = device.type("d -s 0x7F000000\r")
    for (command, address) in [("d", "7F000100"), ("d -s 7F001000", "7F000200"), ("d 0x7F000013", "7F000013")] {
      let output = String(decoding: device.type("\(command)\r").bytes, as: UTF8.self)
      #expect(output.hasPrefix("\(command)\n\rDisplaying memory at 0x\(address)\n\r["))
    }
    let unaligned = String(decoding: device.type("d -b 0x7F000013\r").bytes, as: UTF8.self)
    #expect(unaligned.contains("[7F000010]          E3 00"))
    #expect(device.device.counters.bytesDumped == 3 * 256 + 2 * 253)
  }

  @Test(
    "errors, empty lines and editing",
    arguments: [
      ("nosuch\r", "nosuch\n\rERROR: unrecognised command\n\r"),
      (
        "ab\u{8}\u{8}\u{8}b\r",
        "ab\r\rbootloader > a \u{8}\r\rbootloader >  \u{8}b\n\rInvalid number of arguments\n\r[1200,2400,4800,9600,14400,19200,28800,38400,57600,115200,230400,460800]\n\r"
      ),
      ("b 12\r", "b 12\n\rUnsupported speed.\n\r"), ("b x\r", "b x\n\rInvalid number - x\n\r"),
      (" d\r", " d\n\rERROR: unrecognised command\n\r"), ("intf\n", "intf\n\rMAC\n\r"),
      ("ls\r", "ls\n\rNo image found!\n\r"),
    ])
  func errors(typed: String, answer: String) throws {
    #expect(try Self.camera().type(typed) == ReadableBytes(answer + Self.prompt))
  }

  @Test("an empty line brings the prompt and nothing else")
  func emptyLine() throws {
    #expect(try Self.camera().type("\r\r") == ReadableBytes("\n\r\rbootloader > \n\r\rbootloader > "))
  }

  @Test("ESC at the prompt swallows what follows it")
  func escape() throws {
    let device = try Self.camera()
    #expect(device.type("\u{1B}lls\r") == ReadableBytes("ls\n\rNo image found!\n\r" + Self.prompt))
    #expect(device.type("\u{1B}[Als\r") == ReadableBytes("ls\n\rNo image found!\n\r" + Self.prompt))
  }

  @Test("the eightieth character ends the line")
  func fullLine() throws {
    let typed = String(repeating: "x", count: 80)
    #expect(try Self.camera().type(typed) == ReadableBytes("\(typed)ERROR: unrecognised command\n\r" + Self.prompt))
  }

  @Test("typing during d waits in the port's FIFO, sixteen characters of it")
  func typeAhead() throws {
    let device = try Self.camera()
    device.device.send("d -s 0x7F000000\r".utf8)
    _ = device.run(until: "[7F000000]")
    let output = String(decoding: device.type("intf\rintf\rintf\r12").bytes, as: UTF8.self)
    #expect(output.hasSuffix("\rbootloader > intf\n\rMAC\n\r\n\r\rbootloader > 1"))
    #expect(device.device.counters.bytesOverrun == 1)
  }

  @Test("b changes the rate at once; the port's divisors make it")
  func baudRate() throws {
    let device = try Self.camera()
    #expect(device.device.portSpeed == 117_187)
    #expect(device.type("b 460800\r") == ReadableBytes("b 460800\n\r" + Self.prompt))
    #expect(device.device.portSpeed == 468_750)
  }

  @Test("an unmapped address is told before the prompt, without a reset")
  func dataAbort() throws {
    let device = try Self.camera()
    #expect(
      device.type("d 0xA0000000\r")
        == ReadableBytes(
          "d 0xA0000000\n\rDisplaying memory at 0xA0000000\n\r[A0000000]\n\rERROR: Data Abort @ pc=0x0000d4f8\n\r\rbootloader > "
        ))
    #expect(device.device.counters.starts == 1)
  }

  @Test("power-on, ESC in its window, help")
  func boot() throws {
    let lines = try Capture("winbond-w90n745-boot", isRaw: false).bytes
      .split(separator: 0x0A, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    var options = W90Options()
    options.banner = lines[0]
    options.memorySize = 0x80_0000
    options.flashSize = 0x40_0000
    let unit = SimulatedUnit(name: "camera", loader: .w90(options), memory: [])
    let device = try DrivenDevice(unit, isBooting: true)
    let start = String(decoding: device.run(until: "debug mode .").bytes, as: UTF8.self)
    let rest = String(decoding: device.type("\u{1B}").bytes, as: UTF8.self)
    #expect(start.hasPrefix("\n\r" + lines[0...2].map { $0 + "\n\r" }.joined()))
    #expect(start.hasSuffix(lines[4...6].joined(separator: "\n\r")))
    #expect(rest == "\n\r\n\r\rbootloader > ")
    let help = String(decoding: device.type("h\r").bytes, as: UTF8.self)
    #expect(help.hasPrefix("h\n\r" + lines[9...14].joined(separator: "\n\r")))
  }

  @Test("without ESC the images are started")
  func bootToLinux() throws {
    let device = try DrivenDevice(.camera(), isBooting: true)
    let output = String(decoding: device.settle().bytes, as: UTF8.self)
    #expect(output.contains("Press ESC to enter debug mode ......\n\rCache enabled!\n\rProcessing image 7 ...\n\r"))
    #expect(output.contains("Executing image 7 ...\n\rLinux version 2.4.20-uc0"))
    #expect(device.type("\u{1B}\r").bytes.isEmpty)
  }
}
