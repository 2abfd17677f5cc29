import Testing

@testable import Udev

/// Reads a monitor's events and keeps what it was told, as any consumer would.
struct MonitorReader {
  let monitor: AdapterMonitor
  private(set) var known: [String: Adapter] = [:]
  private(set) var heard: [AdapterEvent] = []
  private var events: AdapterEvents.Iterator

  /// A monitor in a made-up machine, where umockdev sends each event to both groups.
  init(hasUdevd: Bool = false, log: @escaping @Sendable (String) -> Void = { _ in }) throws {
    monitor = try AdapterMonitor(.init(hasUdevd: { hasUdevd }), log: log)
    events = monitor.events.makeAsyncIterator()
  }

  /// The next event.
  mutating func next() async throws -> AdapterEvent {
    let event = try #require(await events.next())
    heard.append(event)
    switch event {
    case .added(let adapter):
      #expect(known.updateValue(adapter, forKey: adapter.sysPath) == nil, "added twice: \(adapter.node)")
    case .changed(let adapter):
      #expect(known.updateValue(adapter, forKey: adapter.sysPath) != nil, "changed, but never added: \(adapter.node)")
    case .removed(let adapter):
      #expect(known.removeValue(forKey: adapter.sysPath) == adapter, "removed, but not as it was told: \(adapter.node)")
    }
    return event
  }

  /// Reads as many events as are given, by kind and node, such as `added ttyUSB0`, and compares.
  mutating func expect(_ stories: [String], sourceLocation: SourceLocation = #_sourceLocation) async throws {
    var told: [String] = []
    for _ in stories { told.append(try await next().story) }
    #expect(told == stories, sourceLocation: sourceLocation)
  }

  /// Reads until an adapter's arrival. Events come in their order, hence all before it have been taken in by then.
  mutating func read(untilAdded tty: String) async throws {
    while try await next().story != "added \(tty)" {}
  }
}

extension AdapterEvent {
  var story: String {
    switch self {
    case .added(let adapter): "added \(adapter.tty)"
    case .changed(let adapter): "changed \(adapter.tty)"
    case .removed(let adapter): "removed \(adapter.tty)"
    }
  }

  var adapter: Adapter {
    switch self {
    case .added(let adapter), .changed(let adapter), .removed(let adapter): adapter
    }
  }
}

extension Adapter {
  var tty: String { String(node.dropFirst("/dev/".count)) }
}
