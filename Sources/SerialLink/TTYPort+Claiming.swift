import CSerial
import Glibc

// Getting hold of a tty: each refusal as the error that tells a person what to do.
extension TTYPort {
  /// What is at `path`. Anything but a character device is refused unopened, for opening alone can have effects.
  static func node(at path: String) throws(LinkError) -> DeviceNode {
    let address = LinkAddress.tty(path: path)
    guard let node = DeviceNode(path: path) else {
      switch errno {
      case ENOENT, ENOTDIR: throw .absent(address)
      case let code: throw .system(address, "opened", code)
      }
    }
    guard node.isCharacterDevice else { throw .notATTY(address, found: node.kindOfFile) }
    return node
  }

  /// Opens without waiting for a carrier, and without becoming the process's controlling terminal.
  static func openNode(at path: String, _ node: DeviceNode) throws(LinkError) -> Int32 {
    let address = LinkAddress.tty(path: path)
    let descriptor = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    if descriptor >= 0 { return descriptor }
    switch errno {
    case ENOENT: throw .absent(address)
    case ENXIO, ENODEV, EIO: throw .deviceGone(address)
    case EACCES, EPERM: throw .permissionDenied(address, NodeAccess(node))
    case EBUSY: throw .busy(address, holders: holders(of: node, at: path))
    case let code: throw .system(address, "opened", code)
    }
  }

  /// Makes the tty ours alone, by both locks: TIOCEXCL does not stop root, flock only those who ask for it.
  static func claim(_ descriptor: Int32, _ path: String, _ node: DeviceNode) throws(LinkError) {
    let busy = LinkError.busy(.tty(path: path), holders: [])
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw busy }
    if DeviceHolder.lockFileOwner(ofNode: path) != nil { throw busy }
    // Root gets through another's TIOCEXCL. On a pty the mark outlives a process that was killed, so it counts only
    // while somebody has the tty open.
    let others = { DeviceHolder.openers(of: node).contains { $0 != Int(getpid()) } }
    if cserial_is_exclusive(descriptor) == 1, others() { throw busy }
    // For the same reason a pty is not marked: whoever kills us could never open it again.
    if !node.isPseudoTerminal { _ = cserial_set_exclusive(descriptor, true) }
  }

  static func holders(of node: DeviceNode, at path: String) -> [DeviceHolder] {
    if let owner = DeviceHolder.lockFileOwner(ofNode: path) { return [owner] }
    return DeviceHolder.holding(node)
  }

  static func readSettings(_ descriptor: Int32, _ address: LinkAddress) throws(LinkError) -> cserial_settings {
    var settings = cserial_settings()
    let result = cserial_get_settings(descriptor, &settings)
    switch -result {
    case 0: return settings
    case ENOTTY, EINVAL: throw .notATTY(address, found: "another kind of device")
    case EIO, ENODEV: throw .deviceGone(address)
    case let code: throw .system(address, "asked for its settings", code)
    }
  }
}
