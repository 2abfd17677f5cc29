import DurableFiles
import NIOPosix

/// Where blocking calls are made: the cooperative pool has a thread for each core, and a sync may take seconds.
enum Disk {
  /// Runs `work` on a thread that may block.
  static func run<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws(SessionError) -> T {
    let loop = MultiThreadedEventLoopGroup.singleton.any()
    do {
      // The future, not the async variant: that one drops work when the task is cancelled, and what is held must be
      // saved all the same.
      return try await NIOThreadPool.singleton.runIfActive(eventLoop: loop, work).get()
    } catch {
      throw SessionError(.disk, "\(error)")
    }
  }
}
