import ConsoleDialect

extension Bench {
  /// Whether ranges of a region that can be reached together are of one byte all over, as the unit itself compares
  /// them; nil for those of which it says nothing clear. A unit that gets lost over that again is not asked any more.
  ///
  /// - Parameter address: where an offset is to be found now: what was copied into RAM is lost with a reset.
  func areFills(
    _ ranges: [Range<Int>], at address: (Int) async throws(SessionError) -> UInt64
  ) async throws(SessionError) -> [Bool?] {
    var loss: SessionError?
    let answers = try await persistently { () async throws(SessionError) -> [Bool?]? in
      var places: [Console.DigestRange] = []
      for range in ranges { places.append((try await address(range.lowerBound), range.count)) }
      do throws(SessionError) { return try await self.console.fills(places) } catch {
        // What was not echoed right was not run: that is the line's doing.
        guard error.isRecoverable, error.kind != .echo else { throw error }
        loss = error
        return nil
      }
    }
    if let answers { return answers }
    if let loss {
      try await recover(from: loss)
      console.noteRefusedComparison()
      if !console.canCompareMemory {
        session.emit(
          .trouble("the unit gets lost when it compares its memory (\(loss.message)): what should be a fill is read"))
      }
    }
    return ranges.map { _ in nil }
  }
}
