import MockedAdapters
import Testing

@testable import Udev

extension MockedUdevTests {
  @Suite struct LeakTests {
    private let bench: MockBench

    init() throws { bench = try MockBench() }

    /// A thousand events, some replugging, and every other thing that takes handles of libudev's. To be run alone:
    ///
    ///     swift build --build-tests --sanitize=address --scratch-path .build/asan
    ///     umockdev-wrapper .build/asan/debug/batchdumpPackageTests.xctest --testing-library swift-testing \
    ///       --filter leakLoop
    ///
    /// A leak is listed when the program ends. A thousand devices that are never let go of come to 10 MB.
    @Test func leakLoop() async throws {
      let specimens = (0..<4).map { AdapterSpecimen.ft232r.plugged(into: "1-1.\($0 + 1)", as: "ttyUSB\($0)") }
      for specimen in specimens { bench.plug(specimen) }
      for _ in 0..<20 {
        var reader = try MonitorReader()
        try await reader.expect(specimens.flatMap(\.ttys).map { "added \($0)" })
        for event in 0..<50 {
          let number = event % specimens.count
          bench.announce("change", specimens[number], "ttyUSB\(number)")
          try await reader.expect(["changed ttyUSB\(number)"])
        }
        bench.unbind(specimens[0])
        bench.plug(specimens[0])
        try await reader.expect(["removed ttyUSB0", "added ttyUSB0"])
        #expect(try Adapters.present().count == specimens.count)
      }
    }
  }
}
