import Testing

@testable import ConsoleDialect

@Suite struct DumpFuzzTests {
  /// Replaces, removes, doubles and adds bytes, about one in `rarity`.
  private func damaged(_ text: [UInt8], rarity: Int, _ random: inout SplitMix) -> [UInt8] {
    var noisy: [UInt8] = []
    for byte in text {
      guard Int.random(in: 0..<rarity, using: &random) == 0 else {
        noisy.append(byte)
        continue
      }
      switch Int.random(in: 0..<4, using: &random) {
      case 0: noisy.append(UInt8.random(in: 0...255, using: &random))
      case 1: noisy += [byte, byte]
      case 2: noisy += [byte, UInt8.random(in: 0...255, using: &random)]
      default: break
      }
    }
    return noisy
  }

  @Test(arguments: ["md.b", "md.w", "md.l", "md.q"], [2000, 200, 40])
  func aNoisyLineNeverStoresAWrongByte(method: String, rarity: Int) throws {
    let dump = try DumpNoiseTests.clean(method, count: 2040)
    var random = SplitMix(state: UInt64(rarity))
    for _ in 0..<10 {
      let text = damaged(dump.text, rarity: rarity, &random)
      var parser = dump.parser
      parser.consume(text)
      #expect(parser.holdsOnly(dump.bytes), "\(parser.counters)")
      #expect(parser.heldBytes == 2040 - parser.missing.reduce(0) { $0 + $1.count })
      if rarity == 2000 { #expect(parser.heldBytes > 1000) }
    }
  }

  @Test(arguments: ForeignDump.all)
  func noConsoleCanMakeItTrap(dump: ForeignDump) throws {
    let reply = try dump.reply()
    var random = SplitMix(state: 5)
    for _ in 0..<20 {
      let text = damaged(reply, rarity: 30, &random)
      var parser = try dump.parser()
      for start in stride(from: 0, to: text.count, by: 50) {
        parser.consume(Array(text[start..<min(start + 50, text.count)]))
      }
      #expect(parser.heldBytes <= dump.length && parser.bytes.count == dump.length)
      #expect(parser.missing.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= dump.length && !$0.isEmpty })
    }
  }
}
