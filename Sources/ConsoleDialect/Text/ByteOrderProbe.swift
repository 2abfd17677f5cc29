/// Finds out in which order a target's words hold their bytes, by reading the same memory in two ways.
public enum ByteOrderProbe {
  /// The byte order that turns cells as printed into what memory holds.
  ///
  /// - Parameters:
  ///   - memory: bytes in memory order, as a method with cells of one byte prints them.
  ///   - printed: the same bytes as a method with wider cells prints them, left to right; what a ``DumpParser`` with
  ///     byte order `big` yields.
  ///   - cellBytes: bytes in such a cell.
  /// - Returns: nothing where the bytes do not decide: both orders fit (all bytes of each cell alike, or a
  ///   palindrome), or neither does (the memory has changed in between, or a line was damaged).
  public static func order(memory: [UInt8], printed: [UInt8], cellBytes: Int) -> ByteOrder? {
    guard cellBytes > 1, !memory.isEmpty, memory.count == printed.count, memory.count % cellBytes == 0 else {
      return nil
    }
    let swapped = stride(from: 0, to: printed.count, by: cellBytes).flatMap { start in
      printed[start..<(start + cellBytes)].reversed()
    }
    switch (printed == memory, swapped == memory) {
    case (true, false): return .big
    case (false, true): return .little
    default: return nil
    }
  }

  /// In how many places the column has to speak against the other order: a single hit character shall not decide.
  private static let telling = 4

  /// Whether a dump's character column, which agrees with cells in one byte order, would not with the other.
  ///
  /// - Parameters:
  ///   - layout: the form of the lines.
  ///   - bytes: what the dump holds, in the order that agreed.
  public static func isTold(byColumnOf layout: LineLayout, showing bytes: [UInt8]) -> Bool {
    guard let gutter = layout.gutter, layout.cellBytes > 1 else { return false }
    let wholeCells = bytes.count / layout.cellBytes * layout.cellBytes
    let swapped = stride(from: 0, to: wholeCells, by: layout.cellBytes).flatMap { start in
      bytes[start..<start + layout.cellBytes].reversed()
    }
    return zip(bytes, swapped).count { gutter.shown($0) != gutter.shown($1) } >= telling
  }
}
