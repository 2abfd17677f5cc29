/// The shape of the last full line that was read, so that the next one of the same shape takes a few machine words.
///
/// All that does not carry data must be as in that line, byte for byte; digits and characters must stand where they
/// stood. A line that is not so is read by ``LineReader``, which decides what it is.
struct RegularLine: Sendable {
  /// Bytes in the line, its end left out; 0 as long as no shape is known.
  private var length = 0
  private var fixed: [FixedText] = []
  private var addressStart = 0
  private var addressDigits = 0
  private var words: [Word] = []
  private let hasAddress: Bool
  /// What the address column shows in the dump's first line.
  private let firstAddress: UInt64
  private let cellBytes: Int
  private let lineBytes: Int
  private let gutter: GutterLanes?
  /// Characters from one group of eight in the gutter to the next: 9 where a blank stands between them.
  private let gutterStep: Int
  private let mask: UInt64
  private let reversesCells: Bool
  private let isPossible: Bool

  init(layout: LineLayout, reversesCells: Bool, checksGutter: Bool, address: UInt64) {
    firstAddress = layout.address == .offset ? 0 : address
    hasAddress = layout.address != .none
    cellBytes = layout.cellBytes
    lineBytes = layout.lineBytes
    gutterStep = layout.gutter?.split == nil ? 8 : 9
    self.reversesCells = reversesCells
    gutter = checksGutter ? layout.gutter.map(GutterLanes.init) : nil
    mask = layout.addressBits >= 64 ? .max : (1 << UInt64(layout.addressBits)) - 1
    let splits = layout.gutter?.split
    // A column that nobody checks could hold anything, even a line end.
    let isChecked = layout.gutter == nil || checksGutter
    isPossible =
      isChecked && layout.padded && layout.strip == nil && layout.lineBytes % 8 == 0 && (splits == nil || splits == 8)
  }

  /// Takes the shape of a full line that was read whole.
  mutating func learn(_ line: RawSpan, _ scratch: LineReader.Scratch) {
    guard isPossible, line.byteCount >= 8 else { return }
    length = line.byteCount
    addressStart = scratch.addressStart
    addressDigits = hasAddress ? scratch.addressDigits : 0
    words.removeAll(keepingCapacity: true)
    for word in 0..<(lineBytes / 8) { words.append(Word(word, cellBytes, gutterStep, scratch)) }
    learnFixedTexts(line, scratch)
  }

  /// As few words as cover all that carries no data: each begins where the one before it has left off.
  private mutating func learnFixedTexts(_ line: RawSpan, _ scratch: LineReader.Scratch) {
    fixed.removeAll(keepingCapacity: true)
    var at = 0
    while let first = (at..<length).first(where: { !carriesData($0, scratch) }) {
      let start = min(first, length - 8)
      var mask: UInt64 = 0
      for lane in 0..<8 where !carriesData(start + lane, scratch) { mask |= 0xFF << UInt64(8 * lane) }
      fixed.append(FixedText(start: start, mask: mask, text: line.eight(start) & mask))
      at = start + 8
    }
  }

  private func carriesData(_ at: Int, _ scratch: LineReader.Scratch) -> Bool {
    if (addressStart..<(addressStart + addressDigits)).contains(at) { return true }
    if at >= scratch.cellsEnd {
      guard let gutterStart = scratch.gutterStart else { return false }
      let column = at - gutterStart
      return (0..<(lineBytes / 8 * gutterStep)).contains(column) && column % gutterStep < 8
    }
    return scratch.cellStarts.contains { ($0..<($0 + 2 * cellBytes)).contains(at) }
  }

  /// Reads lines as long as they are whole, in order, and of this shape, and stores their bytes.
  ///
  /// This is the hot loop of a dump. Of md.l it takes 2,300 MB/s of text in pieces of 4096 bytes and 1,820 in pieces of
  /// 512, one core; 1,370 and 1,150 before eight bytes were put together in a register, compared with the gutter there,
  /// and stored at once, and before all places in a line were looked up and the storage taken once a chunk. That a line
  /// is there is checked once; each load's own check, which the compiler keeps, costs another 10 % and stays, for what
  /// comes is hostile.
  ///
  /// - Parameters:
  ///   - at: where the first line begins; then where the first one begins that was not read.
  ///   - next: the offset of the first line's bytes; then of those that are not stored.
  func readLines(_ chunk: RawSpan, _ at: inout Int, into storage: inout [UInt8], _ next: inout Int) {
    guard length > 0 else { return }
    var span = storage.mutableSpan
    var bytes = unsafe span.mutableBytes
    while next + lineBytes <= bytes.byteCount {
      let begin = chunk.passReturns(from: at)
      let end = begin + length
      // One check for all of the line.
      guard end < chunk.byteCount else { return }
      let feed = chunk.passReturns(from: end)
      guard feed < chunk.byteCount, chunk.byte(feed) == ASCII.lineFeed,
        read(chunk.extracting(begin..<end), into: &bytes, at: next)
      else { return }
      at = feed + 1
      next += lineBytes
    }
  }

  /// Reads a line of this ``length``, and stores its bytes.
  ///
  /// False where it is not of this shape, not of this address, or damaged; what was stored is then zeroed again.
  @inline(__always)
  private func read(_ line: RawSpan, into storage: inout MutableRawSpan, at offset: Int) -> Bool {
    var wrong: UInt64 = 0
    for word in fixed.indices { wrong |= fixed[word].differs(line) }
    if addressDigits > 0 {
      let shown = readAddress(line, wrong: &wrong)
      wrong |= shown ^ ((firstAddress &+ UInt64(offset)) & mask)
    }
    for word in words.indices {
      let bytes = readCells(line, words[word], wrong: &wrong)
      if let gutter { wrong |= gutter.shown(bytes) ^ line.eight(words[word].gutterStart) }
      storage.storeBytes(of: bytes.littleEndian, toByteOffset: offset + 8 * word, as: UInt64.self)
    }
    guard wrong != 0 else { return true }
    for word in words.indices { storage.storeBytes(of: 0, toByteOffset: offset + 8 * word, as: UInt64.self) }
    return false
  }

  @inline(__always)
  private func readAddress(_ line: RawSpan, wrong: inout UInt64) -> UInt64 {
    var value: UInt64 = 0
    if addressDigits & 7 == 0 {
      for half in 0..<(addressDigits / 8) {
        let digits = line.eight(addressStart + 8 * half)
        value = value << 32 | UInt64(ByteLanes.decodeHex(digits, wrong: &wrong).byteSwapped)
      }
      return value
    }
    for digit in 0..<addressDigits {
      let nibble = Hex.nibble(line.byte(addressStart + digit))
      wrong |= nibble == nil ? 1 : 0
      value = value << 4 | UInt64(nibble ?? 0)
    }
    return value
  }

  /// Eight bytes in memory order, the first one lowest, however many cells those are.
  @inline(__always)
  private func readCells(_ line: RawSpan, _ word: Word, wrong: inout UInt64) -> UInt64 {
    let first = ByteLanes.decodeHex(digits(line, word.first), wrong: &wrong)
    let second = ByteLanes.decodeHex(digits(line, word.second), wrong: &wrong)
    let printed = UInt64(first) | UInt64(second) << 32
    guard reversesCells else { return printed }
    switch cellBytes {
    case 1: return printed
    case 2: return (printed & 0x00FF_00FF_00FF_00FF) << 8 | (printed >> 8) & 0x00FF_00FF_00FF_00FF
    case 4: return printed.byteSwapped << 32 | printed.byteSwapped >> 32
    default: return printed.byteSwapped
    }
  }

  /// Eight digits, from as many places as there are cells.
  @inline(__always)
  private func digits(_ line: RawSpan, _ starts: InlineArray<4, Int>) -> UInt64 {
    switch cellBytes {
    case 1:
      line.two(starts[0]) | line.two(starts[1]) << 16 | line.two(starts[2]) << 32 | line.two(starts[3]) << 48
    case 2: line.four(starts[0]) | line.four(starts[2]) << 32
    default: line.eight(starts[0])
    }
  }

  /// Where eight bytes stand in the line.
  private struct Word: Sendable {
    /// Where the digits of the first four bytes begin.
    var first: InlineArray<4, Int>
    /// Where those of the other four begin.
    var second: InlineArray<4, Int>
    var gutterStart: Int

    init(_ word: Int, _ cellBytes: Int, _ gutterStep: Int, _ scratch: LineReader.Scratch) {
      let start = { (byte: Int) in scratch.cellStarts[byte / cellBytes] + 2 * (byte % cellBytes) }
      first = InlineArray { start(8 * word + $0) }
      second = InlineArray { start(8 * word + 4 + $0) }
      gutterStart = (scratch.gutterStart ?? 0) + gutterStep * word
    }
  }

  /// Text that stands in every line, up to eight bytes of it.
  private struct FixedText: Sendable {
    var start: Int
    var mask: UInt64
    var text: UInt64

    @inline(__always)
    func differs(_ line: RawSpan) -> UInt64 { (line.eight(start) & mask) ^ text }
  }
}
