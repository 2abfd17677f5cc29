import CSerial
import Glibc
import NIOPosix

/// The console's end of a link: a pty's master or an accepted socket. Blocking calls run on threads of its own.
final class FarEnd: Sendable {
  private static let threads: NIOThreadPool = {
    let pool = NIOThreadPool(numberOfThreads: 16)
    pool.start()
    return pool
  }()
  /// Only a broken link ever waits that long.
  private static let patience: Int32 = 20_000

  let descriptor: Int32

  init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// A pty's master, and the path of its slave.
  static func pseudoTerminal() throws -> (FarEnd, path: String) {
    var path = [CChar](repeating: 0, count: 64)
    let master = cserial_open_pty(&path, Int32(path.count))
    guard master >= 0 else { throw SystemFailure(call: "cserial_open_pty", code: -master) }
    let name = String(decoding: path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return (FarEnd(descriptor: master), name)
  }

  /// Writes all, however long the link takes to make room.
  func write(_ bytes: [UInt8]) async throws {
    try await Self.threads.runIfActive { [descriptor] in
      var done = 0
      while done < bytes.count {
        let count = bytes[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard count > 0 else { throw SystemFailure(call: "write") }
        done += count
      }
    }
  }

  /// Reads exactly `count` bytes.
  func read(_ count: Int) async throws -> [UInt8] {
    try await Self.threads.runIfActive { [descriptor] in
      var bytes: [UInt8] = []
      while bytes.count < count {
        var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&ready, 1, Self.patience) == 1 else { throw SystemFailure(call: "poll", got: bytes) }
        var piece = [UInt8](repeating: 0, count: count - bytes.count)
        let got = Glibc.read(descriptor, &piece, piece.count)
        guard got > 0 else { throw SystemFailure(call: "read", got: bytes) }
        bytes += piece[..<got]
      }
      return bytes
    }
  }

  /// What can be read at this moment, which may be nothing.
  func readWhatIsThere() throws -> [UInt8] {
    var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&ready, 1, 0) == 1 else { return [] }
    var piece = [UInt8](repeating: 0, count: 4096)
    let got = Glibc.read(descriptor, &piece, piece.count)
    return Array(piece.prefix(max(0, got)))
  }

  /// Ends the connection in good order.
  func hangUp() {
    // A program that another test just starts may still have a copy of a socket; a pty knows no shutdown.
    shutdown(descriptor, Int32(SHUT_RDWR))
    close(descriptor)
  }

  /// Ends a TCP connection with a reset.
  func reset() {
    var now = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
    close(descriptor)
  }

  /// Ends a TCP connection without a word to the peer, as a power cut does; false where this user may not (tcp(7),
  /// TCP_REPAIR).
  func vanish() -> Bool {
    var on: Int32 = 1
    let repair: Int32 = 19
    let result = setsockopt(descriptor, Int32(IPPROTO_TCP), repair, &on, socklen_t(MemoryLayout<Int32>.size))
    close(descriptor)
    return result == 0
  }

  static func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await threads.runIfActive(body)
  }
}

/// A system call that failed in a test.
struct SystemFailure: Error, CustomStringConvertible {
  var call: String
  var code = errno
  var got: [UInt8] = []

  var description: String {
    "\(call): \(String(cString: strerror(code)))" + (got.isEmpty ? "" : ", after \(readable(got))")
  }
}
