import DurableFiles
import NIOCore
import NIOPosix
import Synchronization

/// Where blocking calls are made: the cooperative pool has a thread for each core, and a sync may take seconds.
enum Disk {
  /// For what a session waits for. A sync waits and does not work: many at once are done sooner than one after another,
  /// whatever the cores.
  private static let pool = startedPool(threads: 16)
  /// For what none waits for: when many units save at once, those that read come first.
  private static let quietPool = startedPool(threads: 4)

  private static func startedPool(threads: Int) -> NIOThreadPool {
    let pool = NIOThreadPool(numberOfThreads: threads)
    pool.start()
    return pool
  }

  /// Runs `work` on a thread that may block.
  static func run<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws(SessionError) -> T {
    try await DiskWork(work, on: pool).value()
  }

  /// Begins `work` on a thread that may block, and does not wait for it.
  static func begin<T: Sendable>(_ work: @escaping @Sendable () throws -> T) -> DiskWork<T> {
    DiskWork(work, on: quietPool)
  }
}

/// Blocking work that goes on by itself.
struct DiskWork<Value: Sendable>: Sendable {
  private final class Progress: Sendable {
    let isOver = Atomic(false)
  }

  private let future: EventLoopFuture<Value>
  private let progress = Progress()

  fileprivate init(_ work: @escaping @Sendable () throws -> Value, on pool: NIOThreadPool) {
    future = pool.runIfActive(eventLoop: MultiThreadedEventLoopGroup.singleton.any(), work)
    future.whenComplete { [progress] _ in progress.isOver.store(true, ordering: .relaxed) }
  }

  /// Whether there is nothing to wait for any more.
  var isOver: Bool { progress.isOver.load(ordering: .relaxed) }

  /// What has come of it, waited for whether or not the task was cancelled: what is held must be saved all the same.
  func value() async throws(SessionError) -> Value {
    do {
      return try await future.get()
    } catch {
      throw SessionError(.disk, "\(error)")
    }
  }
}
