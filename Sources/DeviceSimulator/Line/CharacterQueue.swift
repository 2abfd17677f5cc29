/// Characters in the order in which they came.
struct CharacterQueue: Sendable {
  private var bytes: [UInt8] = []
  private var start = 0

  var isEmpty: Bool { start == bytes.count }

  var count: Int { bytes.count - start }

  mutating func append(_ new: some Sequence<UInt8>) { bytes.append(contentsOf: new) }

  mutating func removeFirst() -> UInt8? {
    guard start < bytes.count else { return nil }
    defer { release(1) }
    return bytes[start]
  }

  /// Takes up to `limit` characters.
  mutating func removeFirst(_ limit: Int) -> [UInt8] {
    let taken = Array(bytes[start..<min(start + limit, bytes.count)])
    release(taken.count)
    return taken
  }

  /// Storage is given back when the queue runs empty, or when most of it is behind the start.
  private mutating func release(_ count: Int) {
    start += count
    if start == bytes.count {
      bytes.removeAll(keepingCapacity: true)
      start = 0
    } else if start > 4096 {
      bytes.removeSubrange(..<start)
      start = 0
    }
  }
}
