import Udev

/// One device of a made-up machine: as umockdev reads it, and as a record for tests that need no umockdev.
package struct MockDevice: Sendable {
  /// Its place below `/sys`, beginning with `/devices/`.
  package var path: String
  /// Unset for a folder that is no device to udev, such as `pci0000:00`.
  package var subsystem: String?
  package var type: String?
  package var driver: String?
  package var attributes: [String: String] = [:]
  package var properties: [String: String] = [:]

  package init(_ path: String, _ subsystem: String?, type: String? = nil, driver: String? = nil) {
    self.path = path
    self.subsystem = subsystem
    self.type = type
    self.driver = driver
  }

  package var name: String { path.split(separator: "/").last.map(String.init) ?? "" }

  /// The device in the words of `umockdev_testbed_add_from_string`.
  package var text: String {
    var lines = ["P: \(path)", "E: SUBSYSTEM=\(subsystem ?? "")"]
    if let type { lines.append("E: DEVTYPE=\(type)") }
    lines += properties.sorted { $0.key < $1.key }.map { "E: \($0.key)=\($0.value)" }
    lines += attributes.sorted { $0.key < $1.key }.map { "A: \($0.key)=\(Self.escaped($0.value))" }
    if let driver { lines.append("L: driver=../../drivers/\(driver)") }
    return lines.joined(separator: "\n") + "\n\n"
  }

  package var record: DeviceRecord {
    var record = DeviceRecord(sysPath: "/sys\(path)", subsystem: subsystem, type: type)
    record.driver = driver
    record.node = properties["DEVNAME"]
    record.attributes = attributes
    record.properties = properties
    record.links = properties["DEVLINKS", default: ""].split(separator: " ").map(String.init)
    return record
  }

  /// umockdev takes C escapes in attributes.
  private static func escaped(_ text: String) -> String {
    text.utf8.map { $0 < 0x20 || $0 >= 0x7F || $0 == UInt8(ascii: "\\") ? octal($0) : String(UnicodeScalar($0)) }
      .joined()
  }

  private static func octal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 8)
    return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
  }
}
