import ConsoleDialect
import DumpManifest
import Foundation

/// The dump of one region: fetch what is missing, prove it, give the image its name.
///
/// Nothing is guessed into the image: bytes come from lines that were whole, at the expected address, with both columns
/// agreeing; what cannot be had stays pending in the map.
final class RegionDump {
  /// The grain in which blocks are proved, retried and given up, in bytes.
  static let grain = 4096
  /// Bytes fetched between two saves where commands print a fixed length.
  private static let fixedChunk = 4 * grain
  /// The shortest read that a failing range is broken down to, in bytes.
  static let shortestRead = 256
  /// Held lines this close together are read again in one command, in bytes: a command costs about as much.
  private static let joinDistance = 64

  let region: RegionPlan
  let bench: Bench
  let image: ImageFile
  /// What is held and why.
  var ledger: BlockLedger
  /// What reports say of the region so far.
  private(set) var result: RegionResult

  private var source: RegionSource
  private var faultsBefore = 0
  private let began = ContinuousClock.now
  private let secondsBefore: Double
  private let arrivals: Int
  private var lastReport: ContinuousClock.Instant?

  /// - Parameter earlier: what is held of the region from before, in the same folder.
  init(region: RegionPlan, bench: Bench, folder: String, earlier: RegionResult) throws(SessionError) {
    self.region = region
    self.bench = bench
    let heldEnd = earlier.blocks.map(\.range.upperBound).max() ?? 0
    image = try ImageFile(region: region, folder: folder, heldEnd: heldEnd)
    // What proved the blocks before says nothing of who answers now, nor of what has happened to the file meanwhile.
    ledger = BlockLedger(size: region.size, unproven: image.hasEarlier ? earlier.blocks.map(\.range) : [])
    result = earlier
    arrivals = bench.uncheckedReturns
    if !image.hasEarlier {
      bench.session.emit(.trouble("\(region.file).partial has lost what it held: reading all of it again"))
    }
    secondsBefore = earlier.seconds
    source = RegionSource(region)
  }

  /// Fetches, proves and completes. What was held when an error is thrown is on disk and in ``result``.
  func run() async throws(SessionError) {
    bench.session.emit(.regionStarted(name: region.name, size: region.size))
    defer { summarise() }
    try await image.save([], ledger: ledger)
    let first = try await bench.persistently { () async throws(SessionError) in try await self.address(of: 0) }
    _ = try await bench.learn(at: first..<first + UInt64(source.reach(from: 0)))
    faultsBefore = bench.console.counters.lineFaults
    for chunk in chunks() where isWanting(chunk) { try await fetch(chunk) }
    // After a loss of the console with nothing to know the unit by, the halves might be two units': all is proved anew.
    if bench.uncheckedReturns != arrivals { try await proveAgain() }
    try await prove()
    guard ledger.heldBytes == region.size else { return }
    try await assertSameUnit()
    try await complete()
  }

  private func complete() async throws(SessionError) {
    let digests = try await image.digests([.sha256, .crc32])
    let path = try await image.complete()
    result.isPartial = false
    result.sha256 = digests[.sha256]
    result.crc32 = digests[.crc32].flatMap { UInt32($0, radix: 16) }
    result.checks = await bench.session.services.check(region.checks, path)
  }

  /// An image gets its name only from the unit that it began with.
  private func assertSameUnit() async throws(SessionError) {
    do {
      try await bench.assertSameUnit()
    } catch {
      if error.kind == .otherUnit {
        ledger.record(0..<region.size, .none)
        try await image.save([], ledger: ledger)
      }
      throw error
    }
  }

  /// Whether no line of this region was hit, as far as a line's own checks can tell.
  var isCleanLine: Bool { bench.console.counters.lineFaults == faultsBefore }

  /// Makes a staged region be copied from flash again before it is read again.
  func forgetStaged() { source.forget() }

  /// Notes the unit's digest over the whole region.
  func note(regionDigest: DeviceDigest) { result.deviceDigest = regionDigest }

  private func summarise() {
    result.blocks = ledger.blocks
    result.bad = Array(ledger.bad.ranges)
    result.seconds = secondsBefore + (ContinuousClock.now - began) / .seconds(1)
  }

  /// Makes the byte at `offset` readable, and returns its address.
  func address(of offset: Int) async throws(SessionError) -> UInt64 {
    try await source.address(of: offset, on: bench)
  }

  /// Whether the whole region can be reached together.
  var spansOneReach: Bool { source.reach(from: 0) == region.size }

  // MARK: Fetching

  /// The region in pieces that are fetched, proved and saved together; none crosses a staged piece.
  func chunks() -> [Range<Int>] {
    let most = bench.reader?.method.fixedLength == nil ? bench.session.plan.console.readLength : Self.fixedChunk
    var chunks: [Range<Int>] = []
    var start = 0
    while start < region.size {
      let end = start + min(most, source.reach(from: start))
      chunks.append(start..<end)
      start = end
    }
    return chunks
  }

  /// Whether there is anything left to fetch or to ask of a chunk.
  private func isWanting(_ chunk: Range<Int>) -> Bool {
    let canProve = bench.reader?.digests.isEmpty == false
    return !ledger.gaps(in: chunk).isEmpty
      || canProve && !ledger.unproven.intersection(RangeSet(chunk)).isEmpty
  }

  /// Fetches a chunk, asks the unit for its digest where that is the policy, and saves it.
  private func fetch(_ chunk: Range<Int>) async throws(SessionError) {
    var buffer = try await heldBefore(of: chunk)
    do {
      try await fill(&buffer)
      let proof = try await digestProof(&buffer)
      for range in buffer.missing.union(buffer.doubtful).ranges { ledger.giveUp(range) }
      try await save(buffer, proof)
    } catch {
      // What is held is kept, without evidence, however the session ends.
      try? await save(buffer, [])
      throw error
    }
  }

  /// A buffer with what the disk holds of a chunk.
  private func heldBefore(of chunk: Range<Int>) async throws(SessionError) -> ChunkBuffer {
    let held = ledger.held.intersection(RangeSet(chunk))
    var buffer = ChunkBuffer(chunk)
    for part in held.ranges { buffer.fill(part, with: try await image.read(part)) }
    return buffer
  }

  /// Reads what the buffer misses until it misses nothing or `retries` rounds in a row brought nothing.
  ///
  /// - Parameter isRepeat: whether the bytes were already had once.
  func fill(_ buffer: inout ChunkBuffer, isRepeat: Bool = false) async throws(SessionError) {
    var readLength = bench.reader?.method.longestRead ?? Int.max
    var fruitless = 0
    var isFirstRound = true
    while !buffer.missing.isEmpty, fruitless <= bench.session.plan.policy.retries {
      let before = buffer.missing.count
      for wanted in buffer.requests(longest: readLength, joining: isFirstRound ? 0 : Self.joinDistance) {
        if isRepeat || !isFirstRound { result.rereadBytes += wanted.count }
        try await read(wanted, into: &buffer)
      }
      isFirstRound = false
      if buffer.missing.count < before { fruitless = 0; continue }
      fruitless += 1
      readLength = max(Self.shortestRead, min(readLength, buffer.range.count) / 2)
    }
  }

  /// One read. What it holds goes into the buffer even when the console is lost in the middle.
  private func read(_ wanted: Range<Int>, into buffer: inout ChunkBuffer) async throws(SessionError) {
    guard let reader = bench.reader else { preconditionFailure("a region is read only after learning how") }
    do {
      let address = try await address(of: wanted.lowerBound)
      let request = reader.method.request(for: address, length: wanted.count)
      var parser = reader.parser(address: request.address, length: request.length)
      defer { buffer.take(parser, at: wanted.lowerBound - Int(address - request.address)) }
      let held = ledger.held.union(buffer.held).count
      try await bench.console.dump(reader.method, address: request.address, into: &parser) { count in
        report(held: min(region.size, held + count))
      }
    } catch {
      try await bench.recover(from: error)
    }
  }

  /// Writes pieces, and notes what that makes of the blocks only when the disk has them: a note of what it refused would
  /// be believed when the unit is back.
  func keep(
    _ pieces: [(offset: Int, bytes: [UInt8])] = [], _ change: (inout BlockLedger) -> Void
  ) async throws(SessionError) {
    var next = ledger
    change(&next)
    try await image.save(pieces, ledger: next)
    ledger = next
  }

  func save(_ buffer: ChunkBuffer, _ proof: [BlockRange]) async throws(SessionError) {
    try await keep(buffer.pieces) { ledger in
      // What was held before keeps its evidence until there is another.
      for range in buffer.sound.subtracting(ledger.held).ranges { ledger.record(range, .none) }
      for block in proof { ledger.record(block.range, block.evidence) }
    }
    try bench.console.flushTranscript()
    report(held: ledger.heldBytes, always: true)
  }

  // MARK: Progress

  private func report(held: Int, always: Bool = false) {
    guard isDue(always) else { return }
    let received = bench.console.counters.received
    bench.session.emit(.progress(region: region.name, held: held, size: region.size, received: received))
  }

  /// Tells how far a second read has come.
  func reportProving(done: Int) {
    guard isDue(false) else { return }
    let received = bench.console.counters.received
    bench.session.emit(.proving(region: region.name, done: done, size: region.size, received: received))
  }

  /// A fast console sends a thousand pieces a second; nobody reads more than a few lines of that.
  private func isDue(_ always: Bool) -> Bool {
    let now = ContinuousClock.now
    if let lastReport, !always, now - lastReport < .milliseconds(200) { return false }
    lastReport = now
    return true
  }
}
