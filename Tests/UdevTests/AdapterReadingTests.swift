import MockedAdapters
import Testing

@testable import Udev

@Suite struct AdapterReadingTests {
  private func adapter(_ specimen: AdapterSpecimen, _ tty: String = "ttyUSB0") throws -> Adapter {
    try #require(Adapter(chain: specimen.chain(of: tty)))
  }

  @Test func `udev's records are taken over`() throws {
    let found = try adapter(.ft232rWithUdevd)
    #expect(found.node == "/dev/ttyUSB0")
    #expect(found.vendor == "0403")
    #expect(found.product == "6001")
    #expect(found.vendorName == "Future Technology Devices International, Ltd")
    #expect(found.productName == "FT232 Serial (UART) IC")
    #expect(found.manufacturer == "FTDI")
    #expect(found.model == "FT232R USB UART")
    #expect(found.serial == "A9030PXG")
    #expect(found.driver == "ftdi_sio")
    #expect(found.interface == 0)
    #expect(found.port == 0)
    #expect(found.portPath == "pci-0000:00:14.0-usb-0:1.2:1.0-port0")
    #expect(
      found.links == [
        "/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A9030PXG-if00-port0",
        "/dev/serial/by-path/pci-0000:00:14.0-usb-0:1.2:1.0-port0",
      ])
    #expect(found.usbPort == "1-1.2")
    #expect(found.megabits == 12)
    #expect(found.latency == 16)
    #expect(found.properties["ID_SERIAL"] == "FTDI_FT232R_USB_UART_A9030PXG")
    #expect(found.parents.compactMap { $0["DEVNUM"] } == ["007", "002"])
  }

  @Test func `without udevd the same is found in sysfs`() throws {
    let with = try adapter(.ft232rWithUdevd)
    let without = try adapter(.ft232rWithUdevd.known(by: [:]))
    #expect(without.vendorName == nil)
    #expect(without.productName == nil)
    #expect(without.links == [])
    #expect(without.properties == ["DEVNAME": "/dev/ttyUSB0", "MAJOR": "188"])
    var rest = without
    (rest.vendorName, rest.productName) = (with.vendorName, with.productName)
    (rest.links, rest.properties) = (with.links, with.properties)
    #expect(rest == with)
  }

  @Test func `udev's own path goes before a computed one`() throws {
    let specimen = AdapterSpecimen.ft232r.known(by: ["ID_PATH": "platform-vhci_hcd.0-usb-0:1:1.0"])
    #expect(try adapter(specimen).path == "platform-vhci_hcd.0-usb-0:1:1.0")
  }

  @Test func `an adapter without strings has none`() throws {
    let found = try adapter(.ch340)
    #expect(found.manufacturer == nil)
    #expect(found.serial == nil)
    #expect(found.model == "USB2.0-Ser!")
    #expect(found.driver == "ch341")
    #expect(found.latency == nil)
  }

  @Test(arguments: ["", "  ", "\t"]) func `a blank serial number is none`(serial: String) throws {
    var specimen = AdapterSpecimen.ch340
    specimen.serial = serial
    #expect(try adapter(specimen).serial == nil)
  }

  @Test func `ports of one adapter differ by interface`() throws {
    let ports = try AdapterSpecimen.ft4232h.ttys.map { try adapter(.ft4232h, $0) }
    #expect(ports.map(\.interface) == [0, 1, 2, 3])
    #expect(ports.map(\.port) == [0, 0, 0, 0])
    #expect(ports[2].portPath == "pci-0000:00:14.0-usb-0:1:1.2-port0")
    #expect(Set(ports.map(\.usbPort)) == ["1-1"])
    #expect(try AdapterSpecimen.cp2105.ttys.map { try adapter(.cp2105, $0).interface } == [0, 1])
  }

  @Test func `ports of one interface differ by port number`() throws {
    let ports = try AdapterSpecimen.mcs7840.ttys.map { try adapter(.mcs7840, $0) }
    #expect(ports.map(\.interface) == [0, 0, 0, 0])
    #expect(ports.map(\.port) == [0, 1, 2, 3])
    #expect(ports[3].portPath == "pci-0000:00:14.0-usb-0:1:1.0-port3")
  }

  @Test func `a CDC-ACM device has no port number`() throws {
    let found = try adapter(.arduinoUno, "ttyACM0")
    #expect(found.port == nil)
    #expect(found.driver == "cdc_acm")
    #expect(found.portPath == "pci-0000:00:14.0-usb-0:1:1.0")
  }

  @Test func `interface numbers are hexadecimal`() throws {
    var specimen = AdapterSpecimen.ft232r
    specimen.interfaces[0].number = 17
    #expect(try adapter(specimen).interface == 17)
    var chain = specimen.chain(of: "ttyUSB0")
    chain[2].attributes = [:]
    #expect(Adapter(chain: chain)?.interface == 17)
  }

  @Test func `hubs are listed from the adapter to the controller`() throws {
    let found = try adapter(.ft232r.plugged(into: "1-2.4.3.1", as: "ttyUSB0"))
    #expect(found.hubs.map(\.name) == ["1-2.4.3", "1-2.4", "1-2", "usb1"])
    #expect(found.hubs.map(\.portBelow) == ["1", "3.1", "4.3.1", "2.4.3.1"])
    #expect(found.hubs[0].vendor == "05e3")
    #expect(found.hubs[0].serial == nil)
    #expect(found.hubs[3].serial == "0000:00:14.0")
    #expect(found.hubs[3].model == "xHCI Host Controller")
  }

  @Test func `a socket of the controller itself is below its root hub only`() throws {
    let found = try adapter(.ft232r.plugged(into: "2-11", as: "ttyUSB0"))
    #expect(found.hubs.map(\.name) == ["usb2"])
    #expect(found.hubs.map(\.portBelow) == ["11"])
  }

  @Test func `hostile strings are bounded and act on no terminal`() throws {
    var specimen = AdapterSpecimen.ft232r
    specimen.model = "\u{1B}[2J evil\u{7}\u{202E}\u{9B}x"
    specimen.serial = String(repeating: "A", count: 100_000)
    specimen.udevProperties = ["ID_MODEL": "a\u{1B}]0;b", "LONG": String(repeating: "x", count: 100_000)]
    let found = try adapter(specimen)
    #expect(found.model == "?[2J evil???x")
    #expect(found.serial == String(repeating: "A", count: 256))
    #expect(found.properties["ID_MODEL"] == "a?]0;b")
    #expect(found.properties["LONG"]?.count == 4096)
  }

  @Test func `other ttys are no adapters`() {
    var serial = DeviceRecord(sysPath: "/sys/devices/platform/serial8250/tty/ttyS0", subsystem: "tty")
    serial.node = "/dev/ttyS0"
    let platform = DeviceRecord(sysPath: "/sys/devices/platform/serial8250", subsystem: "platform")
    #expect(Adapter(chain: [serial, platform]) == nil)
    #expect(Adapter(chain: []) == nil)
    let whole = AdapterSpecimen.ft232r.chain(of: "ttyUSB0")
    #expect(Adapter(chain: Array(whole.dropFirst())) == nil)
    #expect(Adapter(chain: whole.filter { $0.type != "usb_device" }) == nil)
  }

  @Test func `a telephone behind a Bluetooth stick is no adapter`() {
    var chain = AdapterSpecimen.ft232r.chain(of: "ttyUSB0")
    chain[1] = DeviceRecord(sysPath: "/sys/devices/x/bluetooth/hci0/hci0:11", subsystem: "bluetooth")
    #expect(Adapter(chain: chain) == nil)
  }

  @Test func `nodes are in the order of their numbers`() throws {
    let nodes = ["ttyUSB10", "ttyUSB2", "ttyACM11", "ttyUSB0", "ttyACM3"]
    let adapters = try nodes.map { try adapter(.ft232r.plugged(into: "1-1", as: $0), $0) }
    let sorted = adapters.sorted { Adapter.isInNodeOrder($0, $1) }.map(\.node)
    #expect(sorted == ["/dev/ttyACM3", "/dev/ttyACM11", "/dev/ttyUSB0", "/dev/ttyUSB2", "/dev/ttyUSB10"])
  }
}
