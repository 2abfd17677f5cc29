import TestSupport
import Testing

@testable import DumpEngine

@Suite("Units that share blocks", .timeLimit(.minutes(2)))
struct ExchangeTests {
  private static let block = 0..<4096

  private func party(_ name: String) -> Exchange.Party {
    // So slow that nobody else's claim is overdue while a test runs.
    Exchange.Party(name: name, region: "flash", image: "/b/\(name)/flash.bin", visitor: nil, pace: 1)
  }

  /// A member that reads a block, and another that has nothing but that.
  private func pair(
    _ exchange: Exchange
  ) async throws -> (reader: Exchange.Member, reading: Exchange.Reading, waiter: Exchange.Member) {
    let wish = Exchange.Wish(place: Self.block, key: BlockKey(algorithm: .crc32, length: 4096, digest: "a"))
    let members = (await exchange.join(party("A"), lacking: [wish]), await exchange.join(party("B"), lacking: [wish]))
    guard case .read(let reading) = await exchange.next(for: members.0) else { throw NothingToRead() }
    return (members.0, reading, members.1)
  }

  private struct NothingToRead: Error {}

  @Test("whoever waits looks at its console from time to time")
  func idle() async throws {
    let exchange = Exchange(longestRest: .milliseconds(1))
    let (reader, reading, waiter) = try await pair(exchange)
    for _ in 0..<2 { #expect(await exchange.next(for: waiter) == .idle) }
    await exchange.publish(reading.part, by: reader)
    guard case .take = await exchange.next(for: waiter) else { throw NothingToRead() }
  }

  @Test("whoever waits is woken by what it can take")
  func published() async throws {
    let exchange = Exchange(longestRest: .seconds(600))
    let (reader, reading, waiter) = try await pair(exchange)
    async let step = exchange.next(for: waiter)
    await exchange.publish(reading.part, by: reader)
    guard case .take(let takings) = await step else { throw NothingToRead() }
    #expect(takings.map(\.parts) == [[OfferedPart(range: Self.block, image: reading.image, provenance: .sibling("A"))]])
  }

  @Test("whoever waits is woken by a reader that leaves, or will not share", arguments: [true, false])
  func freed(leaves: Bool) async throws {
    let exchange = Exchange(longestRest: .seconds(600))
    let (reader, reading, waiter) = try await pair(exchange)
    async let step = exchange.next(for: waiter)
    if leaves { await exchange.leave(reader) } else { await exchange.withdraw([reading.wish], of: reader) }
    guard case .read(let again) = await step else { throw NothingToRead() }
    #expect(again.part == Self.block)
  }

  @Test("whoever waits ends with its task")
  func cancelled() async throws {
    let exchange = Exchange(longestRest: .seconds(600))
    let waiter = try await pair(exchange).waiter
    let waiting = Task { await exchange.next(for: waiter) }
    waiting.cancel()
    #expect(await waiting.value == .done)
  }
}

extension Exchange.Reading {
  /// What is read, from the block's start.
  fileprivate var inBlock: Range<Int> { part.moved(by: -wish.place.lowerBound) }

  fileprivate var image: ImagePart { ImagePart(path: "/b/A/flash.bin", range: part) }
}

/// Members that come and go, finish, give up, or stop for ever, as chance will have it.
@Suite("Whatever the order, nobody waits for nobody")
struct ExchangeScheduleTests {
  private static let size = 16 << 10
  private static let contents = ["abcd", "abcd", "abce", "bbca", "ddxa", "a", "yzab"]

  /// One that has joined.
  private struct Member {
    var lacking: [Exchange.Wish]
    var own = RangeSet<Int>()
    var reading: Exchange.Reading?
    let image: String
    /// It holds its claim and does nothing more.
    var isStuck = false
  }

  private static func wishes(_ contents: String) -> [Exchange.Wish] {
    contents.enumerated().map { index, letter in
      Exchange.Wish(
        place: index * size..<(index + 1) * size,
        key: BlockKey(algorithm: .crc32, length: size, digest: String(letter)))
    }
  }

  @Test("in which they act, each has all that it lacks in the end", arguments: 0..<300 as Range<UInt64>)
  func anyOrder(seed: UInt64) throws {
    var (random, table, now) = (SplitMix64(state: seed), BlockTable(), ContinuousClock.now)
    var coming = Self.contents.shuffled(using: &random)
    var members: [Int: Member] = [:]
    /// What is where, by the block.
    var published: [BlockKey: [(image: String, range: Range<Int>)]] = [:]
    /// Whether nobody has some of a block, or reads it.
    func isFree(_ wish: Exchange.Wish) -> Bool {
      let there = published[wish.key, default: []].map(\.range)
      let read = members.values.compactMap(\.reading).filter { $0.wish.key == wish.key }.map(\.inBlock)
      return RangeSet(there + read) != RangeSet(0..<Self.size)
    }
    func chance(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &random) < share }
    for _ in 0..<5000 {
      if coming.isEmpty, members.values.allSatisfy(\.isStuck) { return }
      if let contents = coming.last, members.isEmpty || chance(0.1) {
        coming.removeLast()
        let image = "/b/U\(coming.count)"
        let party = Exchange.Party(
          name: "U\(coming.count)", region: "flash", image: image, visitor: nil, pace: 0.0001)
        members[table.join(party, Self.wishes(contents))] = Member(lacking: Self.wishes(contents), image: image)
      }
      let awake = members.filter { !$0.value.isStuck }
      guard let number = awake.keys.sorted().randomElement(using: &random), var member = members[number] else {
        continue
      }
      if let reading = member.reading {
        member.reading = nil
        if chance(0.05) {
          (member.reading, member.isStuck) = (reading, true)
        } else if chance(0.1) {
          _ = table.withdraw([reading.wish], of: number)
          member.lacking.removeAll { $0 == reading.wish }
        } else {
          _ = table.publish(reading.part, by: number)
          published[reading.wish.key, default: []].append((member.image, reading.inBlock))
          member.own.insert(contentsOf: reading.part)
        }
        members[number] = member
        continue
      }
      switch table.choose(for: number, at: now) {
      case .step(.take(let takings)):
        if chance(0.05), let taking = takings.first, let image = taking.parts.first?.image.path {
          table.lose(imageAt: image, of: taking.wish)
          published[taking.wish.key]?.removeAll { $0.image == image }
        } else {
          _ = table.withdraw(takings.map(\.wish), of: number)
          member.lacking.removeAll { wish in takings.contains { $0.wish == wish } }
        }
        members[number] = member
      case .step(.read(let reading)):
        #expect(member.lacking.contains(reading.wish) && !reading.part.isEmpty, "\(number) reads \(reading)")
        #expect(reading.part.clamped(to: reading.wish.place) == reading.part, "\(number) reads \(reading)")
        members[number]?.reading = reading
      case .step(.idle): Issue.record("the table knows no rest")
      case .step(.done):
        #expect(member.lacking.allSatisfy { RangeSet($0.place).isSubset(of: member.own) }, "\(member)")
        _ = table.leave(number)
        members[number] = nil
      case .wait(let deadline):
        #expect(members.contains { $0.key != number && $0.value.reading != nil }, "\(number) waits for nobody")
        let free = member.lacking.filter(isFree)
        #expect(free.isEmpty, "\(number) waits, and could read \(free)")
        // Where all that move wait, time goes on.
        if !awake.contains(where: { $0.value.reading != nil }) { now = max(now, deadline) }
      }
    }
    Issue.record("still at work after 5,000 acts: \(members)")
  }
}
