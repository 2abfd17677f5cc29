import Foundation
import TestSupport
import Testing

@testable import DeviceSimulator

@Suite("A simulated U-Boot prints what a real one printed")
struct UBootCaptureTests {
  /// A capture with the unit that has to answer alike.
  struct Session: CustomTestStringConvertible, Sendable {
    var capture: String
    var prompt = "=> "
    var shown: String
    var addressWidth = 32
    var digestText = UBootOptions.DigestText.new

    var testDescription: String { capture }
  }

  static let sessions = [
    Session(capture: "uboot-2023.01-arm32-le-md-bwl-crc32", shown: "md.b 40000000 123"),
    Session(capture: "uboot-2023.01-arm64-le-md-bwlq-crc32", shown: "md.b 40000000 123", addressWidth: 64),
    Session(
      capture: "uboot-2023.01-mips64el-16digit-addr-corrupt-gutter", prompt: "maltael # ",
      shown: "md.b ffffffff8ff6f9f0 123", addressWidth: 64, digestText: .old),
  ]

  @Test("dumps in all widths and their checksums", arguments: sessions)
  func dumps(session: Session) throws {
    let capture = try Capture(session.capture)
    let memory = try capture.memory(shownBy: session.shown, prompt: session.prompt)
    var unit = SimulatedUnit.uBoot {
      $0.prompt = session.prompt
      $0.addressWidth = session.addressWidth
      $0.digestText = session.digestText
    }
    unit.memory = [MemoryArea(address: Quantity(memory.address), size: 0x1000, content: .bytes(memory.bytes))]
    let device = try DrivenDevice(unit)
    let exchanges = capture.exchanges(prompt: session.prompt)
    #expect(exchanges.count >= 7)
    for exchange in exchanges {
      #expect(device.type(exchange.command + "\r") == exchange.answer)
    }
  }

  @Test("a long session at QEMU's arm board")
  func session() throws {
    let capture = try Capture("uboot-2023.01-arm-session-full")
    let unknown = ["bdinfo", "flinfo", "mtdparts", "mtd list", "loady"]
    let exchanges = capture.exchanges(prompt: "=> ").filter { exchange in
      !unknown.contains(exchange.command) && !exchange.command.hasPrefix("itest")
    }
    let environment = try capture.text(from: "=> printenv\r\n", to: "\r\n\r\nEnvironment size")
    let unit = SimulatedUnit.uBoot { options in
      for line in environment.split(separator: "\r\n") {
        let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        options.environment[String(parts[0])] = String(parts[1])
      }
    }
    let device = try DrivenDevice(unit)
    #expect(exchanges.count > 30)
    for exchange in exchanges {
      #expect(device.type(exchange.command + "\r") == exchange.answer)
    }
  }

  @Test("power-on, banner, and autoboot stopped by a key")
  func boot() throws {
    let capture = try Capture("uboot-2023.01-arm32-le-md-bwl-crc32")
    let banner = try capture.text(from: "+0000)\r\n\r\n", to: "\r\nHit any key")
    let device = try DrivenDevice(
      .uBoot { $0.banner = banner.components(separatedBy: "\r\n") }, isBooting: true)
    let start = device.run(until: "autoboot:  2 ")
    let rest = device.type(" ")
    let expected = try capture.text(from: "\r\n\r\n", to: "=> ")
    #expect(ReadableBytes(start.bytes + rest.bytes) == ReadableBytes("\r\n\r\n\(expected)=> "))
  }

  @Test("an unmapped address ends in registers, a reset and a new boot")
  func dataAbort() throws {
    let capture = try Capture("uboot-2023.01-arm-data-abort-reset", isRaw: false)
    let expected = try capture.text(from: "md.b f0000000 10\r\n", to: "DRAM:")
    let device = try DrivenDevice(.uBoot())
    _ = device.type("md.b 40000000 10\r")
    device.device.send("md.b f0000000 10\r".utf8)
    let answer = device.run(until: "DRAM:")
    #expect(answer == ReadableBytes("md.b f0000000 10\r\n\(expected)DRAM:"))
    #expect(device.device.counters.starts == 2)
  }

  @Test("the old gutter, with short lines left short")
  func oldGutter() throws {
    let lines = try Capture("uboot-hisilicon-old-gutter", isRaw: false).bytes.split(separator: 0x0A)
      .map { String(decoding: $0, as: UTF8.self) }
    var unit = SimulatedUnit.uBoot {
      $0.prompt = "hisilicon # "
      $0.gutter = .old
      $0.spiFlash = .init(name: "hi_fmc", size: 0x200_0000, content: .fill(0x55), text: .old)
      $0.commands.insert(.sf)
    }
    let bytes = lines.filter { $0.hasPrefix("820000") }.flatMap { line in
      line.dropFirst(10).prefix(47).split(separator: " ").compactMap { UInt8($0, radix: 16) }
    }
    unit.memory = [
      MemoryArea(address: 0x8200_0000, size: 0x1000, content: .bytes(bytes)),
      MemoryArea(
        address: 0x820A_0010, size: 0x1000,
        content: .bytes([0, 0, 0, 0, 0, 0, 0, 0] + Array("admin".utf8) + [0, 0, 0])),
      MemoryArea(address: 0x2011_1050, size: 4, content: .bytes([0x16, 0, 0, 0])),
    ]
    let device = try DrivenDevice(unit)
    for (command, line) in [("sf probe 0", lines[1]), ("md.l 0x20111050 1", lines[8]), ("md 0x820a0010 4", lines[10])] {
      #expect(device.type("\(command)\r") == ReadableBytes("\(command)\r\n\(line)\r\nhisilicon # "))
    }
    let shown = lines[4...6].map { $0 + "\r\n" }.joined()
    #expect(device.type("md.b 0x82000000 30\r") == ReadableBytes("md.b 0x82000000 30\r\n\(shown)hisilicon # "))
  }
}
