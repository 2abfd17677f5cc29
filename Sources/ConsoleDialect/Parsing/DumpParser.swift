/// Takes the text of a memory dump as it arrives and keeps the bytes of every line that is beyond doubt.
///
/// A line is held only if its address is the expected one, all of its cells are whole and of the right number, exactly
/// the layout's texts stand between them, the column of characters agrees, and nothing stands behind it. Everything
/// else stays missing. After anything but a good line the dump goes on as soon as two good lines follow one another,
/// the second continuing from the first; an address that goes back is never believed, for it may be a digit hit by noise.
///
/// Memory is bounded for any input, and no line of a dump allocates. Safe to feed in pieces of any size: the outcome
/// depends only on the bytes.
public struct DumpParser: Sendable {
  /// What the lines were like.
  public private(set) var counters = LineCounters()
  private let layout: LineLayout
  private let length: Int
  /// The most bytes that a line of the dump can have: as many as the layout prints, with room for wide blanks.
  private let lineLimit: Int
  private let reader: LineReader
  private var regular: RegularLine
  private var progress: DumpProgress
  private var storage: [UInt8]
  private var scratch: LineReader.Scratch
  private var aheadBytes: [UInt8]
  private var unfinished: UnfinishedLine
  private var foreign = ForeignLines()
  /// A dump without addresses in which a line was damaged: where the lines behind it belong cannot be known.
  private var isBroken = false
  /// Whether lines may have been lost since the last one that was held.
  private var isInDoubt = false

  /// A parser for the reply to one command.
  ///
  /// - Parameters:
  ///   - layout: the form of the lines.
  ///   - byteOrder: the target's byte order. With ``ByteOrder/big`` cells are kept as printed.
  ///   - checksGutter: whether the column of characters must agree, where the layout has one. Some consoles damage it.
  ///   - address: the first address asked for.
  ///   - length: how many bytes were asked for; the dump may show more only up to a whole cell.
  /// - Precondition: `length` is at least 1; `byteOrder` is given where cells show values of more than one byte.
  public init(layout: LineLayout, byteOrder: ByteOrder?, checksGutter: Bool, address: UInt64, length: Int) {
    precondition(length > 0, "a dump of \(length) bytes")
    precondition(
      byteOrder != nil || layout.order == .memory || layout.cellBytes == 1, "values need the target's byte order")
    let total = (length + layout.cellBytes - 1) / layout.cellBytes * layout.cellBytes
    let reversesCells = layout.order == .value && byteOrder == .little
    self.layout = layout
    self.length = length
    reader = LineReader(
      layout: layout, reversesCells: reversesCells, checksGutter: checksGutter, address: address, total: total)
    regular = RegularLine(layout: layout, reversesCells: reversesCells, checksGutter: checksGutter, address: address)
    progress = DumpProgress(total: total)
    storage = Array(repeating: 0, count: total)
    scratch = LineReader.Scratch(layout: layout)
    aheadBytes = Array(repeating: 0, count: layout.lineBytes)
    let widest = layout.width(bytes: layout.lineBytes, addressDigits: layout.addressDigits.upperBound)
    lineLimit = max(512, 2 * widest)
    unfinished = UnfinishedLine(limit: lineLimit)
  }

  /// The bytes asked for, `length` of them. Zero where they are missing.
  public var bytes: [UInt8] { storage.count == length ? storage : Array(storage.prefix(length)) }

  /// Which offsets are not held, merged, in order.
  public var missing: [Range<Int>] {
    guard layout.address != .none || isComplete else { return [0..<length] }
    return progress.missing(of: length)
  }

  /// How many bytes are held.
  public var heldBytes: Int { length - missing.reduce(0) { $0 + $1.count } }

  /// Whether every byte is held.
  public var isComplete: Bool { progress.isDone && progress.gaps.isEmpty && !isBroken }

  /// The unfinished last line, without the CRs that it begins with, cut where it is too long: a prompt, perhaps.
  public var tail: [UInt8] { unfinished.bytes }

  /// The lines that were no part of the dump since this was last asked: echo, errors, a banner. Of more than 64 lines
  /// the others are only counted, and of each no more than 512 bytes are kept.
  public mutating func takeForeignLines() -> [[UInt8]] { foreign.take() }

  /// Takes what has come.
  public mutating func consume(_ bytes: [UInt8]) { unsafe consume(bytes.span.bytes) }

  /// Takes what has come.
  public mutating func consume(_ chunk: borrowing RawSpan) {
    var at = 0
    if !unfinished.isEmpty {
      let end = chunk.lineFeed(from: 0)
      unfinished.append(chunk, from: 0, to: end ?? chunk.byteCount)
      guard let end else { return }
      finishLine()
      at = end + 1
    }
    takeLines(chunk, &at)
    unfinished.append(chunk, from: at, to: chunk.byteCount)
  }

  /// Takes all lines that end in the chunk, and moves behind them.
  private mutating func takeLines(_ chunk: RawSpan, _ at: inout Int) {
    while at < chunk.byteCount {
      takeRegularLines(chunk, &at)
      guard let end = chunk.lineFeed(from: at) else { return }
      takeLine(chunk, from: chunk.passReturns(from: at), to: end)
      at = end + 1
    }
  }

  /// Takes lines as long as they are of the shape that is known, unless there is a doubt about any before them.
  private mutating func takeRegularLines(_ chunk: RawSpan, _ at: inout Int) {
    guard progress.ahead == nil, !isInDoubt else { return }
    var next = progress.next
    regular.readLines(chunk, &at, into: &storage, &next)
    let count = next - progress.next
    progress.hold(count)
    counters.wholeLines += count / layout.lineBytes
  }

  private mutating func finishLine() {
    // Out of self while it is read: the line stays where it is, and taking it may change everything else.
    var line = UnfinishedLine()
    swap(&line, &unfinished)
    if line.isCut {
      takeCutLine(unsafe line.storage.span.bytes.extracting(0..<line.count))
    } else {
      line.end()
      var at = 0
      takeLines(unsafe line.storage.span.bytes.extracting(0..<line.count), &at)
    }
    line.clear()
    swap(&line, &unfinished)
  }

  private mutating func takeLine(_ chunk: RawSpan, from start: Int, to feed: Int) {
    guard start < feed else { return }
    guard feed - start <= lineLimit else { return takeCutLine(chunk.extracting(start..<(start + lineLimit))) }
    let end = chunk.withoutReturns(from: start, to: feed)
    let line = chunk.extracting(start..<end)
    take(line)
  }

  /// A line that is too long to be of the dump, however it begins.
  private mutating func takeCutLine(_ line: RawSpan) {
    counters.foreign += 1
    foreign.keep(line)
    isBroken = isBroken || layout.address == .none
    doubt()
  }

  private mutating func take(_ line: RawSpan) {
    switch reader.read(line, next: progress.next, into: &scratch) {
    case .foreign:
      counters.foreign += 1
      foreign.keep(line)
      doubt()
    case .elsewhere:
      counters.foreign += 1
      doubt()
    case .malformed:
      refuse(\.malformed)
    case .gutterMismatch:
      refuse(\.gutterMismatches)
    case .whole(let offset):
      place(DumpProgress.Ahead(offset: offset, count: scratch.count, isReadable: true), line)
    case .unreadable(let offset):
      place(DumpProgress.Ahead(offset: offset, count: scratch.count, isReadable: false), line)
    }
  }

  /// Counts a line of the dump that is lost.
  private mutating func refuse(_ kind: WritableKeyPath<LineCounters, Int>) {
    counters[keyPath: kind] += 1
    isBroken = isBroken || layout.address == .none
    doubt()
  }

  /// Notes that something other than the next line has come. Was that the next line, damaged, then the address of the
  /// line behind it must not be taken on trust, even if it is the one expected: two lines must follow one another.
  private mutating func doubt() {
    if progress.ahead != nil { counters.malformed += 1 }
    progress.ahead = nil
    // What comes before the first line is the echo. Without addresses there is nothing to doubt.
    isInDoubt = counters.wholeLines > 0 && layout.address != .none
  }

  /// Decides where a whole line belongs.
  private mutating func place(_ found: DumpProgress.Ahead, _ line: RawSpan) {
    if progress.isDone {
      counters.foreign += 1
    } else if found.offset == progress.next, progress.ahead == nil, !isInDoubt {
      hold(found, scratch.bytes)
      if found.isReadable, found.count == layout.lineBytes { regular.learn(line, scratch) }
    } else if found.offset < progress.next || found.offset % layout.lineBytes != 0 {
      refuse(\.malformed)
    } else if let ahead = progress.ahead, ahead.end == found.offset {
      holdBoth(ahead, found)
    } else {
      doubt()
      progress.ahead = found
      swap(&aheadBytes, &scratch.bytes)
    }
  }

  /// Believes a line that was kept aside, because the next one continues from it.
  private mutating func holdBoth(_ ahead: DumpProgress.Ahead, _ found: DumpProgress.Ahead) {
    if ahead.offset > progress.next { counters.gaps += 1 }
    progress.skip(to: ahead.offset)
    progress.ahead = nil
    isInDoubt = false
    hold(ahead, aheadBytes)
    hold(found, scratch.bytes)
  }

  private mutating func hold(_ line: DumpProgress.Ahead, _ bytes: [UInt8]) {
    guard line.isReadable else {
      counters.unreadable += 1
      return progress.skip(to: line.end)
    }
    for index in 0..<line.count { storage[line.offset + index] = bytes[index] }
    progress.hold(line.count)
    counters.wholeLines += 1
  }
}
