import CSerial
import Glibc

/// A pty: the master is the unit's or bridge's end, the slave is what a user opens as the console's tty.
///
/// The slave is held open here too, so that the master does not see a hangup whenever the last user closes it. As with
/// a real adapter, a fresh tty is in cooked mode with echo until a user sets it raw.
struct PseudoTerminal: Sendable {
  let master: CInt
  let slave: CInt
  /// The slave's device node.
  let path: String

  init() throws {
    var name = [CChar](repeating: 0, count: 128)
    let opened = cserial_open_pty(&name, CInt(name.count))
    guard opened >= 0 else { throw SimulatorError("cannot open a pty", code: -opened) }
    master = opened
    path = name.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    slave = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    guard slave >= 0 else {
      let code = errno
      Glibc.close(master)
      throw SimulatorError("cannot open \(path)", code: code)
    }
  }

  /// Baud that the user has set, or a negative errno.
  var hostSpeed: Int { Int(cserial_get_speed(slave)) }

  /// Leaves the tty as the driver of an adapter does when its last user has closed it: nothing unread, not exclusive.
  /// What a next user has written already is left alone.
  func forgetUser() {
    tcflush(slave, TCIFLUSH)
    _ = cserial_set_exclusive(slave, false)
  }

  /// Makes `link` lead to the slave.
  func publish(as link: String) throws {
    guard symlink(path, link) == 0 else { throw SimulatorError("cannot create \(link)", code: errno) }
  }

  /// Removes `link` if it still leads to `path`.
  static func removeLink(_ link: String, leadingTo path: String) {
    if target(of: link) == path { unlink(link) }
  }

  /// Where a link leads; nil where no link is.
  static func target(of link: String) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(link, &buffer, buffer.count)
    return count > 0 ? String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
  }

  /// Closes both ends, while the master belongs to nobody else yet.
  func close() {
    Glibc.close(master)
    closeSlave()
  }

  /// Closes this end's hold on the slave. The master belongs to a channel by then.
  func closeSlave() { Glibc.close(slave) }
}
