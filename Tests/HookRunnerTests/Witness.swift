import Foundation
import TestSupport

/// A named pipe that every process of a hook holds open, by which a test learns that all of them are gone.
struct Witness {
  /// What a hook's shell begins with: holds the pipe open and tells that it runs.
  let opening: String

  private let path: String
  private let descriptor: Int32

  init(in folder: TemporaryFolder) throws {
    path = folder.file("witness")
    opening = "exec 9>'\(path)'; echo up >&9; "
    guard mkfifo(path, 0o600) == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
  }

  /// Waits until the hook runs.
  func isUp() async -> Bool { await poll(for: POLLIN) }

  /// Waits until no process of the hook lives any more, also where none ever did.
  func allAreGone() async -> Bool {
    // The end of a pipe shows only after it had a writer.
    let writer = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
    guard writer >= 0 else { return false }
    Foundation.close(writer)
    return await poll(for: POLLHUP)
  }

  func close() { Foundation.close(descriptor) }

  private func poll(for event: Int32) async -> Bool {
    // A thread of its own: the cooperative pool has few, and the hook needs them to end.
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { [descriptor] in
        // Asking for no event at all still gives the hangup, without waking for what lies in the pipe.
        var poll = pollfd(fd: descriptor, events: Int16(event & ~POLLHUP), revents: 0)
        let count = Foundation.poll(&poll, 1, 60_000)
        continuation.resume(returning: count > 0 && Int32(poll.revents) & event != 0)
      }
    }
  }
}
