import TestSupport
import Testing

@testable import DeviceSimulator

@Suite("A simulated U-Boot boots")
struct UBootBootTests {
  @Test(
    "the countdown runs out",
    arguments: [
      (UBootOptions.CountdownStyle.old, "Hit any key to stop autoboot:  2 \u{8}\u{8}\u{8} 1 \u{8}\u{8}\u{8} 0 \r\n"),
      (
        .new,
        "\u{1B}[2K\rHit any key to stop autoboot: 2\u{1B}[2K\rHit any key to stop autoboot: 1"
          + "\u{1B}[2K\rHit any key to stop autoboot: 0\r\n"
      ),
    ])
  func runOut(style: UBootOptions.CountdownStyle, text: String) throws {
    let device = try DrivenDevice(.uBoot { $0.countdown = style }, isBooting: true)
    let output = String(decoding: device.settle().bytes, as: UTF8.self)
    #expect(output.hasSuffix("\(text)\r\nStarting kernel ...\r\n\r\n"))
    #expect(device.type("anything\r").bytes.isEmpty)
  }

  @Test("a countdown of two digits")
  func longCountdown() throws {
    let device = try DrivenDevice(.uBoot { $0.bootDelay = 10 }, isBooting: true)
    let output = String(decoding: device.settle().bytes, as: UTF8.self)
    #expect(output.contains("autoboot: 10 \u{8}\u{8}\u{8} 9 \u{8}"))
  }

  @Test("a stop key other than any: only the whole word counts")
  func stopKey() throws {
    let device = try DrivenDevice(
      .uBoot {
        $0.stopKey = "tpl"
        $0.countdownText = "Autobooting in %d seconds\n"
      }, isBooting: true)
    _ = device.run(until: "Autobooting in 2 seconds\r\n")
    device.device.send(" t".utf8)
    device.device.send("tpl".utf8)
    #expect(device.settle() == ReadableBytes("\r\n=> "))
  }

  @Test("a wrong key does not stop it")
  func wrongKey() throws {
    let device = try DrivenDevice(.uBoot { $0.stopKey = "x" }, isBooting: true)
    _ = device.run(until: "autoboot:  2 ")
    let output = String(decoding: device.type("    ").bytes, as: UTF8.self)
    #expect(output.contains("Starting kernel ..."))
  }

  @Test("a unit without autoboot goes to its prompt")
  func noCountdown() throws {
    let device = try DrivenDevice(.uBoot { $0.bootDelay = -1 }, isBooting: true)
    let output = String(decoding: device.settle().bytes, as: UTF8.self)
    #expect(output.hasSuffix("Net:   No ethernet found.\r\n=> "))
  }

  @Test("what comes after the countdown")
  func afterBoot() throws {
    let login = try DrivenDevice(.uBoot { $0.afterBoot = .login }, isBooting: true)
    #expect(String(decoding: login.settle().bytes, as: UTF8.self).hasSuffix("\r\nsimulated login: "))
    #expect(login.type("root\r") == ReadableBytes("root\r\nPassword: "))
    #expect(login.type("secret\r") == ReadableBytes("\r\nLogin incorrect\r\nsimulated login: "))
    let prompt = try DrivenDevice(.uBoot { $0.afterBoot = .prompt }, isBooting: true)
    #expect(
      String(decoding: prompt.settle().bytes, as: UTF8.self).hasSuffix(
        "fatal: no kernel available\r\nCommand 'load' failed: Error 1\r\n=> "))
  }

  @Test("keys beyond the one that stopped it become a command")
  func leftOverKeys() throws {
    let device = try DrivenDevice(.uBoot(), isBooting: true)
    _ = device.run(until: "autoboot:  2 ")
    #expect(
      device.type("xyz\r")
        == ReadableBytes(
          "\u{8}\u{8}\u{8} 0 \r\n=> yz\r\nUnknown command 'yz' - try 'help'\r\n=> "))
  }
}
