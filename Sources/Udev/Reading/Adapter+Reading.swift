extension Adapter {
  /// An adapter's port from what is known of the tty and of all that it hangs on, nearest first; nothing where that is
  /// no USB-serial adapter.
  ///
  /// What the adapter says of itself comes from sysfs, which has it with and without udevd, and as the device sent it.
  /// From udev come the path, where it has one, the links, and the names from its hardware database.
  package init?(chain: [DeviceRecord]) {
    guard let tty = chain.first, tty.subsystem == "tty",
      let interfaceIndex = chain.firstIndex(where: { $0.type == "usb_interface" }),
      let deviceIndex = chain[interfaceIndex...].firstIndex(where: { $0.type == "usb_device" }),
      // A telephone behind a USB Bluetooth stick has ttys too.
      !chain[..<interfaceIndex].contains(where: { $0.subsystem == "bluetooth" })
    else { return nil }
    let (interface, device) = (chain[interfaceIndex], chain[deviceIndex])
    self.init(
      sysPath: tty.sysPath, node: tty.node ?? "/dev/\(tty.name)", vendor: device.usbID("idVendor"),
      product: device.usbID("idProduct"), interface: interface.interfaceNumber,
      path: DeviceText.cleaned(tty.properties["ID_PATH"]) ?? PathID.path(of: chain) ?? "", usbPort: device.name)
    describe(by: tty, device)
    driver = interface.driver
    let serialPort = chain[..<interfaceIndex].first { $0.subsystem == "usb-serial" }
    port = serialPort?.attributes["port_number"].flatMap { Int($0) }
    latency = serialPort?.attributes["latency_timer"].flatMap { Int($0) }
    hubs = chain[(deviceIndex + 1)...].filter { $0.type == "usb_device" }.map { Hub($0, above: device.name) }
    properties = DeviceText.cleaned(tty.properties)
    parents = chain.dropFirst().map { DeviceText.cleaned($0.properties) }
  }

  private mutating func describe(by tty: DeviceRecord, _ device: DeviceRecord) {
    func known(_ name: String) -> String? { DeviceText.cleaned(tty.properties[name] ?? device.properties[name]) }
    vendorName = known("ID_VENDOR_FROM_DATABASE")
    productName = known("ID_MODEL_FROM_DATABASE")
    manufacturer = DeviceText.cleaned(device.attributes["manufacturer"])
    model = DeviceText.cleaned(device.attributes["product"])
    serial = DeviceText.cleaned(device.attributes["serial"])
    megabits = device.attributes["speed"].flatMap { Double($0) }
    links = tty.links.compactMap { DeviceText.cleaned($0, limit: DeviceText.propertyLimit) }.sorted()
  }
}

extension DeviceRecord {
  fileprivate func usbID(_ attribute: String) -> String {
    DeviceText.cleaned(attributes[attribute])?.lowercased() ?? ""
  }

  fileprivate var interfaceNumber: Int {
    if let number = attributes["bInterfaceNumber"].flatMap({ Int($0, radix: 16) }) { return number }
    // Its name, such as `1-1.2:1.0`, ends in the number too, in decimal.
    return name.split(separator: ".").last.flatMap { Int($0) } ?? 0
  }
}

extension Adapter.Hub {
  fileprivate init(_ record: DeviceRecord, above usbPort: String) {
    self.init(
      name: record.name, vendor: record.usbID("idVendor"), product: record.usbID("idProduct"),
      serial: DeviceText.cleaned(record.attributes["serial"]), model: DeviceText.cleaned(record.attributes["product"]),
      portBelow: Self.port(below: record.name, of: usbPort))
  }

  /// The rest of `1-1.4.2` below `1-1` is `4.2`. Root hubs have no ports in their name: below `usb1` it is `1.4.2`.
  private static func port(below hub: String, of usbPort: String) -> String {
    if usbPort.hasPrefix("\(hub).") { return String(usbPort.dropFirst(hub.count + 1)) }
    return usbPort.split(separator: "-").last.map(String.init) ?? usbPort
  }
}
