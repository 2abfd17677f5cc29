/// The name of a socket that stays the same as long as nobody rebuilds the machine, as udev's `ID_PATH` has it.
///
/// Source: systemd's src/udev/udev-builtin-path_id.c, of which the parts are taken that can be above a USB adapter.
enum PathID {
  /// The name for a device from what it hangs on, nearest first. Nothing where no controller is known.
  static func path(of chain: [DeviceRecord]) -> String? {
    var parts: [String] = []
    var hasController = false
    var rest = chain[...]
    while let device = rest.first {
      rest.removeFirst()
      guard let bus = device.subsystem else { continue }
      switch bus {
      case "usb":
        guard let part = usbPart(of: device) else { continue }
        parts.append(part)
      case "pci", "platform", "amba", "acpi", "xen":
        parts.append("\(bus)-\(device.name)")
        hasController = true
      case "bcma":
        parts.append("bcma-core\(digits(atEndOf: device.name))")
      default: continue
      }
      // Of the levels of one bus the lowest names the place; bridges and hubs above it add nothing.
      rest = rest.drop { $0.subsystem == bus }
    }
    return hasController ? parts.reversed().joined(separator: "-") : nil
  }

  /// `usb-0:1.2:1.0` for the interface `3-1.2:1.0`: buses are numbered as they come up, hence their number is left out.
  private static func usbPart(of device: DeviceRecord) -> String? {
    guard device.type == "usb_interface" || device.type == "usb_device",
      let dash = device.name.firstIndex(of: "-")
    else { return nil }
    return "usb-0:\(device.name[device.name.index(after: dash)...])"
  }

  private static func digits(atEndOf name: String) -> String {
    String(name.reversed().prefix { $0.isASCII && $0.isNumber }.reversed())
  }
}
