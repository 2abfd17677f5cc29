import ConsoleDialect
import DumpManifest

/// Reading a part of a region once.
extension RegionDump {
  /// One read. What it holds goes into the buffer even when the console is lost in the middle; returns whether it was
  /// not.
  ///
  /// - Parameter next: what will be read behind it.
  @discardableResult
  func read(
    _ wanted: Range<Int>, into buffer: inout ChunkBuffer, followedBy next: Range<Int>?
  ) async throws(SessionError) -> Bool {
    guard let reader = bench.reader else { preconditionFailure("a region is read only after learning how") }
    do {
      try await keepPace(at: wanted)
      let address = try await address(of: wanted.lowerBound)
      let request = reader.method.request(for: address, length: wanted.count)
      let start = wanted.lowerBound - Int(address - request.address)
      var parser = reader.parser(address: request.address, length: request.length)
      defer { buffer.take(parser, at: start) }
      let held = ledger.held.union(buffer.held).count
      bench.console.ahead.wanted = next.flatMap { command(for: $0, reader.method) }
      defer { bench.console.ahead.wanted = nil }
      try await bench.console.dump(reader.method, address: request.address, into: &parser) {
        (parser) async throws(SessionError) in
        if isProving {
          reportProving(done: wanted.lowerBound + parser.heldBytes)
        } else {
          report(held: min(region.size, held + parser.heldBytes))
        }
        try await saveWhenDue(left: max(0, buffer.missing.count - parser.heldBytes)) {
          var sofar = buffer
          sofar.take(parser, at: start)
          return sofar
        }
      }
    } catch {
      // The method has worked before: what the unit does not know now was hit on its way.
      try await bench.recover(from: error.kind == .refused ? SessionError(.echo, error.message) : error)
      return false
    }
    return true
  }

  /// The command that reads a part; nil where it is in RAM only once it is copied there.
  private func command(for part: Range<Int>, _ method: ReadMethod) -> String? {
    guard case .mapped(let address) = region.source else { return nil }
    let request = method.request(for: address + UInt64(part.lowerBound), length: part.count)
    return method.command(address: request.address, length: request.length)
  }
}
