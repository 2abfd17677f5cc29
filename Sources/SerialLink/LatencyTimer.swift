import Glibc

/// The latency timer of an FTDI adapter: how long the chip holds a few characters back in case more come, 16 ms unless
/// told otherwise (FTDI, AN232B-04, "Data Throughput, Latency and Handshaking"). A dialogue of short answers spends
/// most of its time in it.
///
/// Linux shows it as the attribute `latency_timer` of the adapter's port (drivers/usb/serial/ftdi_sio.c), in
/// milliseconds. Lowering it is best effort: it takes rights that the udev rules or root give, and nothing depends on it.
struct LatencyTimer: Sendable {
  /// The shortest that the driver takes, in milliseconds.
  private static let shortest = 1

  private let path: String
  private let original: Int

  /// Lowers the timer of the adapter behind a device; nil where it has none, may not be lowered, or is low already.
  ///
  /// - Parameter sysfs: where sysfs is mounted.
  init?(of device: DeviceNumber, sysfs: String = "/sys") {
    path = "\(sysfs)/dev/char/\(device.major):\(device.minor)/device/latency_timer"
    guard let text = ProcText.read(path), let value = Int(text.prefix { $0.isASCII && $0.isNumber }),
      value > Self.shortest
    else { return nil }
    original = value
    guard write(Self.shortest) else { return nil }
  }

  /// Puts the timer back as it was found.
  func restore() { _ = write(original) }

  private func write(_ milliseconds: Int) -> Bool {
    let descriptor = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    let text = Array("\(milliseconds)\n".utf8)
    return Glibc.write(descriptor, text, text.count) == text.count
  }
}
