/// A kind of adapter, and where one of it is plugged in.
package struct AdapterSpecimen: Sendable {
  /// A USB interface with its ttys: one for each `port_number`, or a single one of a CDC-ACM device.
  package struct Interface: Sendable {
    package var number: Int
    package var ttys: [String]
  }

  package var vendor: String
  package var product: String
  package var manufacturer: String?
  package var model: String?
  package var serial: String?
  package var megabits = "12"
  package var driver: String
  package var interfaces: [Interface]
  /// The socket, such as `1-1.2`. Hubs are made as it needs them.
  package var socket = "1-1"
  package var controller = MockController.intel
  /// The number that the kernel gave it on its bus; another one after each plugging.
  package var deviceNumber = 7
  /// What udevd has put into its database about its ttys, but the links; nothing where there is no udevd.
  package var udevProperties: [String: String] = [:]
  /// udevd's links by tty.
  package var links: [String: [String]] = [:]

  /// The same kind in another place.
  package func plugged(into socket: String, as tty: String, serial: String? = nil) -> AdapterSpecimen {
    var other = self
    other.socket = socket
    other.interfaces[0].ttys[0] = tty
    if let serial { other.serial = serial }
    return other
  }

  /// The same with an udevd.
  package func known(by properties: [String: String], links: [String: [String]] = [:]) -> AdapterSpecimen {
    var other = self
    other.udevProperties = properties
    other.links = links
    return other
  }

  package var ttys: [String] { interfaces.flatMap(\.ttys) }
}

// From the outermost device to the ttys.
extension AdapterSpecimen {
  /// The hubs above it, the root hub first.
  package var hubs: [MockDevice] {
    let bus = socket.split(separator: "-")[0]
    let ports = socket.split(separator: "-")[1].split(separator: ".")
    var root = MockDevice("\(controller.path)/usb\(bus)", "usb", type: "usb_device", driver: "usb")
    root.attributes = [
      "idVendor": "1d6b", "idProduct": "0002", "product": "xHCI Host Controller", "serial": "0000:00:14.0",
      "speed": "480",
    ]
    var hubs = [root]
    for depth in 1..<ports.count {
      let name = "\(bus)-\(ports[..<depth].joined(separator: "."))"
      var hub = MockDevice("\(hubs[depth - 1].path)/\(name)", "usb", type: "usb_device", driver: "usb")
      hub.attributes = ["idVendor": "05e3", "idProduct": "0610", "product": "USB2.1 Hub", "speed": "480"]
      hub.properties = ["BUSNUM": "001", "DEVNUM": "00\(depth + 1)"]
      hubs.append(hub)
    }
    return hubs
  }

  package var device: MockDevice {
    var device = MockDevice("\(hubs[hubs.count - 1].path)/\(socket)", "usb", type: "usb_device", driver: "usb")
    device.attributes = ["idVendor": vendor, "idProduct": product, "speed": megabits]
    device.attributes["manufacturer"] = manufacturer
    device.attributes["product"] = model
    device.attributes["serial"] = serial
    let number = "00\(deviceNumber)".suffix(3)
    device.properties = ["BUSNUM": "001", "DEVNUM": String(number), "PRODUCT": "\(vendor)/\(product)/600"]
    return device
  }

  package func interfaceDevice(_ interface: Interface) -> MockDevice {
    let name = "\(socket):1.\(interface.number)"
    var device = MockDevice("\(device.path)/\(name)", "usb", type: "usb_interface", driver: driver)
    device.attributes = ["bInterfaceNumber": (interface.number < 16 ? "0" : "") + String(interface.number, radix: 16)]
    return device
  }

  /// The tty and, unless it is a CDC-ACM device, the usb-serial port that it hangs on.
  package func ttyDevices(_ name: String, port: Int, of interface: Interface) -> [MockDevice] {
    let above = interfaceDevice(interface).path
    var devices: [MockDevice] = []
    if driver != "cdc_acm" {
      var serialPort = MockDevice("\(above)/\(name)", "usb-serial", driver: driver)
      serialPort.attributes = ["port_number": "\(port)"]
      if driver == "ftdi_sio" { serialPort.attributes["latency_timer"] = "16" }
      devices.append(serialPort)
    }
    var tty = MockDevice("\(devices.last?.path ?? above)/tty/\(name)", "tty")
    tty.properties = udevProperties.merging(["DEVNAME": "/dev/\(name)", "MAJOR": "188"]) { $1 }
    if let links = links[name] { tty.properties["DEVLINKS"] = links.joined(separator: " ") }
    return devices + [tty]
  }

  /// All of the adapter's own devices, those above before those below.
  package var devices: [MockDevice] {
    [device]
      + interfaces.flatMap { interface in
        [interfaceDevice(interface)]
          + interface.ttys.enumerated().flatMap { ttyDevices($1, port: $0, of: interface) }
      }
  }

  /// Where a tty is in sysfs.
  package func sysPath(of tty: String) -> String {
    "/sys\(devices.first { $0.subsystem == "tty" && $0.name == tty }?.path ?? "")"
  }
}
