import ConsoleDialect
import DeviceDigests
import DumpManifest
import DurableFiles

/// Compares a complete image with the unit that it came from, by the unit's own digests. Reads no memory, writes
/// nothing.
struct RegionComparison {
  let region: RegionPlan
  let bench: Bench
  /// The image's path.
  let image: String

  /// - Throws: `differs` where a digest is another than the image's; `noDigest` where the console computes none.
  func run() async throws(SessionError) {
    bench.session.emit(.regionStarted(name: region.name, size: region.size))
    var source = RegionSource(region)
    let first = try await address(of: 0, &source)
    let reader = try await bench.learn(at: first..<first + UInt64(source.reach(from: 0)))
    guard let method = reader.digests.first else {
      throw SessionError(
        .noDigest,
        "\(bench.console.place): \(region.file) cannot be compared: the console computes no digest; use "
          + "`again: skip` or `again: dump`")
    }
    // Over a few bytes first, with much patience: how long the others may take follows from it.
    if bench.console.digestPace == nil {
      _ = try await bench.persistently { () async throws(SessionError) in
        try await self.bench.console.digest(
          method, address: first, length: min(Console.tellingLength, source.reach(from: 0)))
      }
    }
    let file = try open()
    var start = 0
    while start < region.size {
      let part = start..<start + min(bench.session.plan.console.readLength, source.reach(from: start))
      let bytes = try await Disk.run { try file.read(part.count, at: part.lowerBound) }
      try await compare(part, HostDigest.hex(method.algorithm, of: bytes), method, &source)
      start = part.upperBound
    }
  }

  private func open() throws(SessionError) -> DiskFile {
    do { return try DiskFile(reading: image) } catch { throw SessionError(error) }
  }

  private func address(of offset: Int, _ source: inout RegionSource) async throws(SessionError) -> UInt64 {
    var again = source
    let address = try await bench.persistently { () async throws(SessionError) in
      try await again.address(of: offset, on: self.bench)
    }
    source = again
    return address
  }

  /// One hit digit is no difference: only what the unit says twice counts.
  private func compare(
    _ part: Range<Int>, _ ours: String, _ method: DigestMethod, _ source: inout RegionSource
  ) async throws(SessionError) {
    var last: String?
    for _ in 0...bench.session.plan.policy.retries {
      let address = try await address(of: part.lowerBound, &source)
      let theirs = try await bench.persistently { () async throws(SessionError) in
        try await self.bench.console.digest(method, address: address, length: part.count)
      }
      if theirs == ours { return }
      bench.console.counters.digestMismatches += 1
      if let theirs, theirs == last { break }
      last = theirs
    }
    throw SessionError(
      .differs,
      "\(bench.console.place): \(region.name) is not what it was: the unit's \(method.algorithm.rawValue) of "
        + "\(part.place) is \(last ?? "not said"), the image has \(ours); use `again: dump` to keep both")
  }
}
