import Testing

@testable import ConsoleDialect

@Suite struct PromptMatcherTests {
  @Test func onlyExactlyWhatWasLearnedIsThePrompt() throws {
    var matcher = PromptMatcher(rule: try TestDialect.load("u-boot").prompt)
    #expect(!matcher.isReady && !matcher.isPrompt(tail: Array("=> ".utf8)))
    #expect(matcher.candidate(in: Array("=> ".utf8)) == "=> ")
    matcher.learn("=> ")
    #expect(matcher.isReady && matcher.learned == "=> ")
    #expect(matcher.isPrompt(tail: Array("=> ".utf8)))
    for other in ["", "=>", "=>  ", "x=> ", "=> m", "IP addr = <NULL>", "$ "] {
      #expect(!matcher.isPrompt(tail: Array(other.utf8)), "\(Text(other))")
    }
  }

  @Test func coloursAndRedrawnLinesAreLookedThrough() throws {
    var matcher = PromptMatcher(rule: try TestDialect.load("barebox").prompt)
    matcher.learn("barebox@board:/ ")
    #expect(matcher.isPrompt(tail: Array("\u{1B}[1;32mbarebox@\u{1B}[1;36mboard:/\u{1B}[0m ".utf8)))
    var winbond = PromptMatcher(rule: try TestDialect.load("winbond-w90").prompt)
    winbond.learn("bootloader > ")
    #expect(!winbond.isPrompt(tail: Array("bootloader > del\rbootloader > de \u{08}".utf8)))
    #expect(winbond.isPrompt(tail: Array("bootloader > d\rbootloader >  \u{08}".utf8)))
  }

  @Test func promptsThatCountAreKnownByTheirPattern() throws {
    let matcher = PromptMatcher(rule: try TestDialect.load("rommon").prompt)
    #expect(matcher.isReady)
    #expect(matcher.isPrompt(tail: Array("rommon 6 > ".utf8)) && matcher.isPrompt(tail: Array("rommon 7 > ".utf8)))
    #expect(!matcher.isPrompt(tail: Array("rommon x > ".utf8)))
  }

  @Test func repliesWithoutAPromptEndInALine() throws {
    let matcher = PromptMatcher(rule: try TestDialect.load("zynos").prompt)
    #expect(matcher.endsReply("OK") && matcher.endsReply("ERROR") && !matcher.endsReply("BOOK"))
  }

  @Test func aTailWithoutEndIsNoPrompt() throws {
    let matcher = PromptMatcher(rule: try TestDialect.load("u-boot").prompt)
    #expect(matcher.candidate(in: Array(repeating: UInt8(ascii: "#"), count: 100_000)) == nil)
  }
}
