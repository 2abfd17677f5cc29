import Testing

@testable import ConsoleDialect
@testable import DumpEngine

@Suite("On the way to a prompt")
struct WakingTests {
  /// What comes (nil: silence), and what is to be done about it.
  typealias Turn = (comes: String?, step: Waking.Step)

  struct Dialogue: Sendable, CustomTestStringConvertible {
    let name: String
    var dialect = "u-boot"
    /// Questions and their answers.
    var login: [(when: String, send: String)] = []
    let turns: [Turn]
    var testDescription: String { name }
  }

  static let dialogues: [Dialogue] = [
    Dialogue(
      name: "a prompt is believed when it comes twice and then nothing more",
      turns: [("\r\n=> ", .nudge), ("\r\n=> ", .settle), (nil, .ready)]),
    Dialogue(
      name: "the beginning of a line that looks like a prompt is none",
      turns: [
        ("\r\naddr = <NULL>", .nudge), ("\r\naddr = <NULL>", .settle), ("\r\n=> ", .nudge),
        ("<INTERRUPT>\r\n=> ", .settle),
        (nil, .ready),
      ]),
    Dialogue(
      name: "two prompts that differ are not believed",
      turns: [("\r\n=> ", .nudge), ("\r\n# ", .nudge), ("\r\n# ", .settle), (nil, .ready)]),
    Dialogue(name: "silence is asked again", turns: [(nil, .nudge), (nil, .nudge)]),
    Dialogue(
      name: "text that is no prompt is heard out",
      turns: [("DRAM:  128 MiB\r\n", .wait), ("In:    serial", .wait)]),
    Dialogue(
      name: "a countdown is answered, again when it goes on, and until it stops",
      turns: [
        ("Hit any key to stop autoboot:  3 ", .send("\u{3}")), ("\u{8}\u{8}\u{8} 2 ", .send("\u{3}")),
        (nil, .send("\u{3}")), ("\u{8}\u{8}\u{8} 0 \r\n=> ", .nudge), ("<INTERRUPT>\r\n=> ", .settle), (nil, .ready),
      ]),
    Dialogue(
      name: "an answer that is to be sent once is not drowned in questions", dialect: "winbond-w90",
      turns: [("Press ESC to enter debug mode ", .send("\u{1B}")), (nil, .wait), (".", .send("\u{1B}"))]),
    Dialogue(
      name: "a countdown that ends its line at once is answered all the same",
      turns: [("Autobooting in 1 seconds\r\n", .send("tpl")), ("DRAM:  128 MiB\r\n", .wait)]),
    Dialogue(
      name: "a login is answered question by question", login: [("login: ?$", "root\r"), ("word: ?$", "x\r")],
      turns: [
        ("board login: ", .send("root\r")), ("root\r\nPassword: ", .send("x\r")), ("\r\n# ", .nudge),
        ("\r\n# ", .settle), (nil, .ready),
      ]),
  ]

  @Test("what to do follows from what comes", arguments: dialogues)
  func dialogue(_ dialogue: Dialogue) throws {
    let dialect = try #require(try Dialect.builtIn(named: dialogue.dialect))
    let login = try dialogue.login.map { Answer(when: try Pattern($0.when), send: $0.send) }
    var waking = Waking(dialect: dialect, login: login)
    var prompt = PromptMatcher(rule: dialect.prompt)
    for (number, turn) in dialogue.turns.enumerated() {
      let step = waking.next(turn.comes.map { Array($0.utf8) }, prompt: &prompt, floodCharacters: 4096)
      #expect(step == turn.step, "turn \(number + 1): \(turn.comes ?? "silence")")
    }
    #expect((prompt.learned != nil) == (dialogue.turns.last?.step == .ready))
  }

  @Test("who prints without end is stopped again and again, and little of it is kept")
  func flood() throws {
    let dialect = try #require(try Dialect.builtIn(named: "u-boot"))
    var waking = Waking(dialect: dialect, login: [])
    var prompt = PromptMatcher(rule: dialect.prompt)
    let lines = [UInt8](String(repeating: "40000000: 00000000\r\n", count: 50).utf8)
    var nudges = 0
    for _ in 0..<1000 where waking.next(lines, prompt: &prompt, floodCharacters: 4096) == .nudge { nudges += 1 }
    // Each piece has 1,000 characters, so the fifth exceeds the limit.
    #expect(nudges == 200)
    #expect(waking.seen.count <= 400)
    #expect(!waking.looksGarbled)
  }

  @Test(
    "garbage is known as garbage",
    arguments: [
      ([0xF8, 0x80, 0x00, 0xFE] as [UInt8], true), (Array("ok\r\n".utf8), false),
      // What is typed may come back from another rate as one control character, again and again.
      (Array(repeating: 0x19, count: 8), true), (Array("\u{3}\u{3}\u{3}".utf8), false),
      // One that waits for a file by XMODEM, and one that is told to go on.
      (Array(repeating: 0x15, count: 8), false), ([0x11], false),
      (Array("\u{1B}[2J\u{07}\u{08}\t\r\n".utf8), false),
    ])
  func garbled(bytes: [UInt8], isGarbled: Bool) throws {
    let dialect = try #require(try Dialect.builtIn(named: "u-boot"))
    var waking = Waking(dialect: dialect, login: [])
    var prompt = PromptMatcher(rule: dialect.prompt)
    #expect(waking.lastText == nil)
    _ = waking.next(bytes, prompt: &prompt, floodCharacters: 4096)
    #expect(waking.looksGarbled == isGarbled)
    #expect(waking.lastText != nil)
  }
}
