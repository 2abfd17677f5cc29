import Glibc

/// A socket that waits for links.
final class Listener: Sendable {
  let descriptor: Int32

  private init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// Listens on a free port of this machine.
  static func tcp(backlog: Int32 = 16) throws -> (Listener, port: Int) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    try bindAndListen(descriptor, &address, backlog)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutableBytes(of: &address) {
      getsockname(descriptor, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
    }
    guard result == 0 else { throw SystemFailure(call: "getsockname") }
    return (Listener(descriptor: descriptor), Int(UInt16(bigEndian: address.sin_port)))
  }

  /// Listens on a socket in the file system.
  static func unix(path: String) throws -> Listener {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    try bindAndListen(descriptor, &address, 16)
    return Listener(descriptor: descriptor)
  }

  private static func bindAndListen<Address>(_ descriptor: Int32, _ address: inout Address, _ backlog: Int32) throws {
    let bound = withUnsafeBytes(of: &address) {
      bind(descriptor, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
    }
    guard bound == 0 else { throw SystemFailure(call: "bind") }
    guard listen(descriptor, backlog) == 0 else { throw SystemFailure(call: "listen") }
  }

  /// The other end of the next link.
  func accept() async throws -> FarEnd {
    try await FarEnd.blocking { [descriptor] in
      let peer = Glibc.accept(descriptor, nil, nil)
      guard peer >= 0 else { throw SystemFailure(call: "accept") }
      _ = fcntl(peer, F_SETFD, FD_CLOEXEC)
      return FarEnd(descriptor: peer)
    }
  }

  /// Stops listening, also where a program that another test just starts still has a copy of the socket.
  func stop() {
    shutdown(descriptor, Int32(SHUT_RDWR))
    close(descriptor)
  }
}
