import TestSupport
import Testing

@testable import Udev

/// Long random histories, told to a consumer that looks now and then.
@Suite struct AdapterLedgerStormTests {
  private static let sockets = 12

  @Test(arguments: UInt64(1)...60, [false, true])
  func `whatever happens, the story told is possible and ends with what is there`(seed: UInt64, hasUdevd: Bool) {
    var generator = SplitMix64(state: seed)
    var book = LedgerBook(hasUdevd: hasUdevd)
    var bench = Bench()
    var consumer = Consumer()
    for _ in 0..<400 {
      bench.happen(&book, &generator)
      if Int.random(in: 0..<8, using: &generator) == 0, let event = book.ledger.next() { consumer.hear(event) }
      #expect(book.ledger.count <= bench.present.count + consumer.known.count)
    }
    bench.finish(&book)
    for event in book.news() { consumer.hear(event) }
    #expect(consumer.known == bench.present.mapValues(\.adapter))
    #expect(consumer.mistakes == [])
    #expect(book.ledger.count == bench.present.count)
  }

  /// What is really there, and what udevd has still to say.
  private struct Bench {
    var present: [String: Sighting] = [:]
    var late: [(action: AdapterNotice.Action, number: Int, sequence: UInt64)] = []
    var incarnation: UInt64 = 0

    mutating func happen(_ book: inout LedgerBook, _ generator: inout SplitMix64) {
      let number = Int.random(in: 0..<AdapterLedgerStormTests.sockets, using: &generator)
      let path = Sighting.of(number).adapter.sysPath
      switch Int.random(in: 0..<10, using: &generator) {
      case 0..<4 where present[path] == nil:
        incarnation += 1
        tell(.other, number, Sighting.of(number, incarnation: incarnation), &book)
      case 0..<4:
        present[path] = nil
        late.append((.remove, number, book.kernel(.remove, .of(number))))
      case 4:
        guard var sighting = present[path] else { return }
        sighting.adapter.serial = "\(Int.random(in: 0..<3, using: &generator))"
        tell(.change, number, sighting, &book)
      case 5 where Int.random(in: 0..<4, using: &generator) == 0:
        book.scan(present.values.sorted { Adapter.isInNodeOrder($0.adapter, $1.adapter) })
      default:
        if !late.isEmpty { follow(&book) }
      }
    }

    /// udevd ends its work; what it says of the past is read as what is there now.
    mutating func finish(_ book: inout LedgerBook) {
      while !late.isEmpty { follow(&book) }
    }

    private mutating func tell(
      _ action: AdapterNotice.Action, _ number: Int, _ sighting: Sighting, _ book: inout LedgerBook
    ) {
      present[sighting.adapter.sysPath] = sighting
      late.append((action, number, book.kernel(action, sighting)))
    }

    private mutating func follow(_ book: inout LedgerBook) {
      let (action, number, sequence) = late.removeFirst()
      guard let sighting = present[Sighting.of(number).adapter.sysPath] else {
        return book.udev(.remove, .of(number), after: sequence)
      }
      book.udev(action, sighting, after: sequence)
    }
  }

  private struct Consumer {
    var known: [String: Adapter] = [:]
    var mistakes: [AdapterEvent] = []

    mutating func hear(_ event: AdapterEvent) {
      switch event {
      case .added(let adapter):
        if known.updateValue(adapter, forKey: adapter.sysPath) != nil { mistakes.append(event) }
      case .changed(let adapter):
        if known.updateValue(adapter, forKey: adapter.sysPath) == nil { mistakes.append(event) }
      case .removed(let adapter):
        if known.removeValue(forKey: adapter.sysPath) != adapter { mistakes.append(event) }
      }
    }
  }
}
