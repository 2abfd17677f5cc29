/// Compares the column of characters with the bytes that the cells told, and makes sure that nothing stands behind it.
///
/// The column is found from the right: it may begin with blanks of its own, and how many blanks stand before it depends
/// on the console's version and on the length of the line.
struct GutterReader: Sendable {
  /// What there is behind the cells.
  enum Finding: Equatable {
    /// The column begins here and fits.
    case agrees(start: Int?)
    /// There is a column, or something else, but it does not fit.
    case differs
    /// Nobody asked.
    case unchecked
  }

  private let gutter: LineLayout.Gutter?
  private let lineBytes: Int
  private let checks: Bool
  private let openCore: [UInt8]
  private let openBlanks: Int
  private let close: [UInt8]
  private let trailer: [UInt8]

  init(layout: LineLayout, checks: Bool) {
    gutter = layout.gutter
    lineBytes = layout.lineBytes
    self.checks = checks
    let open = Array((layout.gutter?.open ?? "").utf8)
    openCore = BlankText.core(of: open)
    openBlanks = openCore.isEmpty ? 0 : open.reversed().prefix { $0 == ASCII.blank }.count
    close = Array((layout.gutter?.close ?? "").utf8)
    trailer = Array((layout.trailer ?? "").utf8)
  }

  /// Looks at what stands behind the last cell. Absent where it can be no part of a dump line. `bytes` is absent where
  /// the console could not read all of them.
  func read(_ line: RawSpan, from start: Int, bytes: [UInt8]?, count: Int, isLast: Bool) -> Finding? {
    if isLast, !trailer.isEmpty, hasSuffix(line, line.byteCount, trailer),
      let finding = read(line, from: start, to: line.byteCount - trailer.count, bytes, count), finding != .differs
    {
      return finding
    }
    return read(line, from: start, to: line.byteCount, bytes, count)
  }

  private func read(_ line: RawSpan, from start: Int, to end: Int, _ bytes: [UInt8]?, _ count: Int) -> Finding? {
    guard start <= end else { return nil }
    guard gutter != nil else { return allBlank(line, from: start, to: end) ? .agrees(start: nil) : nil }
    guard checks, let bytes else { return isPlausible(line, from: start, to: end) ? .unchecked : nil }
    guard hasSuffix(line, end, close) else { return .differs }
    let last = end - close.count
    // A short line's column may be filled up with blanks.
    for width in [columns(count), columns(lineBytes)] where last - width >= start {
      let first = last - width
      guard opens(line, from: start, to: first), shows(bytes, count, line, first),
        allBlank(line, from: first + columns(count), to: last)
      else { continue }
      return .agrees(start: first)
    }
    return .differs
  }

  /// Characters in the column for some bytes.
  private func columns(_ count: Int) -> Int { count + (gutter?.split.map { (count - 1) / $0 } ?? 0) }

  private func opens(_ line: RawSpan, from start: Int, to end: Int) -> Bool {
    var at = start
    guard BlankText.passBlanks(line, &at) > 0 else { return false }
    guard !openCore.isEmpty else { return at >= end }
    for byte in openCore {
      guard at < end, line.byte(at) == byte else { return false }
      at += 1
    }
    return end - at == openBlanks && allBlank(line, from: at, to: end)
  }

  private func shows(_ bytes: [UInt8], _ count: Int, _ line: RawSpan, _ first: Int) -> Bool {
    guard let gutter else { return false }
    var at = first
    for index in 0..<count {
      if let split = gutter.split, index > 0, index % split == 0 {
        guard line.byte(at) == ASCII.blank else { return false }
        at += 1
      }
      guard line.byte(at) == gutter.shown(bytes[index]) else { return false }
      at += 1
    }
    return true
  }

  /// An unchecked column must at least stand apart from the cells and be no longer than a column is.
  private func isPlausible(_ line: RawSpan, from start: Int, to end: Int) -> Bool {
    var at = start
    guard at < end else { return true }
    guard BlankText.passBlanks(line, &at) > 0 else { return false }
    return end - at <= openCore.count + openBlanks + columns(lineBytes) + close.count
  }

  private func allBlank(_ line: RawSpan, from start: Int, to end: Int) -> Bool {
    guard start < end else { return true }
    return (start..<end).allSatisfy { line.byte($0) == ASCII.blank || line.byte($0) == ASCII.tab }
  }

  private func hasSuffix(_ line: RawSpan, _ end: Int, _ text: [UInt8]) -> Bool {
    guard end >= text.count else { return false }
    return text.indices.allSatisfy { line.byte(end - text.count + $0) == text[$0] }
  }
}
