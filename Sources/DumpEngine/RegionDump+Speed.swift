import ConsoleDialect
import DumpManifest

/// What a region's dump asks of the line rate.
extension RegionDump {
  /// Looks after the rate before a read of these bytes.
  func keepPace(at wanted: Range<Int>) async throws(SessionError) {
    let address = try await address(of: wanted.lowerBound)
    try await bench.keepPace(at: address..<address + UInt64(wanted.count))
  }

  /// As ``slowsDown(for:)``, for what was missed in a round that began at a rate; one that was lowered meanwhile is worth
  /// another round as it is.
  func slowsDown(
    _ isWanted: Bool, from rate: inout Int, since faults: WireCounters
  ) async throws(SessionError) -> Bool {
    guard isWanted else { return false }
    if bench.console.link.speed >= rate {
      guard try await slowsDown(for: bench.console.counters.since(faults)) else { return false }
    }
    rate = bench.console.link.speed
    return true
  }

  /// Lowers the rate, if that can be, where bytes cannot be had because of the line: before they are given up. Noise and
  /// lost characters may be fewer there; a unit that is silent, or talks of something else, is so at any rate.
  func slowsDown(for faults: WireCounters) async throws(SessionError) -> Bool {
    switch FaultCause(faults) {
    case .noise, .lostCharacters: break
    // Where commands are hit there are no lines to count.
    default: guard bench.isNoisy else { return false }
    }
    let rate = bench.console.link.speed
    guard try await bench.slowDown() else { return false }
    bench.session.emit(
      .trouble("\(region.name): bytes that could not be had at \(rate) baud are tried at \(bench.console.link.speed)"))
    return true
  }
}
