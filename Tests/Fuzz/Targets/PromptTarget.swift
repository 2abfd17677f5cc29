import ConsoleDialect

extension FuzzTarget {
  /// Prompts, lines, and what is made of console text. The first line is a pattern, the rest is what the console
  /// printed.
  static let prompt = FuzzTarget("prompt") { bytes in
    var input = FuzzInput(bytes)
    let patternText = String(decoding: input.line(), as: UTF8.self)
    let text = input.remaining
    try checkText(text)
    try checkLines(text)
    var rules = builtInPrompts
    if let pattern = try? Pattern(patternText), var rule = rules.first {
      try checkPattern(pattern, ConsoleText.plain(text))
      rule.pattern = pattern
      rules.append(rule)
      rule.learn = false
      rules.append(rule)
    }
    let tail = text.split(separator: 0x0A, omittingEmptySubsequences: false).last.map(Array.init) ?? []
    for rule in rules { try checkPrompt(rule, tail) }
    return true
  }

  private static let builtInPrompts = Dialect.builtInNames.compactMap { try? Dialect.builtIn(named: $0)?.prompt }

  private static func checkText(_ text: [UInt8]) throws {
    let plain = ConsoleText.plain(text)
    try expect(
      plain.unicodeScalars.allSatisfy { $0 == "\n" || $0 == "\t" || !(0..<0x20).contains($0.value) },
      "plain text holds a control character")
    try expect(
      !plain.unicodeScalars.contains { (0x7F..<0xA0).contains($0.value) }, "plain text holds DEL or a C1 character")
    if text.allSatisfy({ $0 < 0x80 }) {
      try expect(ConsoleText.plain(Array(plain.utf8)) == plain, "plain text is not plain to itself")
    }
    let visible = ConsoleText.visible(text)
    let isShowable = visible.unicodeScalars.allSatisfy { (0x20...0x7E).contains($0.value) || $0 == "…" }
    try expect(isShowable, "visible text holds something that cannot be seen")
    try expect(visible.utf8.count <= 200 * 6 + 40, "visible text is \(visible.utf8.count) bytes long")
  }

  private static func checkLines(_ text: [UInt8]) throws {
    var whole = LineBuffer(limit: 64)
    let lines = whole.append(text)
    for line in lines + [whole.tail] {
      try expect(line.count <= 64 && !line.contains(0x0A) && line.first != 0x0D, "a line is not what a line is")
    }
    try expect(lines.allSatisfy { $0.last != 0x0D }, "a line ends with a CR")
    var pieces = LineBuffer(limit: 64)
    let others = text.pieces(UInt64(text.count)).flatMap { pieces.append($0) }
    try expect(others == lines && pieces.tail == whole.tail, "in pieces: other lines")
    try expect(pieces.cutLines == whole.cutLines, "in pieces: \(pieces.cutLines) lines cut, not \(whole.cutLines)")
  }

  private static func checkPattern(_ pattern: Pattern, _ line: String) throws {
    let found = pattern.matches(line)
    try expect((pattern.capture(line) != nil) == found, "a pattern matches, but captures nothing")
    if let range = pattern.range(in: line) {
      try expect(range.upperBound <= line.endIndex, "a pattern matches behind the end")
    }
    _ = pattern.matchesWhole(line)
  }

  private static func checkPrompt(_ rule: PromptRule, _ tail: [UInt8]) throws {
    var matcher = PromptMatcher(rule: rule)
    try expect(!rule.learn || !matcher.isPrompt(tail: tail), "a prompt is known before it was learned")
    guard let prompt = matcher.candidate(in: tail) else { return }
    try expect(prompt == ConsoleText.plain(tail), "a candidate is not the plain text of its line")
    matcher.learn(prompt)
    try expect(matcher.isPrompt(tail: tail), "what was learned is not known again")
    if rule.learn, tail.allSatisfy({ (0x20...0x7E).contains($0) }) {
      try expect(!matcher.isPrompt(tail: tail + [0x21]), "more than the prompt is taken for the prompt")
      try expect(!matcher.isPrompt(tail: Array(tail.dropFirst())), "less than the prompt is taken for the prompt")
    }
  }
}
