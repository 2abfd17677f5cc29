import MockedAdapters
import Testing

@testable import Udev

/// The expected names are what udev gave on real machines; `MockController` says where they were reported.
@Suite struct PathIDTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var specimen: AdapterSpecimen
    var path: String
    var testDescription: String { path }
  }

  static let cases = [
    Case(
      specimen: .ft232r.plugged(into: "1-4.1", as: "ttyUSB0"), path: "pci-0000:00:14.0-usb-0:4.1:1.0"),
    Case(specimen: .ft232r.plugged(into: "3-4", as: "ttyUSB0"), path: "pci-0000:00:14.0-usb-0:4:1.0"),
    Case(specimen: on(.raspberry3, .ch340, "1-1.4"), path: "platform-3f980000.usb-usb-0:1.4:1.0"),
    Case(
      specimen: on(.raspberry4, .arduinoUno, "1-1.3"), path: "platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.3:1.0"),
  ]

  private static func on(
    _ controller: MockController, _ specimen: AdapterSpecimen, _ socket: String
  ) -> AdapterSpecimen {
    var specimen = specimen
    specimen.controller = controller
    specimen.socket = socket
    return specimen
  }

  @Test(arguments: cases) func `a path is named as udev names it`(of known: Case) throws {
    let tty = known.specimen.ttys[0]
    #expect(PathID.path(of: known.specimen.chain(of: tty)) == known.path)
  }

  @Test func `an interface number stays in the path`() {
    #expect(PathID.path(of: AdapterSpecimen.ft4232h.chain(of: "ttyUSB3")) == "pci-0000:00:14.0-usb-0:1:1.3")
  }

  @Test func `without a controller there is no path`() {
    let chain = AdapterSpecimen.ft232r.chain(of: "ttyUSB0").filter { $0.subsystem != "pci" }
    #expect(PathID.path(of: chain) == nil)
    #expect(PathID.path(of: []) == nil)
  }

  @Test func `other buses above the controller are named too`() {
    var chain = [
      record("/sys/devices/x/1-1:1.0", "usb", "usb_interface"), record("/sys/devices/x/usb1", "usb", "usb_device"),
    ]
    chain += [record("/sys/devices/x/bcma0:4", "bcma"), record("/sys/devices/x/0000:02:00.0", "pci")]
    #expect(PathID.path(of: chain) == "pci-0000:02:00.0-bcma-core4-usb-0:1:1.0")
    chain[3] = record("/sys/devices/x/PNP0D20:00", "acpi")
    #expect(PathID.path(of: chain) == "acpi-PNP0D20:00-bcma-core4-usb-0:1:1.0")
  }

  private func record(_ path: String, _ subsystem: String, _ type: String? = nil) -> DeviceRecord {
    DeviceRecord(sysPath: path, subsystem: subsystem, type: type)
  }
}

extension AdapterSpecimen {
  /// A tty and all above it, nearest first, as read from sysfs.
  func chain(of tty: String) -> [DeviceRecord] {
    let path = sysPath(of: tty).dropFirst("/sys".count)
    let all = controller.devices + hubs + devices
    return all.filter { path == $0.path || path.hasPrefix("\($0.path)/") }.reversed().map(\.record)
  }
}
