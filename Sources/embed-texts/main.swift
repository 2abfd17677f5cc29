import Foundation

/// Writes one Swift file that holds the text of some files, so that the program needs none beside it.
///
/// Usage: `embed-texts NAME OUTPUT.swift FILE …`; NAME is that of the constant.
func embed(_ arguments: [String]) throws {
  guard arguments.count > 3 else {
    throw EmbedError(description: "embed-texts: expected a constant's name, an output file and at least one file")
  }
  let files = arguments.dropFirst(3).map(URL.init(fileURLWithPath:)).sorted {
    $0.lastPathComponent < $1.lastPathComponent
  }
  var source = "// Made by embed-texts.\n\n"
  source += "/// What comes with the program: what each file is called, without its ending, and its text.\n"
  source += "let \(arguments[1]): [(name: String, text: String)] = [\n"
  for file in files {
    let text = try String(contentsOf: file, encoding: .utf8)
    let name = file.deletingPathExtension().lastPathComponent
    let fence = String(repeating: "#", count: longestRun(of: "#", in: text) + 1)
    source += "  (\n    \"\(name)\",\n    \(fence)\"\"\"\n"
    source += text.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)\n" }.joined()
    source += "    \"\"\"\(fence)\n  ),\n"
  }
  source += "]\n"
  try Data(source.utf8).write(to: URL(fileURLWithPath: arguments[2]))
}

/// How often a character comes in a row at most.
func longestRun(of character: Character, in text: String) -> Int {
  var longest = 0
  var run = 0
  for found in text {
    run = found == character ? run + 1 : 0
    longest = max(longest, run)
  }
  return longest
}

struct EmbedError: Error, CustomStringConvertible {
  var description: String
}

do {
  try embed(CommandLine.arguments)
} catch {
  FileHandle.standardError.write(Data("\(error)\n".utf8))
  exit(1)
}
