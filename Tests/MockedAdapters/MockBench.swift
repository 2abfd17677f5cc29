import CUmockdev
import Glibc
import Testing

/// A machine whose USB devices are made up, by umockdev. There is one at a time in the process.
package final class MockBench {
  private let testbed: UnsafeMutablePointer<UMockdevTestbed>
  private var present: Set<String> = []

  /// Whether umockdev stands between this process and the system.
  ///
  /// `umockdev_in_mock_environment` is not asked: it would remember a no.
  package static let isPreloaded = dlopen("libumockdev-preload.so.0", RTLD_LAZY | RTLD_NOLOAD) != nil

  package init() throws {
    testbed = try #require(umockdev_testbed_new())
  }

  deinit { g_object_unref(testbed) }

  /// Plugs an adapter in, and before that the hubs on the way to it. Each device sends its `add`.
  package func plug(_ specimen: AdapterSpecimen) {
    for device in specimen.controller.devices + specimen.hubs + specimen.devices { add(device) }
  }

  /// Pulls an adapter: its ttys say so, then it is gone.
  package func pull(_ specimen: AdapterSpecimen) {
    for tty in specimen.ttys { announce("remove", specimen, tty) }
    remove(specimen.devices)
  }

  /// Takes only the ttys away, as when the driver lets go of an adapter. Costs umockdev a third of a pull; ``plug(_:)``
  /// brings them back.
  package func unbind(_ specimen: AdapterSpecimen) {
    for tty in specimen.ttys { announce("remove", specimen, tty) }
    remove(specimen.devices.filter { $0.subsystem != "usb" })
  }

  private func remove(_ devices: [MockDevice]) {
    // Up to umockdev 0.17.16 what is below a device must go by itself, before it.
    for device in devices.reversed() {
      awaitRoom()
      umockdev_testbed_remove_device(testbed, "/sys\(device.path)")
      present.remove(device.path)
    }
  }

  /// Sends an event of a tty.
  package func announce(_ action: String, _ specimen: AdapterSpecimen, _ tty: String) {
    awaitRoom()
    umockdev_testbed_uevent(testbed, specimen.sysPath(of: tty), action)
  }

  /// Sets a udev property of a tty, without an event.
  package func setProperty(_ name: String, to value: String, of specimen: AdapterSpecimen, _ tty: String) {
    umockdev_testbed_set_property(testbed, specimen.sysPath(of: tty), name, value)
  }

  /// Makes a device, unless it is there.
  package func add(_ device: MockDevice) {
    guard device.subsystem != nil, present.insert(device.path).inserted else { return }
    var error: UnsafeMutablePointer<GError>?
    awaitRoom()
    guard umockdev_testbed_add_from_string(testbed, device.text, &error) == 0 else { return }
    let reason = error.map { String(cString: $0.pointee.message) } ?? "no reason"
    Issue.record("umockdev refuses \(device.path): \(reason)")
    g_clear_error(&error)
  }
}

extension MockBench {
  /// Waits until every listener has room for one more event: umockdev ends the process where one has not within 15 ms.
  ///
  /// Its sockets are datagram sockets named `event<N>` in its folder, with room for `net.unix.max_dgram_qlen` events.
  private func awaitRoom() {
    guard let root = umockdev_testbed_get_root_dir(testbed) else { return }
    defer { g_free(root) }
    var found = glob_t()
    defer { globfree(&found) }
    guard glob("\(String(cString: root))/event*", 0, nil, &found) == 0 else { return }
    for index in 0..<Int(found.gl_pathc) {
      guard let path = found.gl_pathv[index] else { continue }
      awaitRoom(at: String(cString: path))
    }
  }

  private func awaitRoom(at path: String) {
    let descriptor = socket(AF_UNIX, Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let isConnected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
    // Without a connection its listener is gone.
    guard isConnected else { return }
    // A connected datagram socket becomes writable when the other end's queue has room.
    var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    if poll(&state, 1, 60_000) != 1 { Issue.record("a monitor has not read its events for a minute") }
  }
}
