import DurableFiles
import Foundation

/// A batch folder that no other process may work in, as long as this lives or until the process ends, however it ends.
public final class BatchLock: Sendable {
  private let descriptor: Int32

  /// Takes a folder that exists.
  ///
  /// - Throws: ``DiskError`` where another process has it.
  public init(_ folder: String) throws(DiskError) {
    descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw DiskError("cannot open", folder) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      close(descriptor)
      guard code == EWOULDBLOCK else { throw DiskError("cannot lock", folder, code: code) }
      throw DiskError(
        "cannot use", folder, reason: "another batchdump is at work in it",
        remedy: "wait until it ends, or choose another folder with --output")
    }
  }

  deinit { close(descriptor) }
}
