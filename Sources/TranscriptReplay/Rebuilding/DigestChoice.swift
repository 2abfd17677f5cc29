import DeviceDigests

/// Chooses among what was seen of a region's lines so that it agrees with what the unit has said of them.
struct DigestChoice {
  /// How much work one digest may be: values tried, and bytes digested for it.
  private static let mostTries = 4096
  private static let mostBytes = 256 << 20
  /// The most lines that are taken to be wrong at once.
  private static let mostChanges = 4

  private(set) var sightings: LineSightings
  /// What a digest bears out.
  private(set) var confirmed = RangeSet<Int>()
  /// What no choice agrees with.
  private(set) var contradicted: [UnitDigest] = []
  /// What was said of ranges that were not seen whole.
  let ofUnseen: [UnitDigest]
  private let held: RangeSet<Int>
  private var tries = 0

  /// - Parameter digests: the last that was said of each range, in the order in which they were said.
  init(_ sightings: LineSightings, _ digests: [UnitDigest]) {
    self.sightings = sightings
    held = sightings.ranges.held
    let held = held
    let covered = digests.filter { RangeSet($0.range).isSubset(of: held) }
    ofUnseen = digests.filter { !RangeSet($0.range).isSubset(of: held) }
    // The last first: should the memory have changed, what was said last is of what was seen last.
    var open = covered.reversed().filter { !confirms($0) }
    for digest in open.sorted(by: { $0.range.count < $1.range.count }) { search(for: digest) }
    preferConfirmed()
    // What has been chosen since may agree now.
    open = open.filter { !confirms($0) }
    contradicted = open.sorted { $0.range.lowerBound < $1.range.lowerBound }
  }

  private func agrees(_ digest: UnitDigest) -> Bool {
    var ours = HostDigest(digest.algorithm)
    for start in stride(from: digest.range.lowerBound, to: digest.range.upperBound, by: 1 << 20) {
      ours.update(Array(sightings.bytes[start..<min(start + 1 << 20, digest.range.upperBound)]))
    }
    return ours.hex == digest.value
  }

  private mutating func confirms(_ digest: UnitDigest) -> Bool {
    guard agrees(digest) else { return false }
    confirmed.insert(contentsOf: digest.range)
    return true
  }

  /// Lines of a range that were seen differently, and that nothing has borne out yet.
  private func openLines(in range: Range<Int>) -> [Int] {
    let lines = range.lowerBound / LineSightings.line...(range.upperBound - 1) / LineSightings.line
    return sightings.others.keys.filter { line in
      lines.contains(line) && confirmed.intersection(RangeSet(sightings.range(of: line))).isEmpty
    }.sorted()
  }

  /// Tries other values, of as few lines as possible, until the digest agrees.
  private mutating func search(for digest: UnitDigest) {
    guard !confirms(digest) else { return }
    let lines = openLines(in: digest.range)
    tries = min(Self.mostTries, Self.mostBytes / digest.range.count)
    for changes in stride(from: 1, through: min(Self.mostChanges, lines.count), by: 1) {
      if change(changes, lines[...], digest) {
        confirmed.insert(contentsOf: digest.range)
        return
      }
    }
  }

  /// Changes so many of the lines; true where the digest agrees, and then they stay changed.
  private mutating func change(_ count: Int, _ lines: ArraySlice<Int>, _ digest: UnitDigest) -> Bool {
    guard count > 0 else {
      tries -= 1
      return agrees(digest)
    }
    var lines = lines
    while let line = lines.popFirst(), lines.count + 1 >= count {
      let before = sightings.current(line).bytes
      for (index, value) in (sightings.others[line] ?? []).enumerated().reversed() where tries > 0 {
        sightings.tryOut(value.bytes, line)
        let agrees = change(count - 1, lines, digest)
        sightings.tryOut(before, line)
        if agrees {
          sightings.choose(index, of: line)
          return true
        }
      }
    }
    return false
  }

  /// Where no digest has spoken, what was seen twice counts more than what was seen once.
  private mutating func preferConfirmed() {
    for line in openLines(in: 0..<sightings.size) where !sightings.current(line).isConfirmed {
      if let index = sightings.others[line]?.lastIndex(where: \.isConfirmed) { sightings.choose(index, of: line) }
    }
  }
}
