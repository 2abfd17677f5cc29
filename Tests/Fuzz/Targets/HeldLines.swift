import ConsoleDialect

/// Looks for the line that each held byte must have come from. It renders the line that the bytes stand for and compares
/// texts, where the parser reads numbers; so that one mistake cannot be in both.
struct HeldLines {
  private let question: DumpQuestion
  private let layout: LineLayout
  private let lines: [[UInt8]]

  init(_ question: DumpQuestion, _ text: [UInt8]) {
    self.question = question
    var layout = question.layout
    layout.gutter = nil
    self.layout = layout
    // What stands behind the last LF is no line yet.
    lines = text.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast().map { line in
      let start = line.drop { $0 == 0x0D }
      let whole = Array(start.prefix(start.count - start.reversed().prefix { $0 == 0x0D }.count))
      return Self.normal(Self.stripped(whole, question.layout))
    }
  }

  /// A dump goes forward only, so each line that is held stands behind the one before it.
  func check(_ parser: DumpParser) throws {
    let (bytes, missing) = (parser.bytes, parser.missing)
    var next = 0
    for offset in stride(from: 0, to: question.length, by: layout.lineBytes) {
      let end = min(offset + layout.lineBytes, question.length)
      let whole = offset + (end - offset) / layout.cellBytes * layout.cellBytes
      let range = offset..<max(whole, offset)
      let absent = missing.contains { $0.overlaps(offset..<end) }
      if absent {
        let wholly = missing.contains { $0.lowerBound <= offset && $0.upperBound >= end }
        try expect(wholly, "half of the line at \(offset) is held: missing \(missing)")
      }
      guard !absent, !range.isEmpty else { continue }
      let wanted = Self.normal(expected(Array(bytes[range]), at: offset))
      guard let place = lines[next...].firstIndex(where: { $0.starts(with: wanted) }) else {
        throw FuzzFinding(
          description: "no line says what is held at \(offset): \(String(decoding: wanted, as: UTF8.self))")
      }
      next = place + 1
    }
  }

  private func expected(_ bytes: [UInt8], at offset: Int) -> [UInt8] {
    let shown = layout.address == .offset ? UInt64(offset) : question.address &+ UInt64(offset)
    return Array(layout.line(address: shown, bytes: bytes, byteOrder: question.byteOrder).utf8)
  }

  private static func stripped(_ line: [UInt8], _ layout: LineLayout) -> [UInt8] {
    guard let strip = layout.strip else { return line }
    var text = ""
    for byte in line.prefix(Pattern.lineLimit) { text.unicodeScalars.append(Unicode.Scalar(byte)) }
    guard let range = strip.range(in: text), range.lowerBound == text.startIndex else { return [] }
    return Array(line.dropFirst(text.unicodeScalars.distance(from: range.lowerBound, to: range.upperBound)))
  }

  /// Lower case, one blank for a run of blanks and tabs, and numbers without leading zeros.
  private static func normal(_ line: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var at = 0
    while at < line.count {
      let start = at
      while at < line.count, isHex(line[at]) { at += 1 }
      if at > start {
        let digits = line[start..<at].drop { $0 == 0x30 }
        result += digits.isEmpty ? [0x30] : digits.map { $0 | 0x20 }
        continue
      }
      let isBlank = line[at] == 0x20 || line[at] == 0x09
      if !isBlank { result.append(lowered(line[at])) } else if result.last != 0x20 { result.append(0x20) }
      at += 1
    }
    return result
  }

  private static func lowered(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

  private static func isHex(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
  }
}
