/// The shape of the last full line that was read, so that the next one of the same shape takes a few machine words.
///
/// All that does not carry data must be as in that line, byte for byte; digits and characters must stand where they
/// stood. A line that is not so is read by ``LineReader``, which decides what it is.
struct RegularLine: Sendable {
  /// Bytes in the line, its end left out; 0 as long as no shape is known.
  private(set) var length = 0
  /// What the bytes outside of address, cells and gutter are, and where those are, in words of eight; the last word
  /// overlaps the one before it.
  private var fixed: [UInt64] = []
  private var masks: [UInt64] = []
  private var addressStart = 0
  private var addressDigits = 0
  private var cellStarts: [Int] = []
  private var gutterStart: Int?
  private let hasAddress: Bool
  private let cellBytes: Int
  private let lineBytes: Int
  private let gutter: GutterLanes?
  /// Characters from one group of eight in the gutter to the next: 9 where a blank stands between them.
  private let gutterStep: Int
  private let mask: UInt64
  private let reversesCells: Bool
  private let isPossible: Bool

  init(layout: LineLayout, reversesCells: Bool, checksGutter: Bool) {
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
    gutterStart = gutter == nil ? nil : scratch.gutterStart
    cellStarts.removeAll(keepingCapacity: true)
    cellStarts.append(contentsOf: scratch.cellStarts)
    fixed.removeAll(keepingCapacity: true)
    masks.removeAll(keepingCapacity: true)
    for word in 0..<((length + 7) / 8) {
      let start = min(8 * word, length - 8)
      var mask: UInt64 = 0
      for lane in 0..<8 where !carriesData(start + lane, scratch) { mask |= 0xFF << UInt64(8 * lane) }
      masks.append(mask)
      fixed.append(line.eight(start) & mask)
    }
  }

  private func carriesData(_ at: Int, _ scratch: LineReader.Scratch) -> Bool {
    if (addressStart..<(addressStart + addressDigits)).contains(at) { return true }
    if at >= scratch.cellsEnd {
      guard let gutterStart else { return false }
      let column = at - gutterStart
      return (0..<(lineBytes / 8 * gutterStep)).contains(column) && column % gutterStep < 8
    }
    return cellStarts.contains { ($0..<($0 + 2 * cellBytes)).contains(at) }
  }

  /// Reads a line that begins at `start` and is ``length`` long, and stores its bytes.
  ///
  /// False where it is not of this shape, not of this address, or damaged; what was stored is then zeroed again.
  @inline(__always)
  func read(_ chunk: RawSpan, at start: Int, address: UInt64, into storage: inout [UInt8], at offset: Int) -> Bool {
    var wrong: UInt64 = 0
    for word in 0..<fixed.count {
      wrong |= (chunk.eight(start + min(8 * word, length - 8)) & masks[word]) ^ fixed[word]
    }
    if addressDigits > 0 {
      let shown = readAddress(chunk, start + addressStart, wrong: &wrong)
      wrong |= shown ^ (address & mask)
    }
    guard wrong == 0 else { return false }
    var span = storage.mutableSpan
    var bytes = span.mutableBytes
    storeCells(chunk, start, into: &bytes, at: offset, wrong: &wrong)
    if let gutter, let gutterStart {
      for word in 0..<(lineBytes / 8) {
        let stored = UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset + 8 * word, as: UInt64.self))
        wrong |= gutter.shown(stored) ^ chunk.eight(start + gutterStart + gutterStep * word)
      }
    }
    guard wrong != 0 else { return true }
    for word in 0..<(lineBytes / 8) {
      bytes.storeBytes(of: 0, toByteOffset: offset + 8 * word, as: UInt64.self)
    }
    return false
  }

  @inline(__always)
  private func readAddress(_ chunk: RawSpan, _ at: Int, wrong: inout UInt64) -> UInt64 {
    var value: UInt64 = 0
    if addressDigits & 7 == 0 {
      for half in 0..<(addressDigits / 8) {
        value = value << 32 | UInt64(ByteLanes.decodeHex(chunk.eight(at + 8 * half), wrong: &wrong).byteSwapped)
      }
      return value
    }
    for digit in 0..<addressDigits {
      let nibble = Hex.nibble(chunk.byte(at + digit))
      wrong |= nibble == nil ? 1 : 0
      value = value << 4 | UInt64(nibble ?? 0)
    }
    return value
  }

  /// Eight digits at a time, however many cells those are.
  @inline(__always)
  private func storeCells(
    _ chunk: RawSpan, _ start: Int, into bytes: inout MutableRawSpan, at offset: Int, wrong: inout UInt64
  ) {
    for word in 0..<(lineBytes / 4) {
      let printed = ByteLanes.decodeHex(digits(chunk, start, word), wrong: &wrong)
      let value = reversesCells ? reversed(printed) : printed
      let place = reversesCells && cellBytes == 8 ? word ^ 1 : word
      bytes.storeBytes(of: value.littleEndian, toByteOffset: offset + 4 * place, as: UInt32.self)
    }
  }

  @inline(__always)
  private func digits(_ chunk: RawSpan, _ start: Int, _ word: Int) -> UInt64 {
    switch cellBytes {
    case 1:
      let first = 4 * word
      return chunk.two(start + cellStarts[first]) | chunk.two(start + cellStarts[first + 1]) << 16
        | chunk.two(start + cellStarts[first + 2]) << 32 | chunk.two(start + cellStarts[first + 3]) << 48
    case 2: return chunk.four(start + cellStarts[2 * word]) | chunk.four(start + cellStarts[2 * word + 1]) << 32
    case 4: return chunk.eight(start + cellStarts[word])
    default: return chunk.eight(start + cellStarts[word / 2] + 8 * (word & 1))
    }
  }

  @inline(__always)
  private func reversed(_ word: UInt32) -> UInt32 {
    switch cellBytes {
    case 1: word
    case 2: (word & 0x00FF_00FF) << 8 | (word >> 8) & 0x00FF_00FF
    default: word.byteSwapped
    }
  }
}
