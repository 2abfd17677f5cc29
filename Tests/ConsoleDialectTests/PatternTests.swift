import Foundation
import Testing

@testable import ConsoleDialect

@Suite struct PatternTests {
  @Test func matchesWithinALineOrAllOfIt() throws {
    let pattern = try Pattern("a|ab")
    #expect(pattern.matches("xaby") && !pattern.matches("xyz"))
    // The first alternative alone would end too early.
    #expect(pattern.matchesWhole("ab") && !pattern.matchesWhole("abc"))
  }

  @Test(arguments: [
    ("serial#=([0-9]+)", "serial#=0042 ok", "0042"), ("[0-9]+", "abc 17", "17"), ("x(y)?", "axb", "x"),
    ("mac (..:..)|eth (..)", "eth 07", "eth 07"),
  ])
  func capturesItsFirstGroupOrElseAllThatMatched(pattern: String, line: String, expected: String) throws {
    #expect(try Pattern(pattern).capture(line) == expected)
  }

  @Test func capturesNothingWhereNothingMatches() throws {
    #expect(try Pattern("(z)").capture("abc") == nil)
    #expect(try Pattern("z").range(in: "abc") == nil)
  }

  @Test func tellsWhereItMatches() throws {
    let line = "é [00:01] text"
    let range = try #require(try Pattern(#"\[[0-9:]+\] "#).range(in: line))
    #expect(line[range] == "[00:01] ")
  }

  @Test func looksAtNoMoreThanItsLimit() throws {
    let line = String(repeating: "x", count: Pattern.lineLimit) + "needle"
    let pattern = try Pattern("needle")
    #expect(!pattern.matches(line) && pattern.range(in: line) == nil && pattern.capture(line) == nil)
    #expect(try !Pattern("x+").matchesWhole(String(repeating: "x", count: Pattern.lineLimit + 1)))
    #expect(try Pattern("x+").matchesWhole(String(repeating: "x", count: Pattern.lineLimit)))
  }

  @Test func isEqualWhenWrittenAlike() throws {
    #expect(try Pattern("a+") == Pattern("a+"))
    #expect(try Pattern("a+") != Pattern("aa*"))
    #expect(try Set([Pattern("a"), Pattern("a"), Pattern("b")]).count == 2)
    #expect(try "\(Pattern("^=> $"))" == "^=> $")
  }

  @Test(arguments: [
    ("(a", "pattern \"(a\" opens a group that is never closed (character 1)"),
    ("a)b", "pattern \"a)b\" closes a group that was never opened (character 2)"),
    ("x[a-", "pattern \"x[a-\" opens a set of characters that is never closed (character 2)"),
    (#"x\"#, #"pattern "x\" ends in a lone backslash (character 2)"#),
    ("*a", "pattern \"*a\" has nothing to repeat (character 1)"),
    ("a|+", "pattern \"a|+\" has nothing to repeat (character 3)"),
    ("a{x}", "pattern \"a{x}\" has a brace that is no repetition; a brace itself is written \\{ (character 2)"),
    ("a{2", "pattern \"a{2\" opens a brace that is never closed; a brace itself is written \\{ (character 2)"),
    ("[z-a]", "pattern \"[z-a]\" is not a regular expression that ICU knows"),
    (#"\p{Nonsense}"#, #"pattern "\p{Nonsense}" is not a regular expression that ICU knows"#),
  ])
  func whatDoesNotCompileIsRefusedAndSaysWhere(text: String, message: String) {
    #expect { try Pattern(text) } throws: { error in "\(error)" == message }
  }

  @Test(arguments: [
    "(a+)+", "(a*)*", "([a-z]+)*x", "(?:a+b*)+", "((a+)b?)+", "(a|a)*", "(a|aa)+", #"(\w|\d)+"#, #"(.|\s)*x"#,
    "(a+){2,}", "(a+){20}", "(?:x(?:y+)?)*", "(a|ab)*c", #"(\d|7)+"#,
  ])
  func whatCanTakeForEverIsRefused(text: String) {
    #expect { try Pattern(text) } throws: { error in "\(error)".contains("which can take for ever") }
  }

  @Test(arguments: [
    "a+b+", "(ab)+", "(?:[0-9a-f]{2}:){5}[0-9a-f]{2}", "([0-9A-F]{2} )+", "(a++)+", "(?>a+)+", #"\(a+\)+"#, "[(+*]+",
    "(?i)^crc32 for ([0-9a-f]+)", "(?<name>x+)y*", "(a|b)+", "(?:[0-9a-f]+:){5}", #"a{2,}b"#, #"\[\d+\] "#, "(?=a+)b*",
    "[^\\r\\n]{0,60}[>#$\\]%:] ?", "[[:alpha:]]+", "((a)|(b))+", "a(b+)?c",
  ])
  func whatIsHarmlessIsTaken(text: String) throws {
    #expect(try Pattern(text).text == text)
  }

  @Test(arguments: [".*.*.*.*x", "(a|b|(ab))*c", "(a?){40}a{40}c", "([ab]|a)*c"])
  func whatTakesForEverAllTheSameCountsAsNoMatch(text: String) throws {
    let pattern = try Pattern(text)
    let line = String(repeating: "a", count: Pattern.lineLimit)
    #expect(!pattern.matches(line) && !pattern.matchesWhole(line) && pattern.range(in: line) == nil)
  }

  @Test(arguments: ["x", "[^\\r\\n]{0,60}x ?", ".*x", "a x|ax"])
  func aMatchAtTheEndOfTheLongestLineIsFound(text: String) throws {
    let line = String(repeating: "a", count: Pattern.lineLimit - 1) + "x"
    #expect(try Pattern(text).matches(line))
  }

  @Test func tooLongATextIsRefused() {
    let text = String(repeating: "a", count: 1001)
    #expect { try Pattern(text) } throws: { error in "\(error)".contains("1001 characters where 1000 are allowed") }
  }

  @Test func decodesFromAStringAndTellsTheKey() throws {
    let rules = try JSONDecoder().decode([Pattern].self, from: Data(#"["^=> $"]"#.utf8))
    #expect(rules == [try Pattern("^=> $")])
    #expect { try JSONDecoder().decode([Pattern].self, from: Data(#"["(a"]"#.utf8)) } throws: { error in
      guard case DecodingError.dataCorrupted(let context) = error else { return false }
      return context.codingPath.map(\.intValue) == [0] && context.debugDescription.contains("never closed")
    }
  }
}
