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

  let region: RegionPlan
  let bench: Bench
  let image: ImageFile
  /// What is held and why.
  var ledger: BlockLedger
  /// What reports say of the region so far.
  var result: RegionResult
  /// What a session before has proved of what is held; believed again once the unit has shown that it is the same.
  var remembered: [BlockRange] = []

  /// Held from before this session, or before another unit may have come, and not yet shown to be this one's.
  var foreign = RangeSet<Int>()

  /// What the unit is thought to hold, where the manifest names it.
  var reference: ReferenceImage?
  /// The unit's digests that were asked for before they were needed, by range.
  var swept: [Range<Int>: String] = [:]
  /// How often another unit may have come when they were.
  var sweptReturns: Int
  /// The longest range whose digest is asked for in one command, but for the whole region's, in bytes.
  var digestLimit = Int.max
  /// Whether the digest of the whole region loses the console.
  var losesWhole = false

  /// What a session before has left.
  let before: RegionState?
  private var source: RegionSource
  /// What evidence and map on the disk say.
  var onDisk = SavedState()
  private var faultsBefore: WireCounters
  private let began = ContinuousClock.now
  private let secondsBefore: Double
  private let lineFaultsBefore: Int
  /// How often the unit had come back unchecked when what is held was last made sure of.
  private(set) var returns: Int
  /// Whether what is read now was read before.
  var isProving = false
  private var lastReport: ContinuousClock.Instant?

  var policy: DumpPolicy { bench.session.plan.policy }
  /// Which bytes need not be read.
  var reuse: DumpPolicy.Reuse { region.reuse ?? policy.reuse }

  /// A dump of a region into a unit's folder.
  ///
  /// - Parameter earlier: what is held of the region from before, in the same folder.
  static func open(
    _ region: RegionPlan, _ bench: Bench, folder: String, earlier: RegionResult
  ) async throws(SessionError) -> RegionDump {
    let (image, before) = try await Disk.run { () throws -> (ImageFile, RegionState?) in
      var before = try RegionState.earlier(of: earlier, in: folder)
      let image = try ImageFile(region: region, folder: folder, isKnown: before != nil)
      // As the image does not bear its name any more, its evidence must not say so either.
      if before?.result.isPartial == false {
        before?.result.reopen()
        // What a person has marked in the map is still to be read.
        try before?.saveEvidence(in: folder)
      }
      return (image, before)
    }
    return RegionDump(region, bench, image, before, earlier)
  }

  private init(
    _ region: RegionPlan, _ bench: Bench, _ image: ImageFile, _ before: RegionState?, _ earlier: RegionResult
  ) {
    self.region = region
    self.bench = bench
    self.image = image
    self.before = before
    faultsBefore = bench.console.counters
    ledger = BlockLedger(size: region.size)
    result = earlier
    result.reopen()
    returns = bench.uncheckedReturns
    sweptReturns = bench.uncheckedReturns
    secondsBefore = earlier.seconds
    lineFaultsBefore = earlier.lineFaults
    source = RegionSource(region)
  }

  /// Fetches, proves and completes. What was held when an error is thrown is on disk and in ``result``.
  func run() async throws(SessionError) {
    bench.session.emit(.regionStarted(name: region.name, size: region.size))
    defer { count() }
    do {
      try await work()
    } catch {
      // What is held stays held, whatever it was that failed.
      do throws(SessionError) {
        if onDisk.isOutdated { try await keep() } else { try await settle() }
      } catch {
        bench.session.emit(.trouble(error.message))
      }
      // Nobody knows since when it was another: what was read or proved belongs to either.
      if error.kind == .otherUnit { await forgetProofs() }
      throw error
    }
  }

  private func work() async throws(SessionError) {
    // The disk does its part while it is learned how to read.
    let reserved = image.beginToReserve()
    onDisk.isOutdated = try await takeEarlier()
    let first = try await bench.persistently { () async throws(SessionError) in try await self.address(of: 0) }
    _ = try await bench.learn(at: first..<first + UInt64(firstReach))
    try await learnDigestPace()
    try await bench.climb(at: first..<first + UInt64(firstReach))
    try await reserved.value()
    if onDisk.isOutdated {
      onDisk.isOutdated = false
      try await beginToKeep([]) { _ in }
    }
    onDisk.nextSave = onDisk.nextSave ?? .now
    faultsBefore = bench.console.counters
    try await openReference()
    if digestMethod == nil { try await readTwice() } else { try await readAndCompare() }
    try await settle()
    guard ledger.heldBytes == region.size else { return }
    // An image gets its name only from the unit that it began with.
    try await bench.assertSameUnit()
    try await complete()
  }

  /// Notes that nothing proves what is held.
  func unprove() async throws(SessionError) {
    result.deviceDigest = nil
    try await settle()
    rememberFinished()
    let held = ledger.held
    try await keep { ledger in for range in held.ranges { ledger.prove(range, .none) } }
  }

  /// The same at a session's end: what the disk says of them is at least not told.
  private func forgetProofs() async {
    do throws(SessionError) { try await unprove() } catch {
      for index in result.blocks.indices { result.blocks[index].evidence = .none }
      bench.session.emit(.trouble("\(region.name): that nothing proves it any more was not written: \(error.message)"))
    }
  }

  private func complete() async throws(SessionError) {
    try await image.assertUnchanged(onDisk.pages, finished: onDisk.finished)
    let digests = try await image.digests([.sha256, .crc32])
    let path = try await image.complete()
    result.isPartial = false
    result.sha256 = digests[.sha256]
    result.crc32 = digests[.crc32].flatMap { UInt32($0, radix: 16) }
    result.checks = await bench.session.services.check(region.checks, path)
    count()
    do throws(SessionError) {
      try await image.save(complete: state(of: result))
    } catch {
      // What the disk does not say must not be reported either.
      result.isPartial = true
      (result.sha256, result.crc32, result.checks) = (nil, nil, [])
      throw error
    }
  }

  /// What went wrong on the line in this region, as far as a line's own checks can tell.
  var lineFaults: WireCounters { bench.console.counters.since(faultsBefore) }

  /// Whether that would say yes.
  var mayBeTwoUnits: Bool { bench.uncheckedReturns != returns }

  /// Whether the console was lost, since this was asked last, with nothing to know the unit by.
  func takeReturns() -> Bool {
    defer { returns = bench.uncheckedReturns }
    return mayBeTwoUnits
  }

  /// Makes a staged region be copied from flash again before it is read again.
  func forgetStaged() { source.forget() }

  /// Notes the unit's digest over the whole region.
  func note(regionDigest: DeviceDigest?) { result.deviceDigest = regionDigest }

  /// Notes what the session has cost. What is held is noted when it is saved: until then, what a session before has left
  /// stands as it was.
  func count() {
    result.lineFaults = lineFaultsBefore + lineFaults.lineFaults
    result.seconds = secondsBefore + (ContinuousClock.now - began) / .seconds(1)
  }

  /// Makes the byte at `offset` readable, and returns its address.
  func address(of offset: Int) async throws(SessionError) -> UInt64 {
    try await source.address(of: offset, on: bench)
  }

  /// Whether its bytes are copied into RAM before they are read.
  var isStaged: Bool {
    if case .staged = region.source { true } else { false }
  }

  /// Ranges in groups, each of which can be reached without copying anything in between.
  func together(_ parts: [Range<Int>]) -> [[Range<Int>]] {
    var groups: [[Range<Int>]] = []
    for part in parts {
      if let last = groups.last?.last, source.piece(at: last.lowerBound) == source.piece(at: part.lowerBound) {
        groups[groups.count - 1].append(part)
      } else {
        groups.append([part])
      }
    }
    return groups
  }

  /// How many bytes from the region's start on can be reached together.
  var firstReach: Int { source.reach(from: 0) }

  /// Whether the whole region can be reached together.
  var spansOneReach: Bool { firstReach == region.size }

  /// The most bytes that are fetched, proved and saved together.
  var longestChunk: Int {
    let isFixed = bench.reader?.method.fixedLength != nil
    return min(isFixed ? Self.fixedChunk : bench.session.plan.console.readLength, digestLimit)
  }

  /// The region in pieces that are fetched, proved and saved together; none crosses a staged piece, or the end of the
  /// reference.
  func chunks() -> [Range<Int>] {
    let most = longestChunk
    var chunks: [Range<Int>] = []
    var start = 0
    while start < region.size {
      var end = start + min(most, source.reach(from: start))
      if let edge = reference?.size, start < edge { end = min(end, edge) }
      chunks.append(start..<end)
      start = end
    }
    return chunks
  }

  // MARK: Progress

  /// Tells how much is held.
  func report(held: Int, always: Bool = false) {
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

extension RegionResult {
  /// Makes an image partial again: what is only said of a complete one is not said any more.
  fileprivate mutating func reopen() {
    isPartial = true
    (deviceDigest, sha256, crc32, checks) = (nil, nil, nil, [])
  }
}
