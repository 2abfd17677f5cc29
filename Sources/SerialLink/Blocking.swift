import NIOCore
import NIOPosix

/// Calls that block, run where blocking does no harm.
enum Blocking {
  /// Runs `body` on a thread of SwiftNIO's pool. Once begun it is waited for, cancelled or not.
  static func run<Value: Sendable>(
    on loop: any EventLoop, for address: LinkAddress,
    _ body: @escaping @Sendable () throws(LinkError) -> Value
  ) async throws(LinkError) -> Value {
    // The future, not the async variant: that one drops work that has not begun when the task is cancelled.
    let future = NIOThreadPool.singleton.runIfActive(eventLoop: loop) { () -> Result<Value, LinkError> in
      do throws(LinkError) { return .success(try body()) } catch { return .failure(error) }
    }
    return try await future.outcome(for: address).get()
  }
}

extension EventLoopFuture {
  /// Waits for a result that says by itself what failed; all else that can fail is the event loop, by shutting down.
  func outcome<Success: Sendable>(
    for address: LinkAddress
  ) async -> Value where Value == Result<Success, LinkError> {
    do {
      return try await get()
    } catch {
      return .failure(.loopsStopped(address, error))
    }
  }
}
