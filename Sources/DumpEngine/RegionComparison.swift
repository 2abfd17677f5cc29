import ConsoleDialect
import DeviceDigests
import DumpManifest
import DurableFiles

/// Compares a complete image with the unit that it came from, by the unit's own digests, and where these are CRCs by a
/// second look. Reads no memory, writes nothing.
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
    var (start, hasFills) = (0, false)
    let longest = min(bench.session.plan.console.readLength, SecondLook.longest)
    while start < region.size {
      let part = start..<start + min(longest, source.reach(from: start))
      let bytes = try await Disk.run { try file.read(part.count, at: part.lowerBound) }
      try await compare(part, HostDigest.hex(method.algorithm, of: bytes), method, &source)
      if method.algorithm.isLinear {
        let look = SecondLook(at: BlockMatch(part, bytes, .earlier), by: method.algorithm)
        hasFills = hasFills || !look.fills.isEmpty
        try await compare(look, method, &source)
      }
      start = part.upperBound
    }
    if hasFills, !bench.console.canCompareMemory {
      bench.session.emit(
        .trouble(
          "\(region.name): compared by CRC alone where its bytes are all the same, for the console has no command that "
            + "compares memory: a record that ends with its own CRC would not be noticed there"))
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

  /// What differs in a record with its own CRC, or is such a record where a fill was, has the same CRC.
  private func compare(
    _ look: SecondLook, _ method: DigestMethod, _ source: inout RegionSource
  ) async throws(SessionError) {
    for question in look.questions {
      try await compare(question, HostDigest.hex(method.algorithm, of: look.bytes(of: question)), method, &source)
    }
    var places: [Console.DigestRange] = []
    for fill in look.fills { places.append((try await address(of: fill.lowerBound, &source), fill.count)) }
    let answers = try await bench.persistently { () async throws(SessionError) in
      try await self.bench.console.fills(places)
    }
    for (index, fill) in look.fills.enumerated() where answers[index] != true {
      try await compare(fill, at: places[index])
    }
  }

  private func compare(_ fill: Range<Int>, at place: Console.DigestRange) async throws(SessionError) {
    var last: Bool?
    for _ in 0...bench.session.plan.policy.retries where bench.console.canCompareMemory {
      let answer = try await bench.persistently { () async throws(SessionError) in
        try await self.bench.console.fills([place])[0]
      }
      if answer == true { return }
      if answer == false, last == false { break }
      last = answer ?? last
    }
    guard bench.console.canCompareMemory else { return }
    throw differs(fill, last == false ? "its bytes are not all the same" : "the unit says nothing of it that is clear")
  }

  private func differs(_ part: Range<Int>, _ finding: String) -> SessionError {
    SessionError(
      .differs,
      "\(bench.console.place): \(region.name) is not what it was at \(part.place): \(finding); use `again: dump` to keep "
        + "both")
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
    throw differs(part, "the unit's \(method.algorithm.rawValue) is \(last ?? "not said"), the image has \(ours)")
  }
}
