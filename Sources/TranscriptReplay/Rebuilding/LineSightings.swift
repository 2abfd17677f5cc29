/// What a transcript shows of a region, line by line: the latest bytes, how often they were seen, and what else was seen
/// in their place.
struct LineSightings {
  /// Bytes in a line. Lines begin at multiples of it from the region's start, wherever the console began its own.
  static let line = 16
  /// The most other values of one line that are kept; a line that is hit more often than that says nothing.
  private static let mostOthers = 15

  /// One value of a line, which several replies may have had parts of.
  struct Value {
    var bytes: [UInt8]
    /// Which of its bytes were seen at all.
    var once: UInt16
    /// Which were seen more than once.
    var twice: UInt16
    /// Whether all that is known of it was seen more than once.
    var isConfirmed: Bool { twice == once }
  }

  /// Bytes in the region.
  let size: Int
  /// The value of each line that counts: the latest, until another is chosen. Zero where nothing was seen.
  private(set) var bytes: [UInt8]
  private var once: [UInt16]
  private var twice: [UInt16]
  /// What else was seen of a line, the latest last.
  private(set) var others: [Int: [Value]] = [:]

  init(size: Int) {
    self.size = size
    bytes = Array(repeating: 0, count: size)
    let lines = (size + Self.line - 1) / Self.line
    once = Array(repeating: 0, count: lines)
    twice = once
  }

  /// The bytes of the region that a line has.
  func range(of line: Int) -> Range<Int> { line * Self.line..<min((line + 1) * Self.line, size) }

  /// Takes bytes that were printed for a range of the region.
  mutating func see(_ range: Range<Int>, _ seen: ArraySlice<UInt8>) {
    var at = range.lowerBound
    var from = seen.startIndex
    while at < range.upperBound {
      let line = at / Self.line
      let end = min(range.upperBound, (line + 1) * Self.line)
      see(line, at..<end, seen[from..<from + (end - at)])
      from += end - at
      at = end
    }
  }

  private mutating func see(_ line: Int, _ part: Range<Int>, _ seen: ArraySlice<UInt8>) {
    let mask = Self.mask(part.lowerBound % Self.line, part.count)
    if once[line] == 0 || agrees(line, part, seen) {
      for (index, byte) in zip(part, seen) { bytes[index] = byte }
      twice[line] |= once[line] & mask
      once[line] |= mask
    } else {
      seeOther(line, part.lowerBound % Self.line, seen, mask)
    }
  }

  /// Whether what was seen is what was seen last, as far as both go.
  @inline(__always)
  private func agrees(_ line: Int, _ part: Range<Int>, _ seen: ArraySlice<UInt8>) -> Bool {
    var at = seen.startIndex
    for index in part {
      if bytes[index] != seen[at], once[line] & 1 << UInt16(index % Self.line) != 0 { return false }
      at += 1
    }
    return true
  }

  /// Makes a value that differs from the latest the latest.
  private mutating func seeOther(_ line: Int, _ start: Int, _ seen: ArraySlice<UInt8>, _ mask: UInt16) {
    var values = others[line] ?? []
    let known = values.lastIndex { value in
      seen.enumerated().allSatisfy { value.once & 1 << UInt16(start + $0) == 0 || value.bytes[start + $0] == $1 }
    }
    var value = current(line)
    if let known { value = values.remove(at: known) } else { value.twice &= ~mask }
    for (index, byte) in seen.enumerated() { value.bytes[start + index] = byte }
    if known != nil { value.twice |= value.once & mask }
    value.once |= mask
    values.append(current(line))
    others[line] = Array(values.suffix(Self.mostOthers))
    put(value, line)
  }

  // MARK: Choosing

  /// The value that counts.
  func current(_ line: Int) -> Value {
    Value(bytes: Array(bytes[range(of: line)]), once: once[line], twice: twice[line])
  }

  /// Makes another value count.
  mutating func choose(_ index: Int, of line: Int) {
    guard var values = others[line] else { return }
    let value = values[index]
    values[index] = current(line)
    others[line] = values
    put(value, line)
  }

  /// Puts bytes of a value where the line is, to see what comes of it.
  mutating func tryOut(_ value: [UInt8], _ line: Int) { bytes.replaceSubrange(range(of: line), with: value) }

  private mutating func put(_ value: Value, _ line: Int) {
    bytes.replaceSubrange(range(of: line), with: value.bytes)
    once[line] = value.once
    twice[line] = value.twice
  }

  // MARK: Ranges

  /// The bytes that were seen, and those of them that were seen more than once.
  var ranges: (held: RangeSet<Int>, twice: RangeSet<Int>) { (ranges(once), ranges(twice)) }

  private func ranges(_ masks: [UInt16]) -> RangeSet<Int> {
    var found: [Range<Int>] = []
    func add(_ range: Range<Int>) {
      if let last = found.last, last.upperBound == range.lowerBound {
        found[found.count - 1] = last.lowerBound..<range.upperBound
      } else {
        found.append(range)
      }
    }
    for (line, mask) in masks.enumerated() where mask != 0 {
      let whole = range(of: line)
      if mask == Self.mask(0, whole.count) {
        add(whole)
      } else {
        for index in whole where mask & 1 << UInt16(index % Self.line) != 0 { add(index..<index + 1) }
      }
    }
    return RangeSet(found)
  }

  private static func mask(_ start: Int, _ count: Int) -> UInt16 {
    UInt16(truncatingIfNeeded: ((1 << count) - 1) << start)
  }
}
