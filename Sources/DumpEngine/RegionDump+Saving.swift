import DumpManifest

/// What evidence and map on the disk say of a region; more may be held by now.
struct SavedState {
  /// Whether they say something else than this session holds as it begins.
  var isOutdated = false
  /// What they call finished.
  var finished = RangeSet<Int>()
  /// What of that the image is known not to have any more.
  var damaged = RangeSet<Int>()
  /// Checksums of what they call finished.
  var pages = PageChecks()
  /// What was finished before another unit may have come, in this session or one before it, and nothing else was written
  /// over since.
  var inherited = RangeSet<Int>()
  /// When what is just being read is worth a save; nil until the region is begun.
  var nextSave: ContinuousClock.Instant?
  /// The save that is under way.
  var pending: PendingSave?
  /// What was held before the first of what is written and waits for the next save; nil where nothing does.
  var behind: BlockLedger?
}

/// A save whose bytes are written, while they, and the evidence and the map of them, are on their way to the disk.
struct PendingSave {
  let work: DiskWork<PageChecks>
  /// What is held when the disk has it.
  let result: RegionResult
  let finished: RangeSet<Int>
  /// What is held if the disk refuses it.
  let before: BlockLedger
}

/// Saving what is held, so that evidence and map never say more than the disk has.
extension RegionDump {
  /// How long what was read may be lost by a power cut. Two hundred units that save each second keep a disk busy that
  /// others write to as well.
  private static let saveInterval = Duration.seconds(5)
  /// Seconds in which a block ends soon.
  private static let soon = 2.0
  /// How many times as long as the last save took the next one waits at least: on a bad line there may be very many
  /// ranges to write down.
  private static let saveShare = 10

  /// What is to be known to go on with the region.
  func state(of result: RegionResult) -> RegionState {
    var state = RegionState(result: result, demandsProof: policy.verify != .none)
    state.pages = onDisk.pages
    if !onDisk.inherited.isEmpty {
      let before = onDisk.inherited.subtracting(state.finished)
      state.finishedBefore = before.isEmpty ? nil : Array(before.ranges)
    }
    return state
  }

  /// Writes pieces, and notes what that makes of the blocks; returns when the disk has both.
  func keep(
    _ pieces: [(offset: Int, bytes: [UInt8])] = [], _ change: (inout BlockLedger) -> Void = { _ in }
  ) async throws(SessionError) {
    try await beginToKeep(pieces, change)
    try await settle()
  }

  /// Writes pieces, and notes what that makes of the blocks; the disk takes both while the next are read. Until then
  /// the result does not say so, and where it refuses, the ledger does not either: that would be believed when the unit
  /// is back.
  ///
  /// The transcript comes first: whoever doubts a block shall find there how it was read.
  ///
  /// - Parameter canWait: whether it may be saved together with what comes next where a save is still under way: what
  ///   a question or two will bring again, for nobody knows when the next comes.
  func beginToKeep(
    _ pieces: [(offset: Int, bytes: [UInt8])], canWait: Bool = false, _ change: (inout BlockLedger) -> Void
  ) async throws(SessionError) {
    let written = RangeSet(pieces.map { $0.offset..<$0.offset + $0.bytes.count })
    let waits = canWait && isSaving(besides: written)
    if !waits { try await settlePending() }
    if mayBeTwoUnits { rememberFinished() }
    count()
    try await withdraw(onDisk.finished.intersection(written))
    var next = ledger
    change(&next)
    try await putAside(over: pieces, dropped: ledger.held.subtracting(next.held))
    var told = result
    (told.blocks, told.bad, told.faults) = (next.blocks, Array(next.bad.ranges), next.faults)
    // Until all is proved anew nobody knows which of two units a proof is of, and the next session could not tell.
    if mayBeTwoUnits { for index in told.blocks.indices { told.blocks[index].evidence = .none } }
    let state = state(of: told)
    let changed = onDisk.finished.symmetricDifference(state.finished).union(written)
    let transcript = waits ? nil : try await bench.console.transcriptSync()
    try await image.write(
      pieces, changed: changed, finished: onDisk.finished.subtracting(onDisk.damaged), onDisk.pages)
    // No folder has evidence and nothing that tells whose it is.
    try await bench.session.settleRecord()
    let before = onDisk.behind ?? ledger
    ledger = next
    onDisk.behind = waits ? before : nil
    guard !waits else { return }
    let work = image.beginSave(state, changed: changed, after: transcript)
    onDisk.pending = PendingSave(work: work, result: told, finished: state.finished, before: before)
    onDisk.nextSave = .now + Self.saveInterval
  }

  /// Whether a save is under way, and nothing of what is or will be finished lies in some ranges.
  private func isSaving(besides written: RangeSet<Int>) -> Bool {
    guard let pending = onDisk.pending, !pending.work.isOver else { return false }
    return pending.finished.isDisjoint(written) && onDisk.finished.isDisjoint(written)
  }

  /// Begins to save what waits for that, where no save is under way any more.
  func catchUp() async throws(SessionError) {
    guard onDisk.behind != nil, onDisk.pending?.work.isOver != false else { return }
    try await beginToKeep([]) { _ in }
  }

  /// Waits until the disk has all that is held.
  func settle() async throws(SessionError) {
    try await settlePending()
    guard onDisk.behind != nil else { return }
    try await beginToKeep([]) { _ in }
    try await settlePending()
  }

  /// Waits for the save that is under way.
  func settlePending() async throws(SessionError) {
    guard let pending = onDisk.pending else { return }
    onDisk.pending = nil
    do {
      onDisk.pages = try await pending.work.value()
    } catch {
      (ledger, onDisk.behind) = (pending.before, nil)
      throw error
    }
    (onDisk.finished, onDisk.damaged) = (pending.finished, RangeSet())
    let due = ContinuousClock.now + pending.work.time * Self.saveShare
    onDisk.nextSave = onDisk.nextSave.map { max($0, due) }
    (result.blocks, result.bad, result.faults) = (pending.result.blocks, pending.result.bad, pending.result.faults)
  }

  /// Notes that what is finished now is put aside before anything else is written there, also when it is not called
  /// finished any more.
  func rememberFinished() { onDisk.inherited.formUnion(onDisk.finished.subtracting(onDisk.damaged)) }

  /// What is written over must not be called finished while it is neither the old nor the new.
  private func withdraw(_ finished: RangeSet<Int>) async throws(SessionError) {
    guard !finished.isEmpty else { return }
    let demandsProof = policy.verify != .none
    try await keep { ledger in
      for range in finished.ranges { if demandsProof { ledger.prove(range, .none) } else { ledger.drop(range) } }
    }
  }

  /// Copies aside what a session before this one has proved and this one is about to lose: where flash is dying, that
  /// may be the last good copy.
  private func putAside(
    over pieces: [(offset: Int, bytes: [UInt8])], dropped: RangeSet<Int>
  ) async throws(SessionError) {
    let givenUp = onDisk.inherited.intersection(dropped)
    var otherwise = RangeSet<Int>()
    for piece in pieces {
      let place = piece.offset..<piece.offset + piece.bytes.count
      for part in onDisk.inherited.intersection(RangeSet(place)).ranges {
        let now = piece.bytes[part.lowerBound - piece.offset..<part.upperBound - piece.offset]
        if try await image.read(part) != Array(now) { otherwise.insert(contentsOf: part) }
      }
    }
    let lost = givenUp.union(otherwise)
    guard let first = lost.ranges.first else { return }
    let path = try await image.putAside(lost)
    onDisk.inherited.subtract(lost)
    // Before anything is written over it: whoever goes on must not put that aside as what was proved.
    if !otherwise.isEmpty { try await keep() }
    let what = otherwise.isEmpty ? "is not believed any more" : "reads otherwise than before"
    bench.session.emit(
      .trouble(
        "\(region.name) \(what), at \(first.place) first and in \(lost.count) bytes in all: what was proved there is kept "
          + "in \(path), at the same places"))
  }

  /// Saves from time to time what a read in progress has brought; the read is not kept waiting.
  ///
  /// - Parameters:
  ///   - left: bytes that the block still lacks.
  ///   - buffer: what is held when it is time.
  func saveWhenDue(left: Int, _ buffer: () -> ChunkBuffer) async throws(SessionError) {
    if let pending = onDisk.pending {
      guard pending.work.isOver else { return }
      try await settlePending()
    }
    // What should end soon is saved together with what proves it.
    let endsSoon = Double(left) * bench.secondsPerByte <= Self.soon
    if onDisk.behind != nil, !endsSoon { return try await saveNew(of: buffer()) }
    guard let due = onDisk.nextSave, .now >= (endsSoon ? due + .seconds(Self.soon) : due) else { return }
    try await saveNew(of: buffer())
  }

  /// Saves what a buffer holds that the disk does not yet, without evidence.
  private func saveNew(of buffer: ChunkBuffer) async throws(SessionError) {
    // What was not read is proved together with the rest, and not saved before.
    var buffer = buffer
    buffer.forgetMatched()
    let new = buffer.sound.subtracting(ledger.held)
    try await beginToKeep(new.ranges.map { ($0.lowerBound, buffer[$0]) }) { ledger in
      for range in new.ranges { ledger.record(range, .none) }
    }
  }
}
