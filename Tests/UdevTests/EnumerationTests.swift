import MockedAdapters
import Testing

@testable import Udev

extension MockedUdevTests {
  /// The same specimens as in `AdapterReadingTests`, read through libudev.
  @Suite struct EnumerationTests {
    private let bench: MockBench

    init() throws { bench = try MockBench() }

    private func present(_ specimens: AdapterSpecimen...) throws -> [Adapter] {
      for specimen in specimens { bench.plug(specimen) }
      return try Adapters.present()
    }

    @Test func `an empty machine has none`() throws {
      #expect(try present() == [])
    }

    @Test(arguments: [
      AdapterSpecimen.ft232r, .ft232rWithUdevd, .ch340, .cp2102, .cp2105, .ft4232h, .mcs7840, .arduinoUno,
      .ch340.plugged(into: "1-2.4.3.1", as: "ttyUSB0"),
    ]) func `libudev gives what sysfs holds`(specimen: AdapterSpecimen) throws {
      let found = try present(specimen)
      #expect(found.map(\.tty) == specimen.ttys)
      for adapter in found {
        let expected = try #require(Adapter(chain: specimen.chain(of: adapter.tty)))
        #expect(adapter.withoutProperties == expected.withoutProperties)
        for (name, value) in expected.properties { #expect(adapter.properties[name] == value) }
      }
    }

    @Test func `properties of all levels are there`() throws {
      let found = try #require(try present(.ft232rWithUdevd).first)
      #expect(found.properties["ID_SERIAL_SHORT"] == "A9030PXG")
      #expect(found.properties["SUBSYSTEM"] == "tty")
      #expect(found.parents.map { $0["SUBSYSTEM"] } == ["usb-serial", "usb", "usb", "usb", "usb", "pci"])
      #expect(found.parents[2]["DEVNUM"] == "007")
    }

    @Test func `adapters with equal serial numbers differ by path`() throws {
      let found = try present(
        .cp2102.plugged(into: "1-1.1", as: "ttyUSB0"), .cp2102.plugged(into: "1-1.2", as: "ttyUSB1"))
      #expect(found.map(\.serial) == ["0001", "0001"])
      #expect(
        found.map(\.portPath) == ["pci-0000:00:14.0-usb-0:1.1:1.0-port0", "pci-0000:00:14.0-usb-0:1.2:1.0-port0"])
      #expect(found.map { $0.hubs.first?.portBelow } == ["1", "2"])
    }

    @Test(arguments: [
      (MockController.raspberry3, "platform-3f980000.usb-usb-0:1.4:1.0-port0"),
      (.raspberry4, "platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.4:1.0-port0"),
    ]) func `controllers on the chip give paths too`(controller: MockController, path: String) throws {
      var specimen = AdapterSpecimen.ch340.plugged(into: "1-1.4", as: "ttyUSB0")
      specimen.controller = controller
      #expect(try present(specimen).map(\.portPath) == [path])
    }

    @Test func `other ttys are left out`() throws {
      for device in [
        MockDevice("/devices/platform/serial8250", "platform"),
        MockDevice("/devices/platform/serial8250/tty/ttyS0", "tty"),
        MockDevice("/devices/virtual/tty/tty1", "tty"),
      ] { bench.add(device) }
      #expect(try present(.ft232r).map(\.tty) == ["ttyUSB0"])
    }

    @Test func `strings of a hostile device are bounded and act on no terminal`() throws {
      var specimen = AdapterSpecimen.ft232r
      specimen.model = "\u{1B}]0;owned\u{7}\u{1B}[2J"
      specimen.serial = "\u{202E}" + String(repeating: "é", count: 5000)
      let found = try #require(try present(specimen).first)
      #expect(found.model == "?]0;owned??[2J")
      #expect(found.serial == "?" + String(repeating: "é", count: 255))
    }

    @Test func `forty adapters on three hubs are found in order`() throws {
      let specimens = AdapterSpecimen.crowd
      for specimen in specimens.reversed() { bench.plug(specimen) }
      let found = try Adapters.present()
      #expect(found.map(\.tty) == (0..<40).map { "ttyUSB\($0)" })
      #expect(found.map(\.usbPort) == specimens.map(\.socket))
      #expect(Set(found.map(\.path)).count == 40)
    }
  }
}

extension AdapterSpecimen {
  /// Forty adapters with one serial number, on three hubs.
  static let crowd = (0..<40).map { number in
    AdapterSpecimen.cp2102.plugged(into: "1-\(number / 14 + 1).\(number % 14 + 1)", as: "ttyUSB\(number)")
  }
}

extension Adapter {
  fileprivate var withoutProperties: Adapter {
    var other = self
    (other.properties, other.parents) = ([:], [])
    return other
  }
}
