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
}
