/// Why a mapfile cannot be read.
public struct MapfileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Line, from 1; 0 where the whole is meant.
  public var line: Int
  /// What was expected and what came.
  public var reason: String

  /// As a person reads it.
  public var description: String { line > 0 ? "line \(line): \(reason)" : reason }
}

extension Mapfile {
  private static let longestLine = 256
  private static let mostBlocks = 1 << 20

  /// Reads a mapfile, also one that ddrescue or ddrescuelog has written.
  ///
  /// - Throws: ``MapfileError`` where it is not one, or its blocks do not lie one behind the other from 0 on.
  public init(reading bytes: some Collection<UInt8>) throws(MapfileError) {
    blocks = []
    var hasStatus = false
    var number = 0
    for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      number += 1
      guard line.count <= Self.longestLine else {
        throw MapfileError(line: number, reason: "expected at most \(Self.longestLine) characters")
      }
      let words = String(decoding: line.prefix { $0 != 0x23 }, as: UTF8.self).split { $0 == " " || $0 == "\t" }
      guard !words.isEmpty else { continue }
      if hasStatus {
        try add(words, number)
      } else {
        // Position and status at least; the pass came with ddrescue 1.20.
        guard words.count >= 2, Self.number(words[0]) != nil, words[1].count == 1 else {
          throw MapfileError(line: number, reason: "expected the current position and status, such as `0x0 ?`")
        }
        hasStatus = true
      }
    }
    guard hasStatus else { throw MapfileError(line: 0, reason: "expected a line with the current position and status") }
  }

  private mutating func add(_ words: [Substring], _ line: Int) throws(MapfileError) {
    guard words.count == 3, let start = Self.number(words[0]), let size = Self.number(words[1]), size > 0,
      words[2].count == 1, let status = words[2].first.flatMap(Status.init)
    else {
      throw MapfileError(line: line, reason: "expected position, size and one of `? * / - +`")
    }
    let next = blocks.last?.range.upperBound ?? 0
    guard start == next else {
      throw MapfileError(line: line, reason: "expected a block that begins at \(next), found \(start)")
    }
    let (end, overflows) = start.addingReportingOverflow(size)
    guard !overflows, blocks.count < Self.mostBlocks else {
      throw MapfileError(line: line, reason: "expected less than \(Self.mostBlocks) blocks that end below 2^63")
    }
    blocks.append(Block(range: start..<end, status: status))
  }

  /// Hex with `0x`, octal with `0`, else decimal, as ddrescue reads them.
  private static func number(_ text: Substring) -> Int? {
    let isHex = text.hasPrefix("0x") || text.hasPrefix("0X")
    let digits = isHex ? text.dropFirst(2) : text
    guard let first = digits.utf8.first, first != 0x2B, first != 0x2D else { return nil }
    let radix = isHex ? 16 : text.count > 1 && text.hasPrefix("0") ? 8 : 10
    return Int(digits, radix: radix)
  }
}
