import DurableFiles
import NIOCore
import NIOPosix
import Synchronization

/// Where blocking calls are made: the cooperative pool has a thread for each core, and a sync may take seconds.
enum Disk {
  /// For what a session waits for. A sync waits and does not work: many at once are done sooner than one after another,
  /// whatever the cores.
  private static let pool = startedPool(threads: 16)
  /// For what is seldom waited for: when many units save at once, those that read come first.
  private static let quietPool = startedPool(threads: quietThreads)
  static let quietThreads = 4
  /// For what takes a core for long and may take its time: one is enough, and the others are left to those that read.
  private static let slowPool = startedPool(threads: 1)

  private static func startedPool(threads: Int) -> NIOThreadPool {
    let pool = NIOThreadPool(numberOfThreads: threads)
    pool.start()
    return pool
  }

  /// Runs `work` on a thread that may block.
  static func run<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws(SessionError) -> T {
    try await DiskWork(work, on: pool).value()
  }

  /// Begins `work` on a thread that may block; it is waited for soon.
  static func beginSoon<T: Sendable>(_ work: @escaping @Sendable () throws -> T) -> DiskWork<T> {
    DiskWork(work, on: pool)
  }

  /// Begins `work` on a thread that may block, and does not wait for it.
  ///
  /// - Parameter isLong: whether it computes for long; it waits for all other work that does.
  static func begin<T: Sendable>(isLong: Bool = false, _ work: @escaping @Sendable () throws -> T) -> DiskWork<T> {
    DiskWork(work, on: isLong ? slowPool : quietPool)
  }
}

/// Blocking work that goes on by itself.
struct DiskWork<Value: Sendable>: Sendable {
  private final class Progress: Sendable {
    let end = Mutex<ContinuousClock.Instant?>(nil)
  }

  private let future: EventLoopFuture<Value>
  private let progress = Progress()
  private let began = ContinuousClock.now

  fileprivate init(_ work: @escaping @Sendable () throws -> Value, on pool: NIOThreadPool) {
    future = pool.runIfActive(eventLoop: MultiThreadedEventLoopGroup.singleton.any(), work)
    future.whenComplete { [progress] _ in progress.end.withLock { $0 = .now } }
  }

  /// Whether there is nothing to wait for any more.
  var isOver: Bool { progress.end.withLock { $0 != nil } }

  /// How long it took, or has taken until now.
  var time: Duration { (progress.end.withLock(\.self) ?? .now) - began }

  /// What has come of it, waited for whether or not the task was cancelled: what is held must be saved all the same.
  func value() async throws(SessionError) -> Value {
    do {
      return try await future.get()
    } catch {
      throw SessionError(.disk, "\(error)")
    }
  }
}
