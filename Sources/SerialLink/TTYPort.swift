import CSerial
import Glibc
import Synchronization

/// A tty that this process holds: the descriptor for its settings, and what they were before.
///
/// Calls block for as long as the driver takes (a USB adapter's driver talks to the adapter first), so they belong on a
/// thread pool. The descriptor stays ours while SwiftNIO carries the bytes over duplicates: what is set here needs no
/// event loop, and the last close, which may wait for output, is made here as well.
final class TTYPort: Sendable {
  let address: LinkAddress
  /// Whether it is a pty's slave, which has no line behind it.
  let isPseudoTerminal: Bool
  private let settings: LineSettings
  private let original: cserial_settings
  private let latency: LatencyTimer?
  private let descriptor: Mutex<Int32?>
  private let nominalSpeed: Atomic<Int>

  /// Opens the tty for this process alone, raw before the first byte can be echoed; throws away what came before.
  ///
  /// - Parameter sysfs: where sysfs is mounted.
  init(path: String, settings: LineSettings, sysfs: String = "/sys") throws(LinkError) {
    let address = LinkAddress.tty(path: path)
    let node = try Self.node(at: path)
    let descriptor = try Self.openNode(at: path, node)
    do throws(LinkError) {
      try Self.claim(descriptor, path, node)
      original = try Self.readSettings(descriptor, address)
    } catch {
      close(descriptor)
      // Only now: our own descriptor must not be found among the holders.
      throw error.kind == .busy ? .busy(address, holders: Self.holders(of: node, at: path)) : error
    }
    self.address = address
    self.settings = settings
    isPseudoTerminal = node.isPseudoTerminal
    self.descriptor = Mutex(descriptor)
    nominalSpeed = Atomic(settings.speed)
    latency = LatencyTimer(of: node.device, sysfs: sysfs)
    // From here on a failure runs `deinit`, which puts the settings back.
    try makeRaw(descriptor)
  }

  deinit {
    release()
  }

  /// The speed that was asked for, in baud. Never blocks.
  var speed: Int { nominalSpeed.load(ordering: .relaxed) }

  /// Sets the line's speed. Where the driver makes too much of a difference, the old speed stays and this throws.
  func setSpeed(_ baud: Int) throws(LinkError) {
    try withDescriptor { descriptor throws(LinkError) in
      guard let rate = UInt32(exactly: baud), rate > 0 else { throw .badSpeed(address, baud) }
      try check(cserial_set_speed(descriptor, rate), "set to \(baud) baud")
      do throws(LinkError) {
        try checkSpeed(descriptor, wanted: baud)
      } catch {
        _ = cserial_set_speed(descriptor, UInt32(speed))
        throw error
      }
      nominalSpeed.store(baud, ordering: .relaxed)
    }
  }

  /// Starts or ends a break.
  func setBreak(_ on: Bool) throws(LinkError) {
    try withDescriptor { descriptor throws(LinkError) in
      let result = cserial_set_break(descriptor, on)
      guard result == 0 else { throw .unsupported(address, "send a break", -result) }
    }
  }

  /// Sets the modem lines that are named.
  func setModemLines(dtr: Bool?, rts: Bool?) throws(LinkError) {
    try withDescriptor { descriptor throws(LinkError) in
      let wanted = [dtr, rts].map { line -> Int32 in line.map { $0 ? 1 : 0 } ?? -1 }
      let result = cserial_set_modem_lines(descriptor, wanted[0], wanted[1])
      guard result == 0 else { throw .unsupported(address, "switch DTR or RTS", -result) }
    }
  }

  /// How many bytes the kernel still holds for the adapter.
  func pendingOutput() throws(LinkError) -> Int {
    try withDescriptor { descriptor throws(LinkError) in
      Int(try check(cserial_pending_output(descriptor), "asked for pending output"))
    }
  }

  /// Waits for what the adapter itself still holds; only to be called once nothing is pending in the kernel.
  func drain() throws(LinkError) {
    try withDescriptor { descriptor throws(LinkError) in
      _ = try check(cserial_drain(descriptor), "drained")
    }
  }

  /// Puts the original settings back and lets go of the tty. May be called again.
  ///
  /// Output that was not sent is thrown away, for the kernel's close would wait up to 30 s for an adapter that hangs
  /// (drivers/tty/tty_port.c, `closing_wait`); wait for it before.
  func release() {
    descriptor.withLock { held in
      guard let open = held else { return }
      held = nil
      if cserial_pending_output(open) > 0 { _ = cserial_discard_output(open) }
      withUnsafePointer(to: original) { _ = cserial_set_settings(open, $0) }
      latency?.restore()
      _ = cserial_set_exclusive(open, false)
      close(open)
    }
  }

  /// Another descriptor of the same open tty.
  func duplicate() throws(LinkError) -> Int32 {
    try withDescriptor { descriptor throws(LinkError) in
      let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
      guard copy >= 0 else { throw .system(address, "opened", errno) }
      return copy
    }
  }

  private func withDescriptor<Value>(_ body: (Int32) throws(LinkError) -> Value) throws(LinkError) -> Value {
    try descriptor.withLock { held throws(LinkError) in
      guard let held else { throw .closed(address) }
      return try body(held)
    }
  }

  private func makeRaw(_ descriptor: Int32) throws(LinkError) {
    guard let rate = UInt32(exactly: settings.speed), rate > 0 else { throw .badSpeed(address, settings.speed) }
    let parity = CChar(bitPattern: settings.parity.rawValue.utf8.first ?? 0)
    guard (5...8).contains(settings.dataBits), (1...2).contains(settings.stopBits) else {
      throw .badFraming(address, settings)
    }
    let result = cserial_set_raw(descriptor, rate, Int32(settings.dataBits), parity, Int32(settings.stopBits))
    try check(result, "set to \(rate) baud, \(settings.framing)")
    try checkSpeed(descriptor, wanted: settings.speed)
    try checkFraming(descriptor)
    try check(cserial_discard(descriptor), "emptied")
  }

  /// Refuses a speed that the driver made and that no UART set to `wanted` could read (more than 3 % away).
  private func checkSpeed(_ descriptor: Int32, wanted: Int) throws(LinkError) {
    let made = Int(try check(cserial_get_speed(descriptor), "asked for its speed"))
    // A driver that does not know its speed reports 0.
    guard made == 0 || abs(made - wanted) * 100 <= wanted * 3 else {
      throw .otherSpeed(address, wanted: wanted, got: made)
    }
  }

  private func checkFraming(_ descriptor: Int32) throws(LinkError) {
    // A pty reports 8 bits without parity whatever was asked (drivers/tty/pty.c): it frames nothing.
    if isPseudoTerminal { return }
    var line = cserial_line()
    try check(cserial_get_line(descriptor, &line), "asked for its framing")
    let parity = LineSettings.Parity(rawValue: String(UnicodeScalar(UInt8(bitPattern: line.parity)))) ?? .none
    let made = LineSettings(
      speed: settings.speed, dataBits: Int(line.data_bits), parity: parity, stopBits: Int(line.stop_bits))
    guard made == settings else { throw .otherFraming(address, wanted: settings, got: made) }
  }

  /// Passes a result of CSerial on, or its failure. `EIO` is what a tty that hung up answers to everything.
  @discardableResult
  private func check(_ result: Int32, _ what: String) throws(LinkError) -> Int32 {
    if result == -EIO || result == -ENODEV { throw .hungUp(address) }
    guard result >= 0 else { throw .system(address, what, -result) }
    return result
  }
}
