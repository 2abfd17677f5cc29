/// What happens to adapters, as it happens. Never fails; ends with the task that reads it.
public struct AdapterEvents: AsyncSequence, Sendable {
  /// One event.
  public typealias Element = AdapterEvent
  /// There is nothing that could end it early.
  public typealias Failure = Never

  let monitor: AdapterMonitor

  /// Begins to read, and ends the reading of whoever read before.
  public func makeAsyncIterator() -> Iterator { Iterator(monitor) }

  /// Reads one event after another.
  public struct Iterator: AsyncIteratorProtocol {
    /// One event.
    public typealias Element = AdapterEvent
    /// There is nothing that could end it early.
    public typealias Failure = Never

    private let monitor: AdapterMonitor
    private let number: Int
    private var bell: AsyncStream<Void>.Iterator

    fileprivate init(_ monitor: AdapterMonitor) {
      self.monitor = monitor
      let (number, bell) = monitor.listener.newReader()
      self.number = number
      self.bell = bell.makeAsyncIterator()
    }

    /// Waits for the next event; nothing when the task is cancelled or another reader has begun.
    public mutating func next() async -> AdapterEvent? {
      await next(isolation: nil)
    }

    /// Waits for the next event; nothing when the task is cancelled or another reader has begun.
    public mutating func next(isolation actor: isolated (any Actor)?) async -> AdapterEvent? {
      while !Task.isCancelled {
        if let event = monitor.listener.take(for: number) { return event }
        guard await bell.next(isolation: actor) != nil else { return nil }
      }
      return nil
    }
  }
}
