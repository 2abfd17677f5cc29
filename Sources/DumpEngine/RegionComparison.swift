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
    var start = 0
    var unasked = 0
    let longest = min(bench.session.plan.console.readLength, SecondLook.longest)
    while start < region.size {
      let part = start..<start + min(longest, source.reach(from: start))
      let bytes = try await Disk.run { try file.read(part.count, at: part.lowerBound) }
      try await compare(part, HostDigest.hex(method.algorithm, of: bytes), method, &source)
      if method.algorithm.isLinear {
        let look = SecondLook(at: BlockMatch(part, bytes, .earlier), by: method.algorithm)
        if look.isWorthAsking { try await compare(look, method, &source) }
        let isAsked = look.isWorthAsking && (look.fills.isEmpty || bench.console.canCompareMemory)
        unasked += isAsked ? 0 : part.count
      }
      start = part.upperBound
    }
    if unasked > 0 { note(unasked: unasked, method) }
  }

  private func note(unasked bytes: Int, _ method: DigestMethod) {
    bench.session.emit(
      .trouble(
        "\(region.name): \(bytes) bytes were compared by \(method.algorithm.rawValue) alone: a record in them that ends "
          + "with its own CRC-32 may be another; `again: dump` reads them"))
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
    for start in stride(from: 0, to: look.fills.count, by: RegionDump.comparedTogether) {
      let some = Array(look.fills[start..<min(start + RegionDump.comparedTogether, look.fills.count)])
      for (fill, answer) in zip(some, try await areFills(some, &source)) where answer != true {
        try await compare(fill, &source)
      }
    }
  }

  /// - Throws: `differs` where the unit says twice that a range is not of one byte all over, or says nothing clear.
  private func compare(_ fill: Range<Int>, _ source: inout RegionSource) async throws(SessionError) {
    var denials = 0
    for _ in 0...bench.session.plan.policy.retries where bench.console.canCompareMemory && denials < 2 {
      let answer = try await areFills([fill], &source)[0]
      if answer == true { return }
      if answer == false { denials += 1 }
    }
    guard bench.console.canCompareMemory else { return }
    throw differs(fill, denials == 2 ? "its bytes are not all the same" : "the unit says nothing of it that is clear")
  }

  /// What the unit says of ranges that can be reached together. The addresses are asked for anew each time: what was
  /// copied into RAM is lost with a reset.
  private func areFills(_ fills: [Range<Int>], _ source: inout RegionSource) async throws(SessionError) -> [Bool?] {
    var again = source
    let answers = try await bench.areFills(fills) { (offset) async throws(SessionError) in
      try await again.address(of: offset, on: self.bench)
    }
    source = again
    return answers
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
