import CAllocationCount
import TestSupport

/// How often some work takes memory from the heap, counted in the functions that give it.
enum HeapUse {
  /// Counts what this thread takes; absent in a build that does not count, such as one for debugging.
  static func count(_ work: () throws -> Void) rethrows -> Int? {
    guard isCounted else { return nil }
    let before = allocation_count()
    try work()
    return Int(allocation_count() - before)
  }

  /// Whether a hundred arrays are seen: a count that was never taken would be a fine one.
  private static var isCounted: Bool {
    let before = allocation_count()
    let arrays = (1...100).map { seededBytes(count: $0, seed: 1) }
    return allocation_count() >= before + UInt64(arrays.count)
  }
}
