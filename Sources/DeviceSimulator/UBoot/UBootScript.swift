/// The part of U-Boot's shell that simulated units need: `;` between commands, quotes, `$name`, `${name}` and `$?`.
enum UBootScript {
  /// The commands of a line, with quotes and variables still in them.
  static func commands(_ line: String) -> [String] {
    var commands = [""]
    var quote: Character?
    for character in line {
      quote = updated(quote, by: character)
      if character == ";", quote == nil {
        commands.append("")
      } else {
        commands[commands.count - 1].append(character)
      }
    }
    return commands
  }

  /// The words of a command: variables replaced outside single quotes, quotes taken away.
  static func words(_ command: String, variable: (String) -> String) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var rest = Substring(command)
    while let character = rest.popFirst() {
      let next = updated(quote, by: character)
      if next != quote {
        quote = next
        word = word ?? ""
      } else if character == "$", quote != "'", let name = takeName(&rest) {
        let value = variable(name)
        if !value.isEmpty { word = (word ?? "") + value }
      } else if quote == nil, character == " " || character == "\t" {
        if let word { words.append(word) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    return words + [word].compactMap { $0 }
  }

  /// The quote that is open after `character`.
  private static func updated(_ quote: Character?, by character: Character) -> Character? {
    guard character == "\"" || character == "'" else { return quote }
    if quote == nil { return character }
    return quote == character ? nil : quote
  }

  /// Takes the name behind a `$` from `rest`; nil where none stands there.
  private static func takeName(_ rest: inout Substring) -> String? {
    if rest.first == "?" {
      rest.removeFirst()
      return "?"
    }
    if rest.first == "{", let end = rest.firstIndex(of: "}") {
      let name = rest[rest.index(after: rest.startIndex)..<end]
      rest = rest[rest.index(after: end)...]
      return String(name)
    }
    let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    rest = rest[name.endIndex...]
    return name.isEmpty ? nil : String(name)
  }
}
