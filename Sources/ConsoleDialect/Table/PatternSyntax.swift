/// Reads a pattern once from left to right, to tell where it is wrong, which the regular expression library does not,
/// and to refuse what can take exponential time, which it would only show when a console sends the wrong line.
///
/// Two things make a backtracking matcher exponential: a repetition without an upper bound around another one
/// (`(a+)+`), and one around alternatives that can begin alike (`(a|aa)+`). Both are refused, also in the cases where
/// they would do no harm; possessive repetitions (`a++`) and atomic groups (`(?>…)`) are not, since they never go back.
struct PatternSyntax {
  /// An open group.
  private struct Group {
    var opened: Int
    var repeats = false
    var isAtomic = false
    var heads: [String] = []
    var atBranchStart = true
    var ambiguous = false
  }

  /// What a quantifier would apply to.
  private struct Atom {
    var repeats = false
    var ambiguous = false
  }

  private let text: String
  private let scalars: [Unicode.Scalar]
  private var at = 0
  private var groups = [Group(opened: -1)]
  private var atom: Atom?

  /// Refuses a pattern that is wrong or slow.
  static func check(_ text: String) throws(PatternError) {
    var syntax = PatternSyntax(text)
    try syntax.read()
  }

  private init(_ text: String) {
    self.text = text
    scalars = Array(text.unicodeScalars)
  }

  private func error(_ reason: String, at offset: Int) -> PatternError {
    PatternError(text: text, offset: offset, reason: reason)
  }

  private mutating func read() throws(PatternError) {
    guard scalars.count <= Pattern.textLimit else {
      throw error("is too long: \(scalars.count) characters where \(Pattern.textLimit) are allowed", at: 0)
    }
    while at < scalars.count {
      switch scalars[at] {
      case "\\": try readEscape()
      case "[": try readClass()
      case "(": try openGroup()
      case ")": try closeGroup()
      case "|": nextBranch()
      case "*", "+", "?", "{": try readQuantifier()
      default: take(1, named: String(scalars[at]))
      }
    }
    if groups.count > 1 { throw error("opens a group that is never closed", at: groups[groups.count - 1].opened) }
  }

  /// Takes an atom of some characters; its name tells which other atoms it can match alike.
  private mutating func take(_ length: Int, named name: String) {
    noteHead(name)
    atom = Atom()
    at += length
  }

  private mutating func noteHead(_ name: String) {
    let top = groups.count - 1
    guard groups[top].atBranchStart else { return }
    groups[top].atBranchStart = false
    if groups[top].heads.contains(where: { Self.canBeginAlike($0, name) }) { groups[top].ambiguous = true }
    groups[top].heads.append(name)
  }

  private mutating func nextBranch() {
    groups[groups.count - 1].atBranchStart = true
    atom = nil
    at += 1
  }

  private mutating func readEscape() throws(PatternError) {
    guard at + 1 < scalars.count else { throw error("ends in a lone backslash", at: at) }
    var length = 2
    if "pPxNkuU".unicodeScalars.contains(scalars[at + 1]), at + 2 < scalars.count,
      "{<".unicodeScalars.contains(scalars[at + 2])
    {
      guard let close = scalars[at...].firstIndex(where: { $0 == "}" || $0 == ">" }) else {
        throw error("opens a brace that is never closed", at: at + 2)
      }
      length = close - at + 1
    }
    take(length, named: scalars[at..<(at + length)].map(String.init).joined())
  }

  private mutating func readClass() throws(PatternError) {
    let opened = at
    var depth = 0
    var end = at
    repeat {
      guard end < scalars.count else { throw error("opens a set of characters that is never closed", at: opened) }
      switch scalars[end] {
      case "\\": end += 1
      case "[": depth += 1
      case "]": depth -= 1
      default: break
      }
      end += 1
    } while depth > 0
    guard end <= scalars.count else { throw error("opens a set of characters that is never closed", at: opened) }
    take(end - opened, named: scalars[opened..<end].map(String.init).joined())
  }

  private mutating func openGroup() throws(PatternError) {
    // What a group begins with is not looked into: such a branch counts as unlike all others.
    groups[groups.count - 1].atBranchStart = false
    var group = Group(opened: at)
    at += 1
    atom = nil
    if at < scalars.count, scalars[at] == "?" {
      at += 1
      group.isAtomic = at < scalars.count && scalars[at] == ">"
      // The rest of the group's mark: `:`, `=`, `!`, `<name>`, flags.
      let marks = scalars[at...].prefix { $0 != ")" && $0 != "(" && !":=!>".unicodeScalars.contains($0) }
      at = min(at + marks.count + 1, scalars.count)
      // `(?i)` sets flags for what follows and is no group.
      if at > 0, scalars[at - 1] == ")" { return }
    }
    groups.append(group)
  }

  private mutating func closeGroup() throws(PatternError) {
    guard groups.count > 1 else { throw error("closes a group that was never opened", at: at) }
    let group = groups.removeLast()
    let closed = Atom(repeats: group.repeats && !group.isAtomic, ambiguous: group.ambiguous && !group.isAtomic)
    if closed.repeats { groups[groups.count - 1].repeats = true }
    atom = closed
    at += 1
  }

  private mutating func readQuantifier() throws(PatternError) {
    let start = at
    guard let repeated = atom else { throw error("has nothing to repeat", at: start) }
    let most = try readBounds()
    let isPossessive = at < scalars.count && scalars[at] == "+"
    if at < scalars.count, scalars[at] == "+" || scalars[at] == "?" { at += 1 }
    atom = nil
    if isPossessive { return }
    if most == nil { groups[groups.count - 1].repeats = true }
    guard most ?? .max > Self.harmlessRepeats else { return }
    if repeated.repeats {
      throw error("repeats what itself repeats without a bound, which can take for ever; bound one of them", at: start)
    }
    if repeated.ambiguous {
      throw error("repeats alternatives that can begin alike, which can take for ever; merge them", at: start)
    }
  }

  /// Reads `*`, `+`, `?` or `{n,m}` and returns the most repetitions, none where there is no bound.
  private mutating func readBounds() throws(PatternError) -> Int? {
    let mark = scalars[at]
    guard mark == "{" else {
      at += 1
      return mark == "?" ? 1 : nil
    }
    guard let close = scalars[at...].firstIndex(of: "}") else {
      throw error("opens a brace that is never closed; a brace itself is written \\{", at: at)
    }
    let inside = String(String.UnicodeScalarView(scalars[(at + 1)..<close]))
    let bounds = inside.split(separator: ",", omittingEmptySubsequences: false)
    guard bounds.count <= 2, Int(bounds[0]) != nil, bounds.count == 1 || bounds[1].isEmpty || Int(bounds[1]) != nil
    else { throw error("has a brace that is no repetition; a brace itself is written \\{", at: at) }
    at = close + 1
    return Int(bounds[bounds.count - 1])
  }

  /// Repetitions up to this many are too few to matter: `([0-9a-f]+:){5}` is how people write a MAC address.
  private static let harmlessRepeats = 8

  private static func canBeginAlike(_ one: String, _ other: String) -> Bool {
    let pair = [one, other]
    if one == other || pair.contains(".") { return true }
    if pair.contains(#"\w"#) { return pair.contains(#"\d"#) || pair.contains { $0.count == 1 && $0.first!.isLetter } }
    if pair.contains(#"\d"#) { return pair.contains { $0.count == 1 && $0.first!.isNumber } }
    return pair.contains(#"\s"#) && pair.contains(" ")
  }
}
