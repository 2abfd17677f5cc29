import Testing

@testable import ConsoleDialect

@Suite struct BuiltInDialectTests {
  @Test(arguments: Dialect.builtInNames)
  func everyTableIsRightAndNamedAsItsFile(name: String) throws {
    let dialect = try #require(try Dialect.builtIn(named: name))
    #expect(dialect.name == name)
    #expect(!dialect.sources.isEmpty)
  }

  @Test(arguments: Dialect.builtInNames)
  func cheaperReadsComeFirst(name: String) throws {
    let costs = try TestDialect.load(name).reads.map { $0.characters(length: 4096, addressDigits: 8) }
    #expect(costs == costs.sorted())
  }

  @Test func namesAreKnown() throws {
    #expect(Dialect.builtInNames == ["u-boot", "winbond-w90"])
    #expect(try Dialect.builtIn(named: "nonesuch") == nil)
  }

  @Test func uBootIsNeverSentAnEmptyLineWhileItIsWoken() throws {
    let wake = try TestDialect.load("u-boot").wake
    #expect(wake.forbidden == "\r\n" && wake.clear == "\u{3}" && wake.nudge == "")
  }

  @Test(arguments: [
    ("Hit any key to stop autoboot:  3 ", "\u{3}"), ("Autoboot in 5 seconds", "\u{3}"),
    ("autoboot in 3 seconds, press \"<Esc><Esc>\" to stop", "\u{1B}\u{1B}"), ("Autobooting in 1 seconds", "tpl"),
    ("Press SPACE to abort autoboot in 3 seconds", " "), ("Press f or F  to stop Auto-Boot: 2", "f"),
    ("   4: Entr boot command line interface.", "4"), ("Press Ctrl+B to enter Boot Menu", "\u{2}"),
  ])
  func autobootIsStoppedByTheKeyThatItAsksFor(line: String, key: String) throws {
    let answers = try TestDialect.load("u-boot").wake.autoboot
    #expect(answers.first { $0.when.matches(line) }?.send == key)
  }

  @Test(arguments: [
    ("=> ", true), ("hisilicon # ", true), ("Tegra124 (Jetson TK1) # ", true), ("[ ~ljh@GDLC ]# ", true), ("] ", true),
    (":>", true), ("<< MStar >>#", true), ("boot > ", true), ("IP addr     = <NULL>", true),
    ("Hit any key to stop autoboot:  3 ", false), ("DRAM:  128 MiB", false),
    ("<INTERRUPT>", false),
    ("40000000: d0 0d fe ed 00 10 00 00 00 00 00 40 00 00 1a 44  ...........@...D", false),
  ])
  func promptsOfUBootLookLikePrompts(line: String, looks: Bool) throws {
    let matcher = PromptMatcher(rule: try TestDialect.load("u-boot").prompt)
    #expect((matcher.candidate(in: Array(line.utf8)) != nil) == looks)
  }

  @Test(arguments: [
    ("Unknown command 'sha1sum' - try 'help'", FailureRule.Meaning.unknownCommand), ("data abort", .crash),
    ("\"Synchronous Abort\" handler, esr 0x96000010", .crash), ("Ooops:", .crash), ("resetting ...", .crash),
    ("## Baudrate 12345 bps not supported", .usage), ("Usage:", .usage),
    ("No SPI flash selected. Please run `sf probe'", .usage),
    ("SPI flash read failed", .fault), (" 131072 bytes read: ERROR", .fault),
    ("SF: 4096 bytes @ 0x0 Read: ERROR -5", .fault), ("8 blocks read: ERROR", .fault),
  ])
  func failuresOfUBootAreKnown(line: String, meaning: FailureRule.Meaning) throws {
    let rules = try TestDialect.load("u-boot").failures
    #expect(rules.first { $0.when.matches(line) }?.means == meaning)
  }

  @Test(arguments: [
    "ERROR: Data Abort @ pc=0x00008124", "[7F400000]ERROR: Data Abort @ pc=0x00008124",
  ])
  func aFaultOfTheWinbondLoaderIsKnown(line: String) throws {
    let rules = try TestDialect.load("winbond-w90").failures
    #expect(rules.first { $0.when.matches(line) }?.means == .fault)
  }

  @Test func uBootsSpeedDialogueIsKnown() throws {
    let change = try #require(try TestDialect.load("u-boot").speedChange)
    #expect(change.command(speed: 230_400) == "setenv baudrate 230400")
    #expect(change.announces?.matches("## Switch baudrate to 230400 bps and press ENTER ...") == true)
    #expect(change.confirm == "\r")
  }
}
