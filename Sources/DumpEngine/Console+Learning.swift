import ConsoleDialect
import DeviceDigests

/// What was learned of how a console prints memory.
struct Reader {
  /// The read method in use.
  var method: ReadMethod
  /// The order of bytes in its cells, where it prints values.
  var byteOrder: ByteOrder?
  /// Whether its character column can be relied on.
  var checksGutter: Bool
  /// Digests that the console has and computes rightly, strongest first.
  var digests: [DigestMethod] = []
  /// The first bytes of the range at which it was learned, where they were read on the way.
  var sample: [UInt8]?

  /// A parser for a range as this console prints it.
  func parser(address: UInt64, length: Int) -> DumpParser {
    DumpParser(
      layout: method.layout, byteOrder: byteOrder, checksGutter: checksGutter, address: address, length: length)
  }
}

/// Learning a console's ways by asking it: which read method works, in which order words print, which digests are
/// there and right.
extension Console {
  private static let sampleLength = 64
  private static let samplePlaces = 8
  /// How often a sample is read until all of it is held, and a digest is asked until it is right.
  private static let sampleAttempts = 8
  private static let digestAttempts = 8
  /// How many samples a digest may disagree with that are all different: memory may change there.
  private static let mostSamples = 4
  /// How often in a row the character column has to disagree to be at fault: noise must not make it so, for without
  /// the column a hit digit is not seen.
  private static let columnFaults = 3

  /// Finds the cheapest way to read that works, at a range that is going to be read anyway.
  ///
  /// - Throws: `noReadMethod` where none of the dialect's methods prints what it should.
  func learnReader(_ range: Range<UInt64>) async throws(SessionError) -> Reader {
    // Trying out makes faults of its own (a wrong byte order looks like noise); they are no faults of the line.
    let before = counters
    defer { counters.forgetLineFaults(since: before) }
    let methods = dialect.reads.filter { plan.method == nil || $0.name == plan.method }
    for method in methods {
      if let reader = try await tryOut(method, range) { return reader }
    }
    // A method that prints values is no use where the order cannot be learned; one in memory order always is.
    for method in dialect.reads where !method.printsValues && plan.method == nil {
      if let reader = try await tryOut(method, range) { return reader }
    }
    let tried = methods.map(\.name).joined(separator: ", ")
    throw SessionError(
      .noReadMethod,
      "\(place): none of \(tried) printed memory at 0x\(String(range.lowerBound, radix: 16)); "
        + "is the dialect right, and is there anything at that address? \(orderHint)")
  }

  private var orderHint: String {
    plan.method != nil && plan.byteOrder == nil
      ? "If the words there are all alike, name the target's `byteOrder` in the manifest." : ""
  }

  private func tryOut(_ method: ReadMethod, _ range: Range<UInt64>) async throws(SessionError) -> Reader? {
    guard method.printsValues, plan.byteOrder == nil else {
      let order = method.printsValues ? plan.byteOrder : nil
      return try await sample(method, order, at: range.lowerBound, in: range)?.reader
    }
    guard let plain = dialect.reads.last(where: { !$0.printsValues }) else { return nil }
    switch try await orderShown(by: method, in: range) {
    case .told(let order, let bytes):
      return Reader(method: method, byteOrder: order, checksGutter: true, sample: bytes)
    case .noDump: return nil
    case .undecided: break
    }
    for place in samplePlaces(in: range) {
      guard let values = try await sample(method, .big, at: place, in: range) else { return nil }
      guard let memory = try await sample(plain, nil, at: place, in: range) else { return nil }
      let cellBytes = method.layout.cellBytes
      let common = min(memory.bytes.count, values.bytes.count) / cellBytes * cellBytes
      guard
        let order = ByteOrderProbe.order(
          memory: Array(memory.bytes.prefix(common)), printed: Array(values.bytes.prefix(common)), cellBytes: cellBytes)
      else { continue }
      return try await sample(method, order, at: place, in: range)?.reader
    }
    return nil
  }

  /// Looks for the byte order in the first bytes of a range themselves, for the character column is in memory order: it
  /// is the one in which every line agrees, where that would not be so in the other.
  ///
  /// On most consoles this one read spares the six by which words and bytes are compared.
  private func orderShown(by method: ReadMethod, in range: Range<UInt64>) async throws(SessionError) -> OrderFinding {
    let length = min(Self.sampleLength, Int(range.upperBound - range.lowerBound))
    let request = method.request(for: range.lowerBound, length: length)
    for order in [ByteOrder.little, .big] {
      let reader = Reader(method: method, byteOrder: order, checksGutter: true)
      var parser = reader.parser(address: request.address, length: request.length)
      do {
        try await dump(method, address: request.address, into: &parser)
      } catch {
        guard error.kind == .refused else { throw error }
        return .noDump
      }
      if parser.isComplete {
        guard ByteOrderProbe.isTold(byColumnOf: method.layout, showing: parser.bytes) else { return .undecided }
        let lead = Int(range.lowerBound - request.address)
        return .told(order, Array(parser.bytes.dropFirst(lead).prefix(length)))
      }
      let lines = parser.counters
      if parser.heldBytes == 0 && lines.gutterMismatches == 0 && lines.malformed == 0 { return .noDump }
    }
    return .undecided
  }

  /// Reads a few bytes, as often as it takes to hold them all. Where the character column disagrees again and again and
  /// nothing else is to blame, the column is at fault, not the line (U-Boot on 64 bits overwrites its end:
  /// include/display_options.h), and is not used.
  ///
  /// Reads nothing outside of `range` but what an aligned request brings along.
  private func sample(
    _ method: ReadMethod, _ order: ByteOrder?, at address: UInt64, in range: Range<UInt64>
  ) async throws(SessionError) -> (bytes: [UInt8], reader: Reader)? {
    var buffer = ChunkBuffer(0..<min(Self.sampleLength, Int(range.upperBound - address)))
    let request = method.request(for: address, length: buffer.range.count)
    var columnFaults = 0
    for _ in 0..<Self.sampleAttempts {
      let reader = Reader(method: method, byteOrder: order, checksGutter: columnFaults < Self.columnFaults)
      var parser = reader.parser(address: request.address, length: request.length)
      do {
        try await dump(method, address: request.address, into: &parser)
      } catch {
        guard error.kind == .refused else { throw error }
        return nil
      }
      let before = buffer.missing.count
      buffer.take(parser, at: -Int(address - request.address))
      if buffer.missing.isEmpty { return (buffer.bytes, reader) }
      let lines = parser.counters
      // Nothing printed at all: the console has no such width.
      if parser.heldBytes == 0 && lines.gutterMismatches == 0 && lines.malformed == 0 { return nil }
      // A column at fault is at fault in every line; a hit character is not.
      let isColumnAlone =
        lines.gutterMismatches > 0 && lines.wholeLines == 0 && lines.malformed == 0 && buffer.missing.count == before
      columnFaults = isColumnAlone ? columnFaults + 1 : 0
    }
    return nil
  }

  private func samplePlaces(in range: Range<UInt64>) -> [UInt64] {
    let step = (range.upperBound - range.lowerBound) / UInt64(Self.samplePlaces) & ~0xFF
    guard step > 0 else { return [range.lowerBound] }
    return (0..<UInt64(Self.samplePlaces)).map { range.lowerBound + $0 * step }
  }

  /// Tries each of the dialect's digests over the first bytes of a range; those that come out equal are kept.
  func learnDigests(
    _ reader: Reader, in range: Range<UInt64>, report: (String) -> Void
  ) async throws(SessionError) -> [DigestMethod] {
    let address = range.lowerBound
    var sampled = reader.sample
    if sampled == nil { sampled = try await sample(reader.method, reader.byteOrder, at: address, in: range)?.bytes }
    guard var bytes = sampled else { return [] }
    var right: [DigestMethod] = []
    let trial = try await tryDigests(at: address, length: bytes.count)
    for (index, method) in dialect.digests.enumerated()
    where !trial.unknown.contains(index) && !right.contains(where: { $0.algorithm == method.algorithm }) {
      let isRight = trial.said[index] == HostDigest.hex(method.algorithm, of: bytes)
      switch isRight ? .right : try await verdict(on: method, over: &bytes, reader, in: range) {
      case .right: right.append(method)
      case .absent: break
      case .wrong(let theirs, let ours):
        counters.digestMismatches += 1
        report("\(method.algorithm.rawValue) of the unit is \(theirs) where \(ours) is right: not used")
      }
    }
    return right
  }

  /// Tries a digest over the first bytes of a range. For most bytes the character column shows a dot, whatever a hit digit
  /// makes of them: where the digest is another one they are read again, and only the same bytes again speak against it.
  private func verdict(
    on method: DigestMethod, over sample: inout [UInt8], _ reader: Reader, in range: Range<UInt64>
  ) async throws(SessionError) -> DigestVerdict {
    var verdict = DigestVerdict.absent
    for _ in 0..<Self.mostSamples {
      let ours = HostDigest.hex(method.algorithm, of: sample)
      guard let theirs = try await digest(method, of: sample.count, at: range.lowerBound, expecting: ours) else {
        break
      }
      if theirs == ours { return .right }
      verdict = .wrong(theirs, ours)
      guard let again = try await self.sample(reader.method, reader.byteOrder, at: range.lowerBound, in: range)?.bytes
      else { continue }
      if again == sample { break }
      sample = again
    }
    return verdict
  }

  /// A digest that the unit may have: asked again where noise may have hit the answer, not where the command failed.
  private func digest(
    _ method: DigestMethod, of length: Int, at address: UInt64, expecting ours: String
  ) async throws(SessionError) -> String? {
    var theirs: String?
    var refusals = 0
    for _ in 0..<Self.digestAttempts {
      let reply = try await run(method.command(address: address, length: length))
      if reply.failure?.meaning == .unknownCommand { refusals += 1 }
      if refusals == surelyUnknown { return nil }
      theirs = reply.lines.lazy.compactMap { method.digest(in: $0) }.first ?? theirs
      if theirs == ours { break }
    }
    return theirs
  }
}

/// What a digest is worth, as far as a few bytes show.
private enum DigestVerdict {
  case right
  /// The unit does not have it.
  case absent
  /// What the unit says, and what is so.
  case wrong(String, String)
}

/// What one read tells of the byte order.
private enum OrderFinding {
  /// With the bytes that it has read.
  case told(ByteOrder, [UInt8])
  case undecided
  /// Nothing printed at all: the console has no such width.
  case noDump
}

extension WireCounters {
  /// Takes back what was counted of lines that were only tried out.
  mutating func forgetLineFaults(since before: WireCounters) {
    malformedLines = before.malformedLines
    gutterMismatches = before.gutterMismatches
    addressGaps = before.addressGaps
    foreignLines = before.foreignLines
  }
}

extension ReadMethod {
  /// Whether its cells depend on the target's byte order.
  var printsValues: Bool { layout.order == .value && layout.cellBytes > 1 }
}
