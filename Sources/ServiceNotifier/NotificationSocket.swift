import Foundation

/// Where the service manager listens.
struct NotificationSocket: Sendable {
  /// Longest wait for room in the socket's queue. The service manager empties it at once, unless it hangs itself.
  private static let patience = timeval(tv_sec: 1, tv_usec: 0)

  private let address: sockaddr_un
  private let length: socklen_t

  /// The socket that `NOTIFY_SOCKET` names: an absolute path, or a name of the abstract namespace after `@`.
  /// Absent where it is neither or too long for an address.
  init?(name: String) {
    guard name.count > 1, name.hasPrefix("/") || name.hasPrefix("@") else { return nil }
    var bytes = Array(name.utf8)
    let isAbstract = bytes[0] == UInt8(ascii: "@")
    if isAbstract { bytes[0] = 0 }
    var address = sockaddr_un()
    // A path needs its terminating zero, an abstract name has none.
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) + (isAbstract ? 1 : 0) else { return nil }
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    self.address = address
    let start = MemoryLayout.offset(of: \sockaddr_un.sun_path) ?? MemoryLayout<sa_family_t>.size
    length = socklen_t(start + bytes.count + (isAbstract ? 0 : 1))
  }

  /// Sends one message, or drops it where nobody receives.
  func send(_ message: String) {
    // A socket for each message, as sd_notify(3) does: messages are rare, and nothing is left open.
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var patience = Self.patience
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    let bytes = Array(message.utf8)
    withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        _ = sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), address, length)
      }
    }
  }
}
