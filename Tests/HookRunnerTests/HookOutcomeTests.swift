import Testing

@testable import HookRunner

@Suite("The outcome of a hook")
struct HookOutcomeTests {
  private static let command = HookCommand(arguments: ["power", "A1", "on"], limit: .milliseconds(2500))

  @Test(
    "is told in one sentence",
    arguments: [
      (.exited(code: 0), "", "hook `power A1 on` succeeded"),
      (.exited(code: 0), "done\n", "hook `power A1 on` succeeded; its last line: done"),
      (.exited(code: 3), "no\nrelay\n\n", "hook `power A1 on` failed with exit code 3; its last line: relay"),
      (.signalled(9), "", "hook `power A1 on` was ended by signal 9"),
      (
        .notStarted(reason: "the command is empty"), "", "hook `power A1 on` could not be started: the command is empty"
      ),
      (
        .timedOut, "waiting",
        "hook `power A1 on` was stopped since it took longer than 2.5 seconds; its last line: waiting"
      ),
      (.cancelled, "", "hook `power A1 on` was stopped before its end"),
    ] as [(HookOutcome.Ending, String, String)])
  func description(ending: HookOutcome.Ending, output: String, expected: String) {
    let outcome = HookOutcome(command: Self.command, ending: ending, output: Array(output.utf8))
    #expect(outcome.description == expected)
  }

  @Test(
    "shows nothing that acts on a terminal",
    arguments: [
      ("a\u{1B}[2Jb", "a?[2Jb"), ("50 %\r100 %\r", "100 %"), ("a\tb", "a b"), ("x\u{202E}y\u{0}z", "x?y?z"),
      ("Prüfung", "Prüfung"), (" \t\n", ""), ("\n\n", ""),
      (String(repeating: "x", count: 201), String(repeating: "x", count: 199) + "…"),
      (String(repeating: "x", count: 200), String(repeating: "x", count: 200)),
    ])
  func lastLine(output: String, expected: String) {
    let outcome = HookOutcome(command: Self.command, ending: .timedOut, output: Array(output.utf8))
    #expect(outcome.lastLine == expected)
  }

  @Test("shows its arguments the same way")
  func arguments() {
    let command = HookCommand(arguments: ["a\nb", String(repeating: "y", count: 300)], limit: .seconds(1))
    let text = HookOutcome(command: command, ending: .cancelled, output: []).description
    #expect(text == "hook `a?b \(String(repeating: "y", count: 195))…` was stopped before its end")
  }

  @Test("keeps the end of the output", arguments: [(0, 3), (3, 3), (4, 4), (5, 4), (1000, 4)])
  func tail(count: Int, pieces: Int) {
    var tail = OutputTail(limit: 4)
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    for byte in bytes { tail.append([byte]) }
    #expect(tail.bytes == bytes.suffix(4))
    var whole = OutputTail(limit: 4)
    whole.append(bytes.prefix(pieces))
    whole.append(bytes.dropFirst(pieces))
    #expect(whole.bytes == bytes.suffix(4))
  }
}
