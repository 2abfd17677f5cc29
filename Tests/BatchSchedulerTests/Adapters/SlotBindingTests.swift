import DumpManifest
import SerialLink
import Testing
import Udev

@testable import BatchScheduler

/// Adapters of a bench: two FT232R with equal serials behind one hub, a FT4232H with four ports on another, a CH340
/// without serial in the machine itself, and one with a strange serial on a hub of two equal chips in a row.
private enum BenchAdapters {
  static func ft232(_ socket: String, node: Int, serial: String? = "SAME") -> Adapter {
    var adapter = bare("/dev/ttyUSB\(node)", "0403:6001", socket, interface: 0)
    adapter.serial = serial
    adapter.driver = "ftdi_sio"
    adapter.port = 0
    adapter.links = ["/dev/serial/by-path/pci-0000:00:14.0-usb-0:\(socket):1.0-port0"]
    adapter.hubs = [hub("1-1", "1a40:0201", serial: "HUB1", portBelow: String(socket.dropFirst(2)))]
    return adapter
  }

  static func ft4232(interface: Int) -> Adapter {
    var adapter = bare("/dev/ttyUSB\(10 + interface)", "0403:6011", "2.4.2", interface: interface)
    adapter.serial = "FOUR"
    adapter.driver = "ftdi_sio"
    adapter.port = 0
    adapter.hubs = [
      hub("1-2.4", "05e3:0610", portBelow: "2"), hub("1-2", "1a40:0201", serial: "HUB2", portBelow: "4.2"),
    ]
    return adapter
  }

  static let ch340: Adapter = {
    var adapter = bare("/dev/ttyUSB20", "1a86:7523", "3", interface: 0)
    adapter.driver = "ch341-uart"
    adapter.properties = ["ID_MODEL": "USB_Serial"]
    adapter.parents = [["DRIVER": "ch341"], ["ID_MODEL": "USB_Serial", "MAJOR": "189"]]
    return adapter
  }()

  static let twin: Adapter = {
    var adapter = bare("/dev/ttyUSB30", "10c4:ea60", "5.4.2", interface: 0)
    adapter.serial = "[x]1"
    adapter.hubs = [
      hub("1-5.4", "2109:2813", serial: "TWIN", portBelow: "2"),
      hub("1-5", "2109:2813", serial: "TWIN", portBelow: "4.2"),
    ]
    return adapter
  }()

  static let all =
    [ft232("1.1", node: 0), ft232("1.2", node: 1)] + (0...3).map(ft4232(interface:)) + [ch340, twin]

  private static func bare(_ node: String, _ id: String, _ socket: String, interface: Int) -> Adapter {
    let ids = id.split(separator: ":").map(String.init)
    return Adapter(
      sysPath: "/sys/\(socket):\(interface)", node: node, vendor: ids[0], product: ids[1], interface: interface,
      path: "pci-0000:00:14.0-usb-0:\(socket):1.\(interface)", usbPort: "1-\(socket)")
  }

  private static func hub(_ name: String, _ id: String, serial: String? = nil, portBelow: String) -> Adapter.Hub {
    let ids = id.split(separator: ":").map(String.init)
    return Adapter.Hub(name: name, vendor: ids[0], product: ids[1], serial: serial, portBelow: portBelow)
  }
}

@Suite("Match rules")
struct AdapterMatchTests {
  @Test(
    "all must hold",
    arguments: [
      (["path": "pci-0000:00:14.0-usb-0:1.2:1.0"], [1]),
      (["path": "pci-0000:00:14.0-usb-0:1.2:1.0-port0"], [1]),
      (["path": "/dev/serial/by-path/pci-0000:00:14.0-usb-0:1.2:1.0-port0"], [1]),
      (["path": "*-usb-0:1.?:1.0"], [0, 1]),
      (["path": "pci-0000:00:14.0-usb-0:1.2"], []),
      (["serial": "SAME"], [0, 1]),
      (["serial": "SAME", "path": "*:1.1:*"], [0]),
      (["serial": "*"], [0, 1, 10, 11, 12, 13, 30]),
      (["vendor": "403"], [0, 1, 10, 11, 12, 13]),
      (["vendor": "0x0403", "product": "6011"], [10, 11, 12, 13]),
      (["vendor": "1A86"], [20]),
      (["vendor": "1a8?"], [20]),
      (["product": "60*", "interface": "02"], [12]),
      (["product": "6011", "interface": "2", "port": "0"], [12]),
      (["product": "6011", "interface": "0x2", "port": "1"], []),
      (["port": "0"], [0, 1, 10, 11, 12, 13]),
      (["driver": "ch341*"], [20]),
      (["link": "/dev/serial/by-path/*1.1:1.0-port0"], [0]),
      (["link": "pci-0000:00:14.0-usb-0:1.1:1.0-port0"], [0]),
      (["hub": "1a40:0201"], [0, 1, 10, 11, 12, 13]),
      (["hub": "HUB1", "hubPort": "2"], [1]),
      (["hub": "HUB2", "hubPort": "4.2", "interface": "1"], [11]),
      (["hub": "HUB2", "hubPort": "2"], []),
      (["hub": "1a40:0201", "hubPort": "4.*"], [10, 11, 12, 13]),
      (["hub": "TWIN", "hubPort": "4.2"], [30]),
      (["hub": "TWIN", "hubPort": "2"], []),
      (["serial": "[x]*"], [30]),
      (["hubPort": "2"], [1, 10, 11, 12, 13, 30]),
      (["ID_MODEL": "USB_Serial"], [20]),
      (["ID_MODEL": "usb_serial"], []),
      (["ID_VENDOR": "*"], []),
      (["parent.MAJOR": "189"], [20]),
      (["parent.DRIVER": "ch34?", "parent.MAJOR": "1*"], [20]),
      (["parent.DRIVER": "ftdi_sio"], []),
    ] as [([String: String], [Int])])
  func matches(rules: [String: String], nodes: [Int]) {
    let found = BenchAdapters.all.filter(AdapterMatch(rules: rules).matches)
    #expect(found.map(\.node) == nodes.map { "/dev/ttyUSB\($0)" })
  }
}

@Suite("Slots and adapters")
struct SlotBindingTests {
  private func binding(_ slots: [(String, String)], _ adapters: [Adapter] = BenchAdapters.all) throws -> SlotBinding {
    let entries = slots.map { #"{ "name": "\#($0.0)", \#($0.1) }"# }.joined(separator: ", ")
    let text =
      #"{ "name": "m", "slots": [\#(entries)], "console": { "dialect": "u-boot" }, "#
      + #""regions": [{ "name": "r", "address": 0, "size": 1 }] }"#
    return SlotBinding(slots: try plan(text).slots, adapters: adapters)
  }

  @Test("each slot gets the one adapter that meets its rules, and equal serials matter to none whose path decides")
  func bound() throws {
    let binding = try binding([
      ("A1", #""match": { "path": "*-usb-0:1.1:1.0" }"#), ("A2", #""match": { "path": "*-usb-0:1.2:1.0" }"#),
      ("B1", #""match": { "product": "6011", "interface": "0" }"#), ("C", #""link": "tcp://localhost:7" "#),
      ("D", #""match": { "serial": "NONE" }"#),
    ])
    #expect(binding.places["A1"] == .ready(.tty(path: "/dev/ttyUSB0")))
    #expect(binding.places["A2"] == .ready(.tty(path: "/dev/ttyUSB1")))
    #expect(binding.places["B1"] == .ready(.tty(path: "/dev/ttyUSB10")))
    #expect(binding.places["C"] == .ready(.tcp(host: "localhost", port: 7)))
    let missing = "no adapter matches serial=NONE: plug it in; `batchdump list` shows what is there"
    #expect(binding.places["D"] == .missing(missing))
    #expect(binding.ambiguities.isEmpty && binding.warnings.isEmpty)
    #expect(binding.adapters.mapValues(\.node) == ["A1": "/dev/ttyUSB0", "A2": "/dev/ttyUSB1", "B1": "/dev/ttyUSB10"])
  }

  @Test("two adapters for one slot are an error that lists both")
  func twoAdapters() throws {
    let binding = try binding([("A1", #""match": { "serial": "SAME" }"#)])
    #expect(
      binding.ambiguities == [
        "slot A1: 2 adapters match serial=SAME: /dev/ttyUSB0 (path pci-0000:00:14.0-usb-0:1.1:1.0-port0), "
          + "/dev/ttyUSB1 (path pci-0000:00:14.0-usb-0:1.2:1.0-port0); add a rule that only one of them meets, such as "
          + "`path`"
      ])
    #expect(binding.adapters.isEmpty)
  }

  @Test("one adapter for two slots is an error at both, also where one of them names its tty")
  func twoSlots() throws {
    for second in [#""match": { "product": "7523" }"#, #""tty": "/dev/ttyUSB20""#] {
      let binding = try binding([("A1", #""match": { "vendor": "1a86" }"#), ("A2", second)])
      #expect(binding.ambiguities.count == 2 && binding.adapters.isEmpty)
      #expect(
        binding.ambiguities.first?.hasPrefix(
          "slot A1: /dev/ttyUSB20 (path pci-0000:00:14.0-usb-0:3:1.0) is claimed by A2 as well") == true)
    }
  }

  @Test("a serial that several adapters bear is warned of where it was asked for, though another rule decides")
  func equalSerials() throws {
    let binding = try binding([("A1", #""match": { "serial": "SAME", "path": "*:1.1:*" }"#)])
    #expect(binding.places["A1"] == .ready(.tty(path: "/dev/ttyUSB0")))
    #expect(
      binding.warnings == [
        "slot A1 asks for serial SAME, which 2 adapters have (/dev/ttyUSB0, /dev/ttyUSB1): their paths tell them apart, "
          + "their serials do not"
      ])
    // The four ports of one adapter share its serial, and that is no trouble.
    let four = try self.binding([("B", #""match": { "serial": "FOUR", "interface": "3" }"#)])
    #expect(four.warnings.isEmpty && four.places["B"] == .ready(.tty(path: "/dev/ttyUSB13")))
  }
}
