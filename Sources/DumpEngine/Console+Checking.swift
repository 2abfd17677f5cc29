import ConsoleDialect

/// Looking at the line itself.
extension Console {
  /// Notices that what comes at a raised rate is no text any more.
  func checkLegibility(of bytes: [UInt8]) throws(SessionError) {
    guard legibility?.take(bytes) == false else { return }
    legibility = nil
    throw SessionError(
      .garbled,
      "\(place): what comes is unreadable at \(link.speed) baud, where it was readable: the unit has reset, or the line "
        + "does not carry that rate")
  }

  /// Reads memory once; nil where not every line was whole.
  func read(_ range: Range<UInt64>, with reader: Reader) async throws(SessionError) -> [UInt8]? {
    var bytes: [UInt8] = []
    var place = range.lowerBound
    while place < range.upperBound {
      let wanted = min(reader.method.longestRead, Int(range.upperBound - place))
      let request = reader.method.request(for: place, length: wanted)
      var parser = reader.parser(address: request.address, length: request.length)
      try await dump(reader.method, address: request.address, into: &parser)
      let start = Int(place - request.address)
      guard parser.isComplete, parser.bytes.count > start else { return nil }
      let part = parser.bytes[start..<min(parser.bytes.count, start + wanted)]
      bytes += part
      place += UInt64(part.count)
    }
    return bytes
  }
}
