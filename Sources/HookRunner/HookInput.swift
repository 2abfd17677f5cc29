import Foundation

/// A hook's standard input, as a file in memory.
///
/// Not a pipe, since a pipe has to be filled while the hook runs: a hook that never reads would block that, and one
/// that closes its input early would have this process killed by SIGPIPE.
struct HookInput: Sendable {
  let descriptor: Int32

  /// Holds the bytes. Throws with the system's words where there is no room for them.
  init(_ bytes: [UInt8]) throws(HookInputError) {
    let name = "/batchdump-\(UUID().uuidString)"
    // shm_open(3) has the descriptor closed in other children.
    descriptor = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
    guard descriptor >= 0 else { throw HookInputError(reason: String(cString: strerror(errno))) }
    // Gone from its folder at once, so that nothing is left behind even if this process is killed.
    shm_unlink(name)
    do {
      let file = FileHandle(fileDescriptor: descriptor)
      try file.write(contentsOf: bytes)
      try file.seek(toOffset: 0)
    } catch {
      close()
      throw HookInputError(reason: error.localizedDescription)
    }
  }

  func close() { _ = Foundation.close(descriptor) }
}

/// A hook's standard input could not be made.
struct HookInputError: Error, CustomStringConvertible {
  let reason: String

  var description: String { "making its standard input failed: \(reason)" }
}
