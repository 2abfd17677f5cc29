import Testing

@testable import DumpEngine

@Suite("The table of blocks that units share")
struct BlockTableTests {
  private static let size = 64 << 10
  private let start = ContinuousClock.now

  private func party(_ name: String, pace: Double = 0.001, visitor: Int? = nil) -> Exchange.Party {
    Exchange.Party(name: name, region: "flash", image: "/b/\(name)/flash.bin", visitor: visitor, pace: pace)
  }

  /// Blocks one behind the other, whose content a letter stands for.
  private func wishes(_ contents: String) -> [Exchange.Wish] {
    contents.enumerated().map { index, letter in
      let place = index * Self.size..<(index + 1) * Self.size
      return Exchange.Wish(place: place, key: BlockKey(algorithm: .crc32, length: Self.size, digest: String(letter)))
    }
  }

  private func step(_ table: inout BlockTable, _ member: Int, after seconds: Double = 0) -> Exchange.Step? {
    if case .step(let step) = table.choose(for: member, at: start + .seconds(seconds)) { step } else { nil }
  }

  private func reading(_ table: inout BlockTable, _ member: Int, after seconds: Double = 0) throws -> Exchange.Reading {
    guard case .read(let reading) = step(&table, member, after: seconds) else {
      throw Unexpected(text: "expected something to read for \(member)")
    }
    return reading
  }

  private struct Unexpected: Error, CustomStringConvertible {
    var text: String
    var description: String { text }
  }

  /// Members that all read equally fast, until none has anything left to do.
  private struct Line {
    var read: [Int: [Range<Int>]] = [:]
    /// When the last of them was done, in bytes that one of them reads meanwhile.
    var end = 0
  }

  private func readAll(_ table: inout BlockTable, _ members: [Int]) -> Line {
    var line = Line()
    var busy: [(end: Int, member: Int, part: Range<Int>)] = []
    var idle = members
    while true {
      for member in idle {
        var next = step(&table, member)
        while case .take(let takings) = next {
          _ = table.withdraw(takings.map(\.wish), of: member)
          next = step(&table, member)
        }
        guard case .read(let reading) = next else { continue }
        busy.append((line.end + reading.part.count, member, reading.part))
        idle.removeAll { $0 == member }
      }
      guard let next = busy.min(by: { $0.end < $1.end }) else { return line }
      busy.removeAll { $0.member == next.member }
      line.end = next.end
      line.read[next.member, default: []].append(next.part)
      _ = table.publish(next.part, by: next.member)
      idle.append(next.member)
    }
  }

  @Test("who is alone reads all, block by block", arguments: ["abc", "a"])
  func alone(contents: String) throws {
    var table = BlockTable()
    let member = table.join(party("A"), wishes(contents))
    let line = readAll(&table, [member])
    #expect(line.read[member] == wishes(contents).map(\.place))
    #expect(step(&table, member) == .done)
  }

  @Test("what is equal is read once, in fair shares", arguments: [2, 3, 8, 32])
  func equal(count: Int) throws {
    var table = BlockTable()
    let contents = String("abcdefghijklmnop")
    let members = (1...count).map { table.join(party("U\($0)"), wishes(contents)) }
    let line = readAll(&table, members)
    let bytes = members.map { line.read[$0, default: []].reduce(0) { $0 + $1.count } }
    #expect(bytes.reduce(0, +) == contents.count * Self.size)
    // None ends more than two of the smallest parts behind a fair share.
    #expect(line.end <= contents.count * Self.size / count + 2 * 4096, "\(bytes)")
  }

  @Test("within one unit, what is equal is read once")
  func twice() throws {
    var table = BlockTable()
    let member = table.join(party("A"), wishes("aba"))
    #expect(readAll(&table, [member]).read[member]?.reduce(0) { $0 + $1.count } == 2 * Self.size)
  }

  @Test("a block that was read is taken from where it is, each byte once")
  func taking() throws {
    var table = BlockTable()
    let (a, b) = (table.join(party("A"), wishes("a")), table.join(party("B"), wishes("a")))
    let (first, second) = (try reading(&table, a), try reading(&table, b))
    #expect(first.part.upperBound == second.part.lowerBound)
    _ = table.publish(first.part, by: a)
    _ = table.publish(second.part, by: b)
    var rest = try? reading(&table, a)
    while let part = rest?.part {
      _ = table.publish(part, by: a)
      rest = try? reading(&table, a)
    }
    guard case .take(let takings) = step(&table, b) else { throw Unexpected(text: "expected a block to take") }
    #expect(takings.map(\.wish) == wishes("a"))
    let parts = takings[0].parts
    #expect(parts.map(\.range.lowerBound) == [0] + parts.dropLast().map(\.range.upperBound))
    #expect(parts.last?.range.upperBound == Self.size)
    #expect(parts.contains { $0.provenance == .sibling("A") && $0.image.path == "/b/A/flash.bin" })
  }

  @Test("at another place, parts lie where the one who read them has them")
  func moved() throws {
    var table = BlockTable()
    let a = table.join(party("A"), wishes("xa"))
    _ = readAll(&table, [a])
    let b = table.join(party("B"), wishes("a"))
    guard case .take(let takings) = step(&table, b) else { throw Unexpected(text: "expected a block to take") }
    let part = try #require(takings.first?.parts.first)
    #expect(part.range == 0..<Self.size)
    #expect(part.image == ImagePart(path: "/b/A/flash.bin", range: Self.size..<2 * Self.size))
  }

  @Test("what a member was reading when it left is anybody's again")
  func dyingClaimant() throws {
    var table = BlockTable()
    let (a, b) = (table.join(party("A"), wishes("a")), table.join(party("B"), wishes("a")))
    let lost = try reading(&table, a)
    let hasFreed = table.leave(a)
    #expect(hasFreed)
    var read = RangeSet<Int>()
    while let part = try? reading(&table, b).part {
      read.insert(contentsOf: part)
      _ = table.publish(part, by: b)
    }
    #expect(RangeSet(lost.part).isSubset(of: read))
    #expect(read == RangeSet(0..<Self.size))
  }

  @Test("who joins late takes what is there and shares the rest")
  func lateJoiner() throws {
    var table = BlockTable()
    let a = table.join(party("A"), wishes("ab"))
    _ = table.publish(try reading(&table, a).part, by: a)
    let b = table.join(party("B"), wishes("ab"))
    guard case .take(let takings) = step(&table, b) else { throw Unexpected(text: "expected a block to take") }
    #expect(takings.map(\.wish.key.digest) == ["a"])
    _ = table.withdraw([takings[0].wish], of: b)
    #expect(try reading(&table, b).wish.key.digest == "b")
  }

  @Test("nobody waits longer for a claim than it would need itself")
  func stalledClaimant() throws {
    var table = BlockTable()
    let (a, b) = (table.join(party("A"), wishes("a")), table.join(party("B"), wishes("a")))
    let stalled = try reading(&table, a)
    while let part = try? reading(&table, b).part { _ = table.publish(part, by: b) }
    guard case .wait(let deadline) = table.choose(for: b, at: start) else {
      throw Unexpected(text: "expected to wait for the other")
    }
    #expect(deadline == start + .seconds(2 * 0.001 * Double(stalled.part.count) + 5))
    let again = try reading(&table, b, after: (deadline - start) / .seconds(1))
    #expect(again.part == stalled.part)
  }

  @Test("what nobody else lacks comes last, with what another has at the same place")
  func similar() throws {
    var table = BlockTable()
    let a = table.join(party("A"), wishes("xbc"))
    let b = table.join(party("B"), wishes("ybc"))
    #expect(try reading(&table, b).wish.key.digest == "b")
    _ = readAll(&table, [a])
    var last: Exchange.Reading?
    while true {
      guard let step = step(&table, b) else { break }
      if case .read(let reading) = step {
        last = reading
        _ = table.publish(reading.part, by: b)
      } else if case .take(let takings) = step {
        _ = table.withdraw(takings.map(\.wish), of: b)
      } else {
        break
      }
    }
    #expect(last?.wish.key.digest == "y")
    #expect(last?.similar.map(\.provenance) == [.sibling("A")])
  }

  @Test("what is similar is what was read there first, which most have, and not the last that one unit has of its own")
  func firstVersion() throws {
    var table = BlockTable()
    for (name, content) in [("A", "a"), ("B", "x")] { _ = readAll(&table, [table.join(party(name), wishes(content))]) }
    let last = try reading(&table, table.join(party("C"), wishes("y")))
    #expect(last.similar.map(\.provenance) == [.sibling("A")])
  }

  /// Each row: blocks that are there already, who lacks them and six or seven more, and whether they are taken at once.
  @Test(
    "what nobody has is read first where others lack it too, unless what is there is a quarter of all",
    arguments: [("a", ["B", "C"], false), ("ab", ["B", "C"], true), ("a", ["B"], true)])
  func readingFirst(known: String, names: [String], isTaken: Bool) {
    var table = BlockTable()
    _ = readAll(&table, [table.join(party("A"), wishes(known))])
    let members = names.map { table.join(party($0), wishes("abcdefgh")) }
    var first = 0
    if case .read(let reading) = step(&table, members[0]) {
      first = reading.part.count
      _ = table.publish(reading.part, by: members[0])
    }
    #expect((first == 0) == isTaken)
    let line = readAll(&table, members)
    let read = line.read.values.joined().reduce(first) { $0 + $1.count }
    #expect(read == (8 - known.count) * Self.size)
  }

  @Test("as long as others may join, parts are small, and who joins at last has its share", arguments: [2, 8])
  func notJoinedYet(count: Int) throws {
    var table = BlockTable()
    let visitors = (0..<count).map { _ in table.arrive() }
    let first = table.join(party("U0", visitor: visitors[0]), wishes("a"))
    let part = try reading(&table, first).part
    #expect(part.count <= Self.size / 2 / count && part.count >= 4096)
    _ = table.publish(part, by: first)
    let members = [first] + visitors.dropFirst().map { table.join(party("U\($0)", visitor: $0), wishes("a")) }
    let line = readAll(&table, members)
    #expect(part.count + line.end <= Self.size / count + 3 * 4096)
  }

  @Test("who has ended without joining is waited for no longer")
  func departed() throws {
    var table = BlockTable()
    let visitors = (0..<2).map { _ in table.arrive() }
    let member = table.join(party("A", visitor: visitors[0]), wishes("a"))
    table.depart(visitors[1])
    #expect(try reading(&table, member).part == 0..<Self.size)
  }

  @Test("parts are no shorter than a tenth of a second of the line")
  func fastLine() throws {
    var table = BlockTable()
    let visitors = (0..<8).map { _ in table.arrive() }
    let member = table.join(party("A", pace: 0.1 / 12_288, visitor: visitors[0]), wishes("a"))
    #expect(try reading(&table, member).part.count == 12_288)
  }

  @Test("what was in an image that is gone is read again, and by others as well")
  func goneImage() throws {
    var table = BlockTable()
    let a = table.join(party("A"), wishes("a"))
    _ = table.publish(try reading(&table, a).part, by: a)
    let (b, c) = (table.join(party("B"), wishes("a")), table.join(party("C"), wishes("a")))
    guard case .take(let takings) = step(&table, b) else { throw Unexpected(text: "expected a block to take") }
    table.lose(imageAt: "/b/A/flash.bin", of: takings[0].wish)
    let line = readAll(&table, [b, c])
    let read = [b, c].map { line.read[$0, default: []].reduce(0) { $0 + $1.count } }
    #expect(read.reduce(0, +) == Self.size && read.allSatisfy { $0 > 0 }, "\(read)")
  }

  @Test("only what gives those who wait something to do wakes them")
  func waking() throws {
    var table = BlockTable()
    let (a, b) = (table.join(party("A"), wishes("a")), table.join(party("B"), wishes("a")))
    let (first, second) = (try reading(&table, a), try reading(&table, b))
    // The rest is read by nobody, so nobody waits for it.
    let hasCompleted = table.publish(first.part, by: a)
    #expect(!hasCompleted)
    let hasFreed = table.withdraw([second.wish], of: a)
    #expect(!hasFreed)
    let hasFreedMore = table.leave(b)
    #expect(hasFreedMore)
  }

  @Test("a member that goes on alone with a block leaves it to the others")
  func withdrawn() throws {
    var table = BlockTable()
    let (a, b) = (table.join(party("A"), wishes("a")), table.join(party("B"), wishes("a")))
    let hasFreed = table.withdraw([try reading(&table, a).wish], of: a)
    #expect(hasFreed)
    #expect(step(&table, a) == .done)
    #expect(try reading(&table, b).part == 0..<Self.size)
  }
}
