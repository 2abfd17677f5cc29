import ConsoleDialect
import DumpManifest

/// Finds out how one method's replies are to be read: in which byte order its characters agree with its cells, or which
/// order another method's reply for the same memory bears out, and whether its characters agree at all.
struct FormLearner: DialogueListener {
  /// So many lines, and this many times as many as speak for anything else, are enough.
  private static let enoughLines = 16
  private static let majority = 4
  /// Replies up to this many bytes are compared with those of other methods: the engine's own samples are short.
  private static let longestSample = 256
  private static let mostSamples = 1 << 14

  private let method: ReadMethod
  private let given: ByteOrder?
  /// Parsers of the reply that is coming: with the characters checked in either order, and unchecked as printed.
  private var parsers: (big: DumpParser, little: DumpParser?, printed: DumpParser)?
  private var sample: (parser: DumpParser, address: UInt64)?
  private var printedAt: UInt64 = 0
  private var bigLines = 0
  private var littleLines = 0
  private var printedLines = 0
  /// Lines that agree in one order and not in the other.
  private var votes: (big: Int, little: Int) = (0, 0)
  private var memory: [UInt64: UInt8] = [:]
  private var cells: [UInt64: [UInt8]] = [:]

  init(_ method: ReadMethod, _ plan: SlotPlan) {
    self.method = method
    given = method.printsValues ? plan.console.byteOrder : nil
  }

  /// What a transcript shows of a method.
  static func form(of method: ReadMethod, _ reader: TranscriptReader, _ plan: SlotPlan) throws(TranscriptError)
    -> ReplyForm
  {
    var learner = FormLearner(method, plan)
    var dialogue = Dialogue(plan)
    if learner.wantsMore {
      try reader.read { record in
        dialogue.take(record, &learner)
        return learner.wantsMore
      }
    }
    learner.finish()
    return learner.form
  }

  var wantsMore: Bool {
    let knowsColumn = method.layout.gutter == nil || printedLines >= Self.enoughLines
    guard method.printsValues, given == nil else { return !knowsColumn }
    return !knowsColumn || max(votes.big, votes.little) < Self.enoughLines || order == nil
  }

  /// Noise must not make the column be at fault, for without it a hit digit is not seen: most lines have to disagree.
  private var form: ReplyForm {
    ReplyForm(byteOrder: order, checksGutter: 2 * max(bigLines, littleLines) >= printedLines)
  }

  private var order: ByteOrder? {
    guard method.printsValues else { return nil }
    if let given { return given }
    if votes.big > Self.majority * votes.little { return .big }
    return votes.little > Self.majority * votes.big ? .little : nil
  }

  mutating func begin(_ command: RecordedCommand) {
    finish()
    switch command {
    case .read(let method, let range) where method == self.method:
      let orders: [ByteOrder?] = method.printsValues ? [.big, .little] : [nil]
      let checked = orders.map { DumpParser(method, range, ReplyForm(byteOrder: $0, checksGutter: true)) }
      let plain = DumpParser(method, range, ReplyForm(byteOrder: orders[0], checksGutter: false))
      guard let big = checked[0], let plain else { return }
      parsers = (big, checked.count > 1 ? checked[1] : nil, plain)
      printedAt = range.address
    case .read(let other, let range) where self.method.printsValues && !other.printsValues:
      guard range.length <= Self.longestSample, memory.count < Self.mostSamples else { return }
      let form = ReplyForm(byteOrder: nil, checksGutter: false)
      sample = DumpParser(other, range, form).map { ($0, range.address) }
    case .staging:
      // The same addresses hold something else from now on.
      (memory, cells) = ([:], [:])
    default: break
    }
  }

  mutating func received(_ bytes: [UInt8]) {
    parsers?.big.consume(bytes)
    parsers?.little?.consume(bytes)
    parsers?.printed.consume(bytes)
    sample?.parser.consume(bytes)
  }

  mutating func breakOff() { finish() }

  mutating func finish() {
    if let parsers { count(parsers.big, parsers.little, parsers.printed) }
    if let sample { keep(sample.parser, at: sample.address) }
    parsers = nil
    sample = nil
  }

  private mutating func count(_ big: DumpParser, _ little: DumpParser?, _ printed: DumpParser) {
    printedLines += printed.counters.wholeLines
    bigLines += big.counters.wholeLines
    guard let little else { return }
    littleLines += little.counters.wholeLines
    let lead = big.counters.wholeLines - little.counters.wholeLines
    if lead > 0 { votes.big += lead } else { votes.little -= lead }
    guard printed.bytes.count <= Self.longestSample, cells.count < Self.mostSamples else { return }
    let size = method.layout.cellBytes
    for range in printed.held {
      for start in stride(from: range.lowerBound, to: range.upperBound - size + 1, by: size) {
        cells[printedAt &+ UInt64(start)] = Array(printed.bytes[start..<start + size])
      }
    }
    compare()
  }

  private mutating func keep(_ parser: DumpParser, at address: UInt64) {
    let bytes = parser.bytes
    for place in parser.held.joined() { memory[address &+ UInt64(place)] = bytes[place] }
    compare()
  }

  /// Lets each cell that another method has read too speak for an order, once.
  private mutating func compare() {
    guard !memory.isEmpty else { return }
    for (address, printed) in cells {
      let bytes = printed.indices.compactMap { memory[address &+ UInt64($0)] }
      guard let order = ByteOrderProbe.order(memory: bytes, printed: printed, cellBytes: printed.count) else {
        continue
      }
      if order == .big { votes.big += 1 } else { votes.little += 1 }
      cells[address] = nil
    }
  }
}
