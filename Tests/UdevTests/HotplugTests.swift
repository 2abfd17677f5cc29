import MockedAdapters
import Synchronization
import Testing

@testable import Udev

extension MockedUdevTests {
  @Suite struct HotplugTests {
    private let bench: MockBench
    private let first = AdapterSpecimen.ft232r.plugged(into: "1-1.1", as: "ttyUSB0")
    private let second = AdapterSpecimen.ch340.plugged(into: "1-1.2", as: "ttyUSB1")

    init() throws { bench = try MockBench() }

    @Test(arguments: [false, true]) func `adapters come, change and go`(hasUdevd: Bool) async throws {
      bench.plug(first)
      // With an udevd only what it has said something about counts: umockdev has no database for the first one.
      var reader = try MonitorReader(hasUdevd: hasUdevd)
      if hasUdevd { bench.announce("add", first, "ttyUSB0") }
      try await reader.expect(["added ttyUSB0"])
      bench.plug(second)
      let added = try await reader.next()
      #expect(added.story == "added ttyUSB1")
      #expect(added.adapter.portPath == "pci-0000:00:14.0-usb-0:1.2:1.0-port0")
      bench.setProperty("ID_MODEL_FROM_DATABASE", to: "CH340 serial converter", of: second, "ttyUSB1")
      bench.announce("change", second, "ttyUSB1")
      let changed = try await reader.next()
      #expect(changed.story == "changed ttyUSB1")
      #expect(changed.adapter.productName == "CH340 serial converter")
      bench.pull(second)
      #expect(try await reader.next() == .removed(changed.adapter))
      #expect(try Adapters.present().map(\.tty) == ["ttyUSB0"])
    }

    @Test func `what is there already comes first, in order`() async throws {
      bench.plug(second)
      bench.plug(first)
      bench.plug(.arduinoUno.plugged(into: "1-2", as: "ttyACM0"))
      var reader = try MonitorReader()
      try await reader.expect(["added ttyACM0", "added ttyUSB0", "added ttyUSB1"])
    }

    @Test func `a re-plug under another number is told as it was`() async throws {
      bench.plug(first)
      var reader = try MonitorReader()
      _ = try await reader.next()
      bench.pull(first)
      bench.plug(first.plugged(into: "1-1.1", as: "ttyUSB5"))
      try await reader.expect(["removed ttyUSB0", "added ttyUSB5"])
      #expect(Set(reader.heard.map(\.adapter.path)) == ["pci-0000:00:14.0-usb-0:1.1:1.0"])
    }

    @Test func `a quick re-plug is told as removed, then added`() async throws {
      bench.plug(first)
      var reader = try MonitorReader()
      _ = try await reader.next()
      bench.pull(first)
      bench.plug(first)
      try await reader.expect(["removed ttyUSB0", "added ttyUSB0"])
    }

    @Test func `all ports of an adapter come and go`() async throws {
      var reader = try MonitorReader()
      bench.plug(.ft4232h)
      try await reader.expect((0..<4).map { "added ttyUSB\($0)" })
      #expect(reader.heard.map(\.adapter.interface) == [0, 1, 2, 3])
      bench.pull(.ft4232h)
      try await reader.expect((0..<4).map { "removed ttyUSB\($0)" })
      #expect(reader.monitor.listener.count == 0)
    }

    @Test func `an adapter that udevd does not follow up is taken as it is, and that is said`() async throws {
      let lines = Mutex<[String]>([])
      bench.plug(first)
      let surroundings = AdapterListener.Surroundings(hasUdevd: { true }, patience: .milliseconds(1))
      let monitor = try AdapterMonitor(surroundings) { line in lines.withLock { $0.append(line) } }
      var events = monitor.events.makeAsyncIterator()
      #expect(await events.next()?.story == "added ttyUSB0")
      #expect(lines.withLock { $0.count } == 1)
      #expect(lines.withLock { $0.first?.contains("did not finish with /dev/ttyUSB0 within") } == true)
    }

    @Test func `other ttys are no news`() async throws {
      var reader = try MonitorReader()
      bench.add(MockDevice("/devices/virtual/tty/tty1", "tty"))
      bench.plug(first)
      try await reader.expect(["added ttyUSB0"])
    }

    @Test func `a reader that waits is woken, and its cancellation ends it`() async throws {
      let monitor = try AdapterMonitor(.init(hasUdevd: { false })) { _ in }
      let (heard, continuation) = AsyncStream.makeStream(of: String.self)
      let reader = Task { for await event in monitor.events { continuation.yield(event.story) } }
      var stories = heard.makeAsyncIterator()
      bench.plug(first)
      #expect(await stories.next() == "added ttyUSB0")
      reader.cancel()
      await reader.value
      bench.pull(first)
      var events = monitor.events.makeAsyncIterator()
      #expect(await events.next()?.story == "removed ttyUSB0")
    }
  }
}
