/// What udev and sysfs say about one device, as a value: from a tty upwards, each level is one of these.
package struct DeviceRecord: Sendable, Hashable {
  package var sysPath: String
  /// The last part of `sysPath`: `ttyUSB0`, `1-1.2:1.0`, `0000:00:14.0`.
  package var name: String
  package var subsystem: String?
  /// The kernel's word for what it is among its subsystem: `usb_device`, `usb_interface`.
  package var type: String?
  package var node: String?
  package var driver: String?
  package var links: [String] = []
  package var properties: [String: String] = [:]
  package var attributes: [String: String] = [:]

  package init(sysPath: String, subsystem: String? = nil, type: String? = nil) {
    self.sysPath = sysPath
    self.subsystem = subsystem
    self.type = type
    name = sysPath.split(separator: "/").last.map(String.init) ?? ""
  }
}

extension DeviceRecord {
  /// Reads a tty and all that it hangs on, nearest first; nothing where no USB interface is among them.
  static func chain(of tty: UdevDevice) -> [DeviceRecord]? {
    var devices = [tty]
    while let parent = devices[devices.count - 1].parent { devices.append(parent) }
    // Most ttys are virtual terminals: they are passed over before any attribute is read.
    guard devices.contains(where: { $0.type == "usb_interface" }) else { return nil }
    return devices.map { DeviceRecord(reading: $0) }
  }

  private init(reading device: UdevDevice) {
    self.init(sysPath: device.sysPath, subsystem: device.subsystem, type: device.type)
    name = device.name
    node = device.node
    driver = device.driver
    properties = device.properties
    // Where udev's database cannot be read, the links may still be among the properties.
    links =
      device.links.isEmpty ? properties["DEVLINKS", default: ""].split(separator: " ").map(String.init) : device.links
    for attribute in Self.attributeNames(subsystem: subsystem, type: type) {
      attributes[attribute] = device.attribute(attribute)
    }
  }

  /// Only what is used is read: an attribute's file may ask the driver.
  private static func attributeNames(subsystem: String?, type: String?) -> [String] {
    switch (subsystem, type) {
    case (_, "usb_device"): ["idVendor", "idProduct", "manufacturer", "product", "serial", "speed"]
    case (_, "usb_interface"): ["bInterfaceNumber"]
    case ("usb-serial", _): ["port_number", "latency_timer"]
    default: []
    }
  }
}
