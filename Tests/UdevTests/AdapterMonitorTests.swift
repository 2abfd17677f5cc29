import MockedAdapters
import Synchronization
import TestSupport
import Testing

@testable import Udev

/// What holds on every machine, whatever is plugged in there.
@Suite(.disabled(if: MockBench.isPreloaded, "the machine is made up"), .timeLimit(.minutes(1)))
struct AdapterMonitorTests {
  @Test func `adapters of this machine can be listed`() throws {
    for adapter in try Adapters.present() {
      #expect(adapter.node.hasPrefix("/dev/"))
      #expect(!adapter.path.isEmpty)
    }
  }

  @Test func `a cancelled reader ends, and the next one goes on`() async throws {
    let monitor = try AdapterMonitor()
    for _ in 0..<3 {
      let reader = Task { for await _ in monitor.events {} }
      reader.cancel()
      await reader.value
    }
  }

  @Test func `a second reader takes the place of the first`() async throws {
    let monitor = try AdapterMonitor()
    var first = monitor.events.makeAsyncIterator()
    let second = monitor.events.makeAsyncIterator()
    #expect(await first.next() == nil)
    withExtendedLifetime(second) {}
  }

  @Test func `letting go of a monitor closes it`() async throws {
    for _ in 0..<20 {
      var monitor = try Optional(AdapterMonitor())
      weak let listener = monitor?.listener
      #expect(listener != nil)
      monitor = nil
      // Dispatch lets go of the sockets in its own time.
      let deadline = ContinuousClock.now + .seconds(20)
      await until { listener == nil || .now >= deadline }
      #expect(listener == nil, "still open")
    }
  }

  @Test func `that no udevd runs is said once`() throws {
    let lines = Mutex<[String]>([])
    let monitor = try AdapterMonitor(.init(hasUdevd: { false })) { line in lines.withLock { $0.append(line) } }
    #expect(lines.withLock { $0.count } == 1)
    #expect(lines.withLock { $0.first?.contains("no udevd runs here") } == true)
    withExtendedLifetime(monitor) {}
  }
}
