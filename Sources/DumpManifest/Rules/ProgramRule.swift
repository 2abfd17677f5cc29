/// What a program that a manifest names may be.
enum ProgramRule {
  /// Why `program`, a name or path with its arguments, is refused, if it is.
  static func objection(to program: [String]) -> String? {
    guard let name = program.first else {
      return "no program is named; give its name or path, then its arguments, each a text of its own"
    }
    if name.isEmpty { return "the program's name is empty" }
    return program.contains { $0.utf8.contains(0) } ? "the program or an argument contains a zero byte" : nil
  }
}
