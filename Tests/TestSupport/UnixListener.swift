import Foundation

/// A unix socket that listens from the moment it exists, to be handed to a child process.
///
/// Because it listens before the child starts, a client can connect at once: nobody has to wait for the child to
/// make its socket.
struct UnixListener: ~Copyable {
  /// The listening socket; closed when this value ends.
  let descriptor: Int32

  /// Listens at `path`, for one client.
  init(path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw SystemCallError("socket", errno, "making \(path)") }
    var address = try Self.address(path)
    let bound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard bound == 0 else { throw SystemCallError("bind", errno, "making \(path)") }
    guard listen(descriptor, 1) == 0 else { throw SystemCallError("listen", errno, "making \(path)") }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  private static func address(_ path: String) throws -> sockaddr_un {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let room = MemoryLayout.size(ofValue: address.sun_path)
    guard path.utf8.count < room else {
      throw SystemCallError("bind", ENAMETOOLONG, "making \(path) (set TMPDIR to a shorter folder)")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    return address
  }
}
