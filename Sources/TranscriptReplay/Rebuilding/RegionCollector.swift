import ConsoleDialect
import DumpManifest

/// Collects what a transcript shows of each region, and what the unit has said of it.
struct RegionCollector: DialogueListener {
  private let plan: SlotPlan
  private let forms: [String: ReplyForm]
  private(set) var sightings: [LineSightings]
  /// The last digest of each range, with when it was said.
  private var digests: [[Range<Int>: (order: Int, digest: UnitDigest)]]
  private var staged: [StagedPiece] = []
  private var said = 0
  private var read: (parser: DumpParser, address: UInt64)?
  private var asked: (method: DigestMethod, ranges: [CommandRange], lines: LineBuffer)?
  /// What was said in reply, in order.
  private var answers: [(line: String, digest: String)] = []
  /// A method that has been used and whose replies nobody can read yet.
  private(set) var unknown: ReadMethod?

  init(_ plan: SlotPlan, _ forms: [String: ReplyForm]) {
    self.plan = plan
    self.forms = forms
    sightings = plan.regions.map { LineSightings(size: $0.size) }
    digests = plan.regions.map { _ in [:] }
  }

  var wantsMore: Bool { unknown == nil }

  /// What the unit has said last of each range of a region, in the order in which it did.
  func digests(of region: Int) -> [UnitDigest] {
    digests[region].values.sorted { $0.order < $1.order }.map(\.digest)
  }

  mutating func begin(_ command: RecordedCommand) {
    finish()
    switch command {
    case .read(let method, let range):
      guard let form = forms[method.name] else {
        unknown = method
        return
      }
      read = DumpParser(method, range, form).map { ($0, range.address) }
    case .digests(let method, let ranges):
      asked = (method, ranges, LineBuffer())
    case .staging(let pieces):
      staged.removeAll { old in pieces.contains { $0.addresses.overlaps(old.addresses) } }
      staged += pieces
    case .other: break
    }
  }

  mutating func received(_ bytes: [UInt8]) {
    read?.parser.consume(bytes)
    guard let lines = asked?.lines.append(bytes), !lines.isEmpty else { return }
    for line in lines.map({ ConsoleText.plain($0) }) {
      if let digest = asked?.method.digest(in: line) { answers.append((line, digest)) }
    }
    if answers.count == asked?.ranges.count { noteAnswers() }
  }

  mutating func breakOff() {
    finish()
    staged = []
  }

  /// Keeps what the reply to the last command has shown.
  mutating func finish() {
    noteAnswers()
    guard let read else { return }
    self.read = nil
    let bytes = read.parser.bytes
    let held = read.parser.held
    for place in places(of: CommandRange(address: read.address, length: bytes.count)) {
      for range in held {
        let part = range.clamped(to: place.reply)
        guard !part.isEmpty else { continue }
        let start = part.lowerBound - place.reply.lowerBound + place.offset
        sightings[place.region].see(start..<start + part.count, bytes[part])
      }
    }
  }

  /// Where fewer were said than asked for, one was hit on its way, and only those are known whose line says it.
  private mutating func noteAnswers() {
    guard let asked else { return }
    let isWhole = answers.count == asked.ranges.count
    for (index, range) in asked.ranges.enumerated() {
      let own =
        isWhole
        ? [answers[index]]
        : answers.filter { answer in
          asked.method.names(address: range.address, length: range.length, in: answer.line)
        }
      guard own.count == 1, let value = own.first?.digest else { continue }
      said += 1
      for place in places(of: range) where place.reply.count == range.length {
        let part = place.offset..<place.offset + place.reply.count
        let digest = UnitDigest(range: part, algorithm: asked.method.algorithm, value: value)
        digests[place.region][part] = (said, digest)
      }
    }
    (self.asked, answers) = (nil, [])
  }

  /// A part of a reply, and where in which region it is.
  private struct Place {
    let region: Int
    let reply: Range<Int>
    let offset: Int
  }

  private func places(of range: CommandRange) -> [Place] {
    let mapped = plan.regions.enumerated().compactMap { index, region -> Place? in
      guard case .mapped(let address) = region.source else { return nil }
      return place(of: range, StagedPiece(region: index, offset: 0, addresses: address..<address + UInt64(region.size)))
    }
    return mapped + staged.compactMap { place(of: range, $0) }
  }

  private func place(of range: CommandRange, _ piece: StagedPiece) -> Place? {
    let (end, overflow) = range.address.addingReportingOverflow(UInt64(range.length))
    let part = (range.address..<(overflow ? UInt64.max : end)).clamped(to: piece.addresses)
    guard !part.isEmpty else { return nil }
    let start = Int(part.lowerBound - range.address)
    return Place(
      region: piece.region, reply: start..<start + part.count,
      offset: piece.offset + Int(part.lowerBound - piece.addresses.lowerBound))
  }
}
