import ConsoleDialect
import DumpManifest

/// Asking the unit for digests of what a region holds.
extension RegionDump {
  /// What became of asking for one.
  enum DigestAnswer {
    case digest(String)
    /// The console is there and has said nothing that reads as one.
    case unclear
    /// The console was lost, and is back.
    case lost(SessionError)
  }

  /// The digest that is asked for; it changes when one is given up.
  var digestMethod: DigestMethod? { bench.reader?.digests.first }

  /// A digest that was asked for before it was needed; none when another unit may be there since.
  func knownDigest(of part: Range<Int>) -> String? {
    if sweptReturns != bench.uncheckedReturns { (swept, sweptReturns) = ([:], bench.uncheckedReturns) }
    return swept[part]
  }

  // MARK: One

  /// The unit's digest of a range; a reply that was hit on its way is asked for again. Nil where it says nothing however
  /// often it is asked, or loses the console over it.
  ///
  /// - Parameter hasRead: whether the range was read just now, so that there is memory.
  func deviceDigest(
    of part: Range<Int>, _ method: DigestMethod, hasRead: Bool = false
  ) async throws(SessionError) -> String? {
    if let digest = knownDigest(of: part) {
      // Whoever asks again wants to know what the unit says now.
      swept[part] = nil
      return digest
    }
    for _ in 0...policy.retries where digestMethod == method {
      switch try await ask(for: part, method) {
      case .digest(let digest): return digest
      case .unclear: continue
      case .lost(let error):
        guard try await isDigestToBlame(for: error, part, hasRead: hasRead) else { return nil }
        try await noteLoss(of: part, method, error)
      }
    }
    return nil
  }

  /// Asks for one digest.
  func ask(for part: Range<Int>, _ method: DigestMethod) async throws(SessionError) -> DigestAnswer {
    var loss: SessionError?
    let digest = try await bench.persistently { () async throws(SessionError) -> String? in
      let address = try await self.address(of: part.lowerBound)
      do throws(SessionError) {
        return try await self.bench.console.digest(method, address: address, length: part.count)
      } catch {
        // What was not echoed right was not run: that is the line's doing.
        guard error.isRecoverable, error.kind != .echo else { throw error }
        loss = error
        return nil
      }
    }
    if let loss {
      try await bench.recover(from: loss)
      return .lost(loss)
    }
    guard let digest else { return .unclear }
    bench.trust.noteAnswer(over: part.count)
    return .digest(digest)
  }

  // MARK: Many

  /// The unit's digests of ranges, in their order; nil for those of which it says nothing however often it is asked.
  func deviceDigests(of parts: [Range<Int>]) async throws(SessionError) -> [String?] {
    guard let method = digestMethod else { return parts.map { _ in nil } }
    var digests: [String?] = []
    for group in together(parts) {
      do {
        digests += try await ask(group, method)
      } catch {
        guard error.isRecoverable else { throw error }
        try await bench.recover(from: error)
        digests += group.map { _ in nil }
      }
    }
    for index in digests.indices where digests[index] == nil && digestMethod == method {
      digests[index] = try await deviceDigest(of: parts[index], method)
    }
    return digestMethod == method ? digests : parts.map { _ in nil }
  }

  /// The unit's digests of ranges, before anything of them is read. Where that resets the unit or leaves it silent, as a
  /// hole in its memory does, fewer are asked for together, until only what is at fault is left without.
  func firstDigests(of parts: [Range<Int>]) async throws(SessionError) -> [String?] {
    guard let method = digestMethod else { return parts.map { _ in nil } }
    var digests: [String?] = []
    for group in together(parts) { digests += try await firstDigests(together: group, method, asksAgain: true) }
    return digests
  }

  /// - Parameter asksAgain: whether what is not said is asked for once more, in two lines: one hit character may have
  ///   spoiled one answer, or made it unclear whose all of them are.
  private func firstDigests(
    together group: [Range<Int>], _ method: DigestMethod, asksAgain: Bool
  ) async throws(SessionError) -> [String?] {
    guard let first = group.first, digestMethod == method else { return group.map { _ in nil } }
    var digests: [String?] = []
    do {
      digests = try await ask(group, method)
    } catch {
      guard error.isRecoverable else { throw error }
      try await bench.recover(from: error)
      if group.count == 1 {
        if try await isDigestToBlame(for: error, first, hasRead: false) { try await noteLoss(of: first, method, error) }
        return [nil]
      }
      for half in group.halves {
        digests += try await firstDigests(together: half, method, asksAgain: asksAgain)
      }
      return digests
    }
    guard asksAgain else { return digests }
    for half in group.indices.filter({ digests[$0] == nil }).halves {
      let again = try await firstDigests(together: half.map { group[$0] }, method, asksAgain: false)
      for (index, digest) in zip(half, again) { digests[index] = digest }
    }
    return digests
  }

  /// Asks once; the ranges can be reached together.
  private func ask(_ group: [Range<Int>], _ method: DigestMethod) async throws(SessionError) -> [String?] {
    var ranges: [(address: UInt64, length: Int)] = []
    for part in group { ranges.append((try await address(of: part.lowerBound), part.count)) }
    let digests = try await bench.console.digests(method, ranges)
    for (part, digest) in zip(group, digests) where digest != nil { bench.trust.noteAnswer(over: part.count) }
    return digests
  }
}

extension Array {
  /// Both halves, without those that would be empty.
  fileprivate var halves: [[Element]] {
    [Array(self[..<(count / 2)]), Array(self[(count / 2)...])].filter { !$0.isEmpty }
  }
}
