// Programs that open serial adapters unasked.
extension DeviceHolder {
  /// What keeps each of them away, by the name that the kernel knows it by.
  ///
  /// ModemManager asks every new adapter whether it is a modem; brltty and gpsd take adapters by their USB ids, among
  /// them those of common chips (their udev rules 90-brltty-device.rules and 60-gpsd.rules).
  private static let remedies = [
    "ModemManager": "sudo systemctl stop ModemManager, or install the udev rules (make install-service)",
    "brltty": "if nobody here reads with a braille display, sudo systemctl mask --now brltty brltty-udev",
    "gpsd": "sudo systemctl stop gpsd.socket gpsd",
  ]

  /// Whether it is a program that takes adapters by itself.
  var takesAdapters: Bool { remedy != nil }

  /// What keeps such a program away; nothing for one that somebody started to use the tty.
  var remedy: String? { Self.remedies[name] }
}
