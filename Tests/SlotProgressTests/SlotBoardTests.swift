import DumpEngine
import Foundation
import Testing

@testable import SlotProgress

@Suite("The board of slots")
struct SlotBoardTests {
  private func board(_ events: [SessionEvent], slots: [String] = ["A1", "A2"]) -> SlotBoard {
    var board = SlotBoard(slots: slots)
    for event in events { board.apply(event) }
    return board
  }

  static let reading = [
    Specimen.event(0, .connecting(link: "/dev/ttyUSB0")), Specimen.event(1, .waking), Specimen.event(2, .prompt("=> ")),
    Specimen.event(2, .identified(Specimen.identity)), Specimen.event(3, .learned(Specimen.console)),
    Specimen.event(4, .regionStarted(name: "linux", size: 100_000)), Specimen.progress(5, 10_000),
    Specimen.progress(6, 20_000),
  ]

  /// Each row: how many of the events above have come, and the line then.
  @Test(
    "tells what a slot is doing",
    arguments: [
      (0, "A1  waiting"), (1, "A1  connecting"), (2, "A1  waiting for a prompt"), (3, "A1  at the prompt"),
      (4, "A1  00:11:22:33:44:55  at the prompt"), (5, "A1  00:11:22:33:44:55  at the prompt"),
      (6, "A1  00:11:22:33:44:55  reading linux  0 %"),
      (7, "A1  00:11:22:33:44:55  reading linux  10 %  10,000 B/s  0:09 left"),
      (8, "A1  00:11:22:33:44:55  reading linux  20 %  10,000 B/s  0:08 left"),
    ])
  func activities(count: Int, line: String) {
    #expect(board(Array(Self.reading.prefix(count)), slots: ["A1"]).lines(width: 120) == [line])
  }

  /// Each row: how many of the events have come, and the line then.
  @Test(
    "follows a slot through its life: the outcome stays until the unit has left",
    arguments: [
      (1, "A1  waiting: no adapter matches path=p"), (2, "A1  connecting"), (3, "A1  no unit"),
      (4, "A1  waiting for a prompt"), (5, "A1  starting"), (6, "A1  00:11:22:33:44:55  starting"),
      (7, "A1  00:11:22:33:44:55  verified, 1 of 1 region"), (8, "A1  00:11:22:33:44:55  verified, 1 of 1 region"),
      (9, "A1  connecting"), (10, "A1  no unit"), (11, "A1  00:11:22:33:44:55  no unit"),
      (12, "A1  00:11:22:33:44:55  skipped: known from 07:15Z, not compared (again: verify compares)"),
      (13, "A1  00:11:22:33:44:55  skipped: known from 07:15Z, not compared (again: verify compares)"),
      (14, "A1  waiting: /dev/ttyUSB0 is held by brltty (pid 7)"),
    ])
  func life(count: Int, line: String) {
    let kinds: [SessionEvent.Kind] = [
      .noAdapter("no adapter matches path=p"), .connecting(link: "/dev/ttyUSB0"), .noUnit, .waking, .booting,
      .identified(Specimen.identity), .ended(Specimen.unit()), .awaitingDeparture, .unitLeft, .noUnit,
      .identified(Specimen.identity), .skipped(Specimen.unit()), .ended(Specimen.unit()),
      .noAdapter("/dev/ttyUSB0 is held by brltty (pid 7)"),
    ]
    let events = kinds.enumerated().map { Specimen.event(Double($0), $1) }
    #expect(board(Array(events.prefix(count)), slots: ["A1"]).lines(width: 120) == [line])
  }

  @Test("counts troubles, and tells proving from reading")
  func troubles() {
    let events =
      Self.reading + [
        Specimen.event(6, .trouble("a line was lost")), Specimen.event(6, .unitReset),
        Specimen.event(7, .proving(region: "linux", done: 0, size: 100_000, received: 0)),
        Specimen.event(9, .proving(region: "linux", done: 50_000, size: 100_000, received: 0)),
      ]
    #expect(
      board(events, slots: ["A1"]).lines(width: 120)
        == ["A1  00:11:22:33:44:55  proving linux  50 %  25,000 B/s  0:02 left  2 troubles"])
  }

  @Test(
    "tells how a session ended",
    arguments: [
      (Specimen.unit(), "A1  verified, 1 of 1 region"),
      (
        Specimen.unit("A1", [Specimen.region(), Specimen.region("romfs", held: 99_000)]),
        "A1  partial, 1 of 2 regions: romfs.bin: 1,000 of 100,000 bytes are missing"
      ),
      (Specimen.unit("A1", [], failure: "no\u{1B}[2J prompt"), "A1  failed, 0 of 0 regions: no?[2J prompt"),
      (Specimen.unit("A1", [], interrupted: true), "A1  failed, 0 of 0 regions: stopped by the user"),
    ])
  func endings(unit: UnitResult, line: String) {
    #expect(board([Specimen.event(9, .ended(unit))], slots: ["A1"]).lines(width: 120) == [line])
  }

  @Test("keeps its columns in line")
  func columns() {
    let events =
      Self.reading + [
        Specimen.event(0, .waking, slot: "Bench 2"),
        Specimen.event(0, .identified([IdentityFact(name: "serial", value: "7")]), slot: "Bench 3"),
        Specimen.event(0, .progress(region: "u-boot", held: 0, size: 10, received: 0), slot: "Bench 3"),
        Specimen.event(2, .progress(region: "u-boot", held: 9, size: 10, received: 0), slot: "Bench 3"),
      ]
    #expect(
      board(events, slots: ["A1", "Bench 2", "Bench 3"]).lines(width: 120) == [
        "A1       00:11:22:33:44:55  reading linux     20 %  10,000 B/s  0:08 left",
        "Bench 2                     waiting for a prompt",
        "Bench 3  7                  reading u-boot    90 %       4 B/s  0:00 left",
      ])
  }

  @Test("fits any width", arguments: 1...130)
  func widths(width: Int) {
    let long = String(repeating: "long ", count: 60)
    let events =
      Self.reading + [
        Specimen.event(6, .trouble("x")),
        Specimen.event(0, .identified([IdentityFact(name: "m", value: long)]), slot: "工場の席"),
        Specimen.event(1, .progress(region: long, held: 1, size: 3, received: 0), slot: "工場の席"),
        Specimen.event(1, .ended(Specimen.unit("B1", [], failure: long)), slot: "B1"),
      ]
    let lines = board(events, slots: ["A1", "工場の席", "B1"]).lines(width: width)
    #expect(lines.count == 3)
    for line in lines { #expect(DisplayText.width(line) <= width, "\(line)") }
    if width >= 40 { #expect(lines[0].contains("20 %"), "percent stays when others go: \(lines[0])") }
    if width >= 4 { #expect(lines[0].hasPrefix("A1")) }
  }

  @Test(
    "fits any height: open slots first, then those that lack something",
    arguments: [
      (1, ["and 5 more slots: 2 not done, 1 not verified, 2 done"]),
      (2, ["A2  waiting", "and 4 more slots: 1 not done, 1 not verified, 2 done"]),
      (3, ["A2  waiting", "A5  waiting", "and 3 more slots: 1 not verified, 2 done"]),
      (4, ["A2  waiting", "A5  waiting", "A4  failed, 0 of 0 regions: no prompt", "and 2 more slots: 2 done"]),
      (
        5,
        [
          "A1  skipped: known from 07:15Z, not compared (again: verify compares)", "A2  waiting",
          "A3  verified, 1 of 1 region", "A4  failed, 0 of 0 regions: no prompt", "A5  waiting",
        ]
      ), (0, []),
    ])
  func heights(height: Int, expected: [String]) {
    let events = [
      Specimen.event(0, .skipped(Specimen.unit("A1")), slot: "A1"),
      Specimen.event(0, .ended(Specimen.unit("A3")), slot: "A3"),
      Specimen.event(0, .ended(Specimen.unit("A4", [], failure: "no prompt")), slot: "A4"),
    ]
    #expect(board(events, slots: ["A1", "A2", "A3", "A4", "A5"]).lines(width: 100, height: height) == expected)
  }

  @Test("takes events of a slot that it does not know")
  func unknownSlot() {
    #expect(board([Specimen.event(0, .waking, slot: "Z9")], slots: []).lines(width: 80) == ["Z9  waiting for a prompt"])
  }

  @Test("shows nothing of a console that acts on a terminal")
  func hostile() {
    let evil = "\u{1B}]0;evil\u{7}\r\n\u{9B}2J"
    let events = [
      Specimen.event(0, .identified([IdentityFact(name: "mac", value: evil)])),
      Specimen.event(0, .progress(region: evil, held: 0, size: 0, received: 0)),
    ]
    let line = board(events, slots: ["A1"]).lines(width: 200)[0]
    #expect(!line.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }, "\(line)")
    #expect(line == "A1  ?]0;evil????2J  reading ?]0;evil????2J  0 %")
  }

  @Test("says 100 % only when all is done", arguments: [(99_999, "99 %"), (100_000, "100 %"), (999, "0 %")])
  func percent(held: Int, expected: String) {
    #expect(board([Specimen.progress(0, held)], slots: ["A1"]).lines(width: 80)[0].hasSuffix(expected))
  }
}
