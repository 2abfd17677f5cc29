import Testing

@testable import DumpEngine

/// A ladder and what it says.
struct LadderCase: Sendable, CustomTestStringConvertible {
  let name: String
  var base = 115_200
  var rates = [9600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600]
  var limit = 4_000_000
  let rungs: [Int]
  let hidingPlaces: [Int]
  var testDescription: String { name }

  static let all: [LadderCase] = [
    LadderCase(
      name: "U-Boot", rungs: [230_400, 460_800, 921_600],
      hidingPlaces: [921_600, 460_800, 230_400, 57_600, 38_400, 19_200, 9600]),
    LadderCase(
      name: "no higher than the policy says", limit: 500_000, rungs: [230_400, 460_800],
      hidingPlaces: [921_600, 460_800, 230_400, 57_600, 38_400, 19_200, 9600]),
    LadderCase(
      name: "up to and with the limit", base: 57_600, rates: [57_600, 115_200, 230_400], limit: 115_200,
      rungs: [115_200], hidingPlaces: [230_400, 115_200]),
    LadderCase(
      name: "rates in any order, and twice", base: 9600, rates: [57_600, 9600, 19_200, 57_600, 0],
      rungs: [19_200, 57_600], hidingPlaces: [57_600, 19_200]),
    LadderCase(
      name: "a rate that is the manifest's to a UART is no step", base: 117_187, rates: [115_200, 230_400, 234_375],
      rungs: [230_400], hidingPlaces: [230_400]),
    LadderCase(name: "nothing above", base: 921_600, rates: [115_200, 921_600], rungs: [], hidingPlaces: [115_200]),
    LadderCase(name: "no rates", rates: [], rungs: [], hidingPlaces: []),
  ]
}

@Suite("The rates of a ladder are tried in order, each once")
struct SpeedLadderTests {
  @Test("up, and where a console may be", arguments: LadderCase.all)
  func order(row: LadderCase) {
    let ladder = SpeedLadder(base: row.base, rates: row.rates)
    #expect(ladder.rungs(upTo: row.limit) == row.rungs)
    #expect(ladder.hidingPlaces == row.hidingPlaces)
  }

  @Test(
    "down, and below the manifest's rate only where that is allowed",
    arguments: [
      (921_600, false, 460_800), (460_800, false, 230_400), (230_400, false, 115_200), (115_200, false, nil),
      (230_400, true, 115_200), (115_200, true, 57_600), (57_600, true, 9600), (9600, true, nil),
      (57_600, false, nil), (117_187, false, nil),
    ] as [(Int, Bool, Int?)])
  func down(rate: Int, mayLeaveBase: Bool, lower: Int?) {
    let ladder = SpeedLadder(base: 115_200, rates: [2400, 9600, 57_600, 230_400, 460_800, 921_600])
    #expect(ladder.below(rate, mayLeaveBase: mayLeaveBase) == lower)
  }

  @Test("a slow console's own rate is its lowest")
  func slow() {
    #expect(SpeedLadder(base: 4800, rates: [1200, 2400, 9600]).below(9600, mayLeaveBase: true) == 4800)
    #expect(SpeedLadder(base: 4800, rates: [1200, 2400, 9600]).below(4800, mayLeaveBase: true) == nil)
  }
}

@Suite("A lower rate pays when hits cost more than the higher gains")
struct LineCostTests {
  /// What so many lines of 65 characters cost, of which some were hit, while the console was lost and reset so often.
  private func cost(
    _ lines: Int, hits: Int = 0, losses: Int = 0, resets: Int = 0, lineRate: Double = 1400
  ) -> LineCost {
    var wire = WireCounters()
    (wire.received, wire.malformedLines, wire.recoveries, wire.resets) = (lines * 65, hits, losses, resets)
    return LineCost(wire, charactersPerLine: 65, lineRate: lineRate, patience: 5)
  }

  @Test("half the rate", arguments: [(0, false), (50, false), (80, true), (1000, true)])
  func half(hits: Int, pays: Bool) {
    #expect(cost(1000, hits: hits).lowerPays(from: 921_600, to: 460_800) == pays)
  }

  @Test("the less a rate gains, the sooner it is given up")
  func gain() {
    #expect(!cost(1000, hits: 50).lowerPays(from: 230_400, to: 115_200))
    #expect(cost(1000, hits: 50).lowerPays(from: 230_400, to: 200_000))
  }

  @Test("a slow line bears more hits: the turns of a dialogue cost it fewer lines")
  func slow() {
    #expect(!cost(1000, hits: 150, lineRate: 350).lowerPays(from: 230_400, to: 115_200))
    #expect(cost(1000, hits: 250, lineRate: 350).lowerPays(from: 230_400, to: 115_200))
  }

  @Test("the hit echo of a command costs a wait, and so many lines more than a hit line")
  func echoes() {
    var cost = cost(1000)
    cost.echoes = 2
    #expect(!cost.lowerPays(from: 921_600, to: 460_800))
    cost.echoes = 3
    #expect(cost.lowerPays(from: 921_600, to: 460_800))
    #expect(cost.summary == "0 of 1000 lines and the echoes of 3 commands")
  }

  @Test("where only commands are hit, that is noise", arguments: [(0, false), (1, false), (20, true)])
  func commands(echoes: Int, isNoisy: Bool) {
    var cost = cost(1000)
    cost.echoes = echoes
    #expect(cost.isNoisy == isNoisy)
  }

  @Test("a few lines tell nothing, however many were hit")
  func few() {
    #expect(!cost(100, hits: 100).lowerPays(from: 230_400, to: 115_200))
  }

  @Test(
    "one loss of the console may be the unit's own, and a reset is",
    arguments: [(1, 0, false), (2, 0, true), (3, 2, false)])
  func losses(losses: Int, resets: Int, pays: Bool) {
    #expect(cost(1000, losses: losses, resets: resets).lowerPays(from: 921_600, to: 460_800) == pays)
    #expect(cost(0, losses: losses, resets: resets).lowerPays(from: 921_600, to: 460_800) == pays)
  }
}

@Suite("Text is told from what another rate makes of it")
struct LegibilityTests {
  @Test("a dump is text")
  func text() {
    var legibility = Legibility()
    for _ in 0..<100 {
      let isText = legibility.take(Array("04000000: 0102f304 00000000 ffffffff 0000000a    ................\r\n".utf8))
      #expect(isText)
    }
  }

  @Test("noise that hits a bit of each character leaves text")
  func noise() {
    var legibility = Legibility()
    let line = Array("04000000: 0102f304 00000000 ffffffff 0000000a    ................\r\n".utf8)
    for round in 0..<100 {
      let isText = legibility.take(line.enumerated().map { $0.element ^ 1 << UInt8(($0.offset + round) % 8) })
      #expect(isText)
    }
  }

  @Test("what is no text is noticed within 64 characters, text before it or not", arguments: [0, 1000])
  func garbage(before: Int) {
    var legibility = Legibility()
    let isText = legibility.take([UInt8](repeating: 0x20, count: before))
    let garbage = Array("U-Boot 2023.01 (Jan 01 2023)\r\nDRAM: 128 MiB\r\nHit any key".utf8).map { $0 &* 167 &+ 71 }
    let isTextStill = legibility.take(garbage)
    #expect(isText && garbage.count < 64 && !isTextStill)
  }

  @Test("zeros are no text: a fast console reads a slow one's start bits as those")
  func zeros() {
    var legibility = Legibility()
    let isText = legibility.take([UInt8](repeating: 0, count: 24))
    #expect(!isText)
  }
}
