import CUdev
import Glibc

/// libudev itself. Everything that comes from it is used by one thread at a time, as libudev demands.
///
/// The three types of this file own what libudev hands out; no raw pointer leaves it.
final class UdevContext {
  fileprivate let pointer: OpaquePointer

  init() throws(UdevError) {
    guard let pointer = udev_new() else {
      throw UdevError("use libudev", code: errno, remedy: "free some memory and try again")
    }
    self.pointer = pointer
  }

  deinit { udev_unref(pointer) }

  /// Where the devices of a subsystem are in sysfs.
  func paths(ofSubsystem subsystem: String) throws(UdevError) -> [String] {
    guard let enumeration = udev_enumerate_new(pointer) else {
      throw .unlisted(subsystem, code: errno)
    }
    defer { udev_enumerate_unref(enumeration) }
    var result = udev_enumerate_add_match_subsystem(enumeration, subsystem)
    if result >= 0 { result = udev_enumerate_scan_devices(enumeration) }
    guard result >= 0 else { throw .unlisted(subsystem, code: -result) }
    return entries(udev_enumerate_get_list_entry(enumeration)).map(\.name)
  }

  /// The device at a place in sysfs; nothing where it is gone.
  func device(at sysPath: String) -> UdevDevice? {
    udev_device_new_from_syspath(pointer, sysPath).map { UdevDevice(owning: $0) }
  }
}

extension UdevError {
  fileprivate static func unlisted(_ subsystem: String, code: Int32) -> UdevError {
    UdevError("list the devices in /sys/class/\(subsystem)", code: code, remedy: "see that sysfs is mounted at /sys")
  }
}

/// One device in sysfs.
final class UdevDevice {
  private let pointer: OpaquePointer

  /// Takes over a reference.
  fileprivate init(owning pointer: OpaquePointer) { self.pointer = pointer }

  deinit { udev_device_unref(pointer) }

  var sysPath: String { text(udev_device_get_syspath(pointer)) ?? "" }
  var name: String { text(udev_device_get_sysname(pointer)) ?? "" }
  var subsystem: String? { text(udev_device_get_subsystem(pointer)) }
  var type: String? { text(udev_device_get_devtype(pointer)) }
  var node: String? { text(udev_device_get_devnode(pointer)) }
  var driver: String? { text(udev_device_get_driver(pointer)) }
  var links: [String] { entries(udev_device_get_devlinks_list_entry(pointer)).map(\.name) }
  /// Whether udevd has finished with the device. Where udev's database is missing, it never says so.
  var isInitialized: Bool { udev_device_get_is_initialized(pointer) == 1 }
  /// What has happened, for a device that came as an event.
  var action: String? { text(udev_device_get_action(pointer)) }
  /// The kernel's number of the event; zero for a device that came otherwise.
  var sequence: UInt64 { udev_device_get_seqnum(pointer) }

  /// The device that this one hangs on.
  var parent: UdevDevice? {
    // The pointer is the child's; a reference of its own lets it outlive the child.
    udev_device_get_parent(pointer).flatMap { udev_device_ref($0) }.map { UdevDevice(owning: $0) }
  }

  var properties: [String: String] {
    let found = entries(udev_device_get_properties_list_entry(pointer))
    return Dictionary(found.map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { $1 })
  }

  func property(_ name: String) -> String? { text(udev_device_get_property_value(pointer, name)) }

  func attribute(_ name: String) -> String? { text(udev_device_get_sysattr_value(pointer, name)) }
}

/// A socket on which events come, of one of the two groups.
final class UdevMonitor {
  /// Who tells of events.
  enum Group: String, CaseIterable, Sendable {
    /// The kernel, at once.
    case kernel
    /// udevd, when it has finished with the device.
    case udev
  }

  /// What one look at the socket brings.
  enum Reading {
    case event(UdevDevice)
    case nothing
    /// The socket overflowed: events are missing.
    case lost
  }

  let group: Group
  private let pointer: OpaquePointer

  /// Begins to receive the events of a subsystem's devices.
  init(_ context: UdevContext, group: Group, subsystem: String, bufferSize: Int32) throws(UdevError) {
    guard let pointer = udev_monitor_new_from_netlink(context.pointer, group.rawValue) else {
      throw .unheard(group, code: errno)
    }
    // A refusal, as for users other than root, leaves the usual size: an overflow is found out anyway.
    udev_monitor_set_receive_buffer_size(pointer, bufferSize)
    var result = udev_monitor_filter_add_match_subsystem_devtype(pointer, subsystem, nil)
    if result >= 0 { result = udev_monitor_enable_receiving(pointer) }
    guard result >= 0 else {
      udev_monitor_unref(pointer)
      throw .unheard(group, code: -result)
    }
    self.group = group
    self.pointer = pointer
  }

  deinit { udev_monitor_unref(pointer) }

  var descriptor: CInt { udev_monitor_get_fd(pointer) }

  /// The next event, without waiting.
  func receive() -> Reading {
    errno = 0
    if let device = udev_monitor_receive_device(pointer) { return .event(UdevDevice(owning: device)) }
    let code = errno
    return code == ENOBUFS ? .lost : .nothing
  }
}

extension UdevError {
  fileprivate static func unheard(_ group: UdevMonitor.Group, code: Int32) -> UdevError {
    UdevError(
      "listen to events from \(group.rawValue)", code: code,
      remedy: "see that this process may open netlink sockets (a sandbox may forbid it)")
  }
}

private func text(_ pointer: UnsafePointer<CChar>?) -> String? {
  pointer.map { String(cString: $0) }
}

private func entries(_ first: OpaquePointer?) -> [(name: String, value: String?)] {
  var found: [(name: String, value: String?)] = []
  var entry = first
  while let current = entry {
    found.append((text(udev_list_entry_get_name(current)) ?? "", text(udev_list_entry_get_value(current))))
    entry = udev_list_entry_get_next(current)
  }
  return found
}
