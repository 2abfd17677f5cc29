import MockedAdapters
import TestSupport
import Testing

@testable import Udev

extension MockedUdevTests {
  @Suite struct StormTests {
    private let bench: MockBench
    private let specimens = (0..<8).map {
      AdapterSpecimen.cp2102.plugged(into: "1-1.\($0 + 1)", as: "ttyUSB\($0)")
    }
    private let last = AdapterSpecimen.ch340.plugged(into: "1-2", as: "ttyUSB99")

    init() throws { bench = try MockBench() }

    /// Lets chance plug and pull, and the last adapter come at the end.
    private func storm(_ count: Int, seed: UInt64, after: (Int) async throws -> Void = { _ in }) async throws {
      var generator = SplitMix64(state: seed)
      var plugged: Set<Int> = []
      for round in 0..<count {
        let number = Int.random(in: 0..<specimens.count, using: &generator)
        if plugged.remove(number) == nil {
          bench.plug(specimens[number])
          plugged.insert(number)
        } else {
          bench.unbind(specimens[number])
        }
        try await after(round)
      }
      bench.plug(last)
    }

    @Test(arguments: [false, true]) func `a storm ends with what is there`(hasUdevd: Bool) async throws {
      var reader = try MonitorReader(hasUdevd: hasUdevd)
      try await storm(200, seed: 1)
      try await reader.read(untilAdded: "ttyUSB99")
      try expectTruth(reader)
    }

    @Test func `a slow reader ends with what is there, and memory stays bounded`() async throws {
      var reader = try MonitorReader()
      try await storm(200, seed: 2) { round in
        #expect(reader.monitor.listener.count <= specimens.count)
        if round % 25 == 24 { _ = try await reader.next() }
      }
      try await reader.read(untilAdded: "ttyUSB99")
      try expectTruth(reader)
    }

    @Test func `forty adapters come and go together`() async throws {
      var reader = try MonitorReader()
      for specimen in AdapterSpecimen.crowd { bench.plug(specimen) }
      for _ in 0..<40 { _ = try await reader.next() }
      try expectTruth(reader)
      #expect(reader.known.count == 40)
      for specimen in AdapterSpecimen.crowd { bench.unbind(specimen) }
      for _ in 0..<40 { _ = try await reader.next() }
      #expect(reader.known.isEmpty)
      #expect(reader.monitor.listener.count == 0)
    }

    private func expectTruth(_ reader: MonitorReader) throws {
      let present = try Adapters.present()
      #expect(reader.known.values.sorted { Adapter.isInNodeOrder($0, $1) } == present)
    }
  }
}
