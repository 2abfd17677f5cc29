/// What is there, what of that the consumer was told, and so what it has to be told next.
///
/// Events are kept not as a list but as the difference of the two: memory is bounded by the number of adapters, however
/// slow the consumer and however many the events are. Pure: no input or output, and the time is given.
struct AdapterLedger: Sendable {
  typealias Instant = ContinuousClock.Instant

  /// An event of the kernel's that udevd has still to follow.
  private struct Awaited {
    var sequence: UInt64
    var deadline: Instant
    var isChange: Bool
  }

  private struct Entry {
    /// As the consumer knows it; unset where it does not.
    var told: Adapter?
    /// As it was seen last; unset when it is gone.
    var sighting: Sighting?
    /// Whether the consumer may be told of it as it is.
    var isReady = false
    /// Whether it was pulled and plugged since the consumer was told: the pull comes first then.
    var wasPulled = false
    /// Whether the consumer is to be told even if nothing looks different.
    var isTouched = false
    var awaited: Awaited?
    /// The latest event that was taken.
    var sequence: UInt64 = 0
    /// Its turn among all that has to be told.
    var turn = 0

    var isRemovalDue: Bool { told != nil && (sighting == nil || wasPulled) }
    var isSightingDue: Bool { isReady && (isTouched || told != sighting?.adapter) }
  }

  /// How long udevd may take over an event before the adapter is taken as it is.
  let patience: Duration
  private var entries: [String: Entry] = [:]
  private var turns = 0
  /// The kernel's latest event.
  private var heard: UInt64 = 0

  init(patience: Duration) { self.patience = patience }

  /// How many adapters it remembers: those that are there, and those that the consumer believes to be there.
  var count: Int { entries.count }

  /// When udevd's time is up for the first adapter that waits for it.
  var nextDeadline: Instant? { entries.values.compactMap { $0.awaited?.deadline }.min() }

  /// What the consumer is to be told now. Pulled adapters come first, so that a socket never seems to be used twice.
  mutating func next() -> AdapterEvent? {
    if let path = first(where: \.isRemovalDue), let told = entries[path]?.told {
      entries[path]?.told = nil
      entries[path]?.wasPulled = false
      if entries[path]?.sighting == nil { entries[path] = nil }
      return .removed(told)
    }
    guard let path = first(where: \.isSightingDue), let adapter = entries[path]?.sighting?.adapter else { return nil }
    let wasKnown = entries[path]?.told != nil
    entries[path]?.told = adapter
    entries[path]?.isTouched = false
    return wasKnown ? .changed(adapter) : .added(adapter)
  }

  /// Whether there is something to tell.
  var hasNews: Bool { entries.values.contains { $0.isRemovalDue || $0.isSightingDue } }

  private func first(where isDue: KeyPath<Entry, Bool>) -> String? {
    entries.filter { $0.value[keyPath: isDue] }.min { $0.value.turn < $1.value.turn }?.key
  }
}

// What comes in.
extension AdapterLedger {
  /// Takes an event in. `awaitsUdevd` says whether udevd is expected to follow an event of the kernel's.
  mutating func take(_ notice: AdapterNotice, awaitsUdevd: Bool, at now: Instant) {
    let path = notice.sysPath
    if notice.group == .kernel { heard = max(heard, notice.sequence) }
    guard notice.action != .remove, let sighting = notice.sighting else {
      // udevd tells late: by then the adapter may be plugged again.
      if notice.group == .kernel || notice.sequence > entries[path]?.sequence ?? 0 { pull(path) }
      return
    }
    // The kernel told of this event and later of the pull: what is seen is just about to go.
    if notice.group == .udev, entries[path]?.sighting == nil, 1...max(heard, 1) ~= notice.sequence { return }
    meet(sighting, at: path)
    switch notice.group {
    case .kernel where awaitsUdevd: expectUdevd(after: notice, at: now)
    case .kernel: settle(notice, sighting)
    case .udev:
      // It is about an earlier event, hence its work on the latest is not done yet.
      if let awaited = entries[path]?.awaited, notice.sequence < awaited.sequence { return }
      settle(notice, sighting)
    }
  }

  /// Takes in all that is there: at the start, and where events were lost.
  mutating func take(all sightings: [Sighting], awaitsUdevd: Bool, at now: Instant) {
    let present = Set(sightings.map(\.adapter.sysPath))
    for path in entries.keys where !present.contains(path) { pull(path) }
    for sighting in sightings {
      let path = sighting.adapter.sysPath
      let isNew = meet(sighting, at: path)
      if awaitsUdevd, !sighting.isInitialized, isNew || entries[path]?.awaited != nil {
        if isNew {
          entries[path]?.awaited = Awaited(sequence: 0, deadline: now.advanced(by: patience), isChange: false)
        }
      } else {
        settle(path, sighting)
      }
    }
  }

  /// The adapters that udevd did not follow up in time.
  func overdue(at now: Instant) -> [String] {
    entries.filter { $0.value.awaited.map { $0.deadline <= now } ?? false }.keys.sorted()
  }

  /// Takes an adapter as it is, without udevd.
  mutating func takeUnfinished(_ path: String, _ sighting: Sighting?) {
    guard let sighting else { return pull(path) }
    meet(sighting, at: path)
    settle(path, sighting)
  }

  /// Remembers what was seen; says whether this plugging of it is new.
  @discardableResult
  private mutating func meet(_ sighting: Sighting, at path: String) -> Bool {
    if let known = entries[path]?.sighting {
      if known.incarnation == sighting.incarnation { return false }
      // The event that told of the pull was lost.
      pull(path)
    }
    entries[path, default: Entry()].sighting = sighting
    return true
  }

  private mutating func pull(_ path: String) {
    guard let entry = entries[path] else { return }
    guard entry.told != nil else {
      entries[path] = nil
      return
    }
    // Unless an earlier pull has its turn already.
    if !entry.isRemovalDue { takeTurn(path) }
    entries[path]?.sighting = nil
    entries[path]?.isReady = false
    entries[path]?.wasPulled = true
    entries[path]?.isTouched = false
    entries[path]?.awaited = nil
  }

  private mutating func expectUdevd(after notice: AdapterNotice, at now: Instant) {
    let path = notice.sysPath
    let earlier = entries[path]?.awaited
    // Later events do not extend the time: an adapter that changes all the time is announced too.
    entries[path]?.awaited = Awaited(
      sequence: notice.sequence, deadline: earlier?.deadline ?? now.advanced(by: patience),
      isChange: notice.action == .change || earlier?.isChange ?? false)
    entries[path]?.sequence = notice.sequence
  }

  private mutating func settle(_ notice: AdapterNotice, _ sighting: Sighting) {
    let path = notice.sysPath
    // The same event may come from both groups.
    if notice.sequence > entries[path]?.sequence ?? 0 {
      entries[path]?.sequence = notice.sequence
      if notice.action == .change { entries[path]?.isTouched = true }
    }
    settle(path, sighting)
  }

  private mutating func settle(_ path: String, _ sighting: Sighting) {
    let wasDue = entries[path]?.isSightingDue ?? false
    if entries[path]?.awaited?.isChange ?? false { entries[path]?.isTouched = true }
    entries[path]?.awaited = nil
    entries[path]?.sighting = sighting
    entries[path]?.isReady = true
    if !wasDue { takeTurn(path) }
  }

  private mutating func takeTurn(_ path: String) {
    turns += 1
    entries[path]?.turn = turns
  }
}
