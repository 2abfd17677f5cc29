import Foundation
import TestSupport
import Testing

@testable import HookRunner

/// A hook that a shell runs, with more time than any machine needs.
func shell(_ script: String, input: [UInt8] = [], limit: Duration = .seconds(3600)) -> HookCommand {
  HookCommand(arguments: ["sh", "-c", script], input: input, limit: limit)
}

@Suite("A hook")
struct HookRunningTests {
  @Test("gets variables and input")
  func variablesAndInput() async {
    let command = HookCommand(
      arguments: ["sh", "-c", #"printf '%s|%s|' "$SLOT" "${PATH:+path}"; cat"#],
      environment: ["SLOT": "A1 \"x\"\n=1"], input: Array("{\"unit\":1}".utf8), limit: .seconds(3600))
    let outcome = await command.run()
    #expect(outcome.succeeded)
    #expect(String(decoding: outcome.output, as: UTF8.self) == "A1 \"x\"\n=1|path|{\"unit\":1}")
  }

  @Test("gets its arguments as they are, since no shell reads them")
  func arguments() async {
    let command = HookCommand(
      arguments: ["printf", "%s\n", "two words", "$HOME", "*", "", "; exit 3", "ü"], limit: .seconds(3600))
    #expect(String(decoding: await command.run().output, as: UTF8.self) == "two words\n$HOME\n*\n\n; exit 3\nü\n")
  }

  @Test("does not get what the service manager tells this process, unless asked for")
  func withheld() {
    #expect(shell("").environmentChanges["NOTIFY_SOCKET"] == .some(nil))
    #expect(shell("").environmentChanges["WATCHDOG_USEC"] == .some(nil))
    let command = HookCommand(arguments: ["true"], environment: ["WATCHDOG_USEC": "7"], limit: .seconds(1))
    #expect(command.environmentChanges["WATCHDOG_USEC"] == "7")
  }

  @Test("tells how it ended", arguments: [0, 1, 3, 77, 255])
  func exitCode(code: Int32) async {
    let outcome = await shell("exit \(code)").run()
    #expect(outcome.ending == .exited(code: code))
    #expect(outcome.succeeded == (code == 0))
  }

  @Test("may end by a signal", arguments: [SIGTERM, SIGKILL, SIGSEGV])
  func signal(number: Int32) async {
    #expect(await shell("ulimit -c 0; kill -\(number) $$").run().ending == .signalled(number))
  }

  @Test("has its standard output and error in one")
  func bothOutputs() async {
    #expect(
      String(decoding: await shell("echo one; echo two >&2; echo three").run().output, as: UTF8.self)
        == "one\ntwo\nthree\n")
  }

  @Test("may print more than is kept")
  func muchOutput() async {
    let outcome = await shell("head -c 3000000 /dev/zero | tr '\\0' x; printf END").run()
    #expect(outcome.succeeded)
    #expect(outcome.output == Array((String(repeating: "x", count: 4093) + "END").utf8))
  }

  @Test("need not read its input", arguments: ["exit 0", "exec <&-; exit 0", "head -c 1 >&2"])
  func unreadInput(script: String) async {
    #expect(await shell(script, input: [UInt8](repeating: 0x55, count: 1 << 20)).run().succeeded)
  }

  @Test("can read much input")
  func muchInput() async {
    let outcome = await shell("cksum", input: Array(repeating: 0, count: 1 << 20)).run()
    // As coreutils' cksum prints it for `head -c 1048576 /dev/zero`.
    #expect(outcome.lastLine == "3018728591 1048576")
  }

  @Test("inherits no descriptor, such as that of an adapter")
  func descriptors() async throws {
    // Without FD_CLOEXEC, as a careless library would leave it.
    let descriptor = fcntl(STDIN_FILENO, F_DUPFD, 200)
    try #require(descriptor >= 200)
    defer { close(descriptor) }
    #expect(await shell("test ! -e /proc/$$/fd/\(descriptor)").run().succeeded)
  }

  @Test("may leave a child behind that holds its output open")
  func backgroundChild() async throws {
    let outcome = await shell("sleep 1000 & echo $!").run()
    #expect(outcome.succeeded)
    let child = try #require(pid_t(outcome.lastLine))
    #expect(kill(child, SIGKILL) == 0, "the child was to go on")
  }

  @Test("may leave a child behind that prints for ever")
  func noisyChild() async {
    // It ends by itself: nobody reads what it prints once the hook is over.
    #expect(await shell("yes & exit 5").run().ending == .exited(code: 5))
  }

  @Test("may close its outputs and go on")
  func closedOutputs() async {
    #expect(await shell("exec >&- 2>&-; cat; exit 7").run().ending == .exited(code: 7))
  }

  @Test("runs beside many others")
  func many() async {
    await withTaskGroup(of: (Int32, HookOutcome).self) { group in
      for code in Int32(0)..<64 {
        group.addTask { (code, await shell("cat; exit \(code)", input: Array("\(code)".utf8)).run()) }
      }
      for await (code, outcome) in group {
        #expect(outcome.ending == .exited(code: code))
        #expect(outcome.lastLine == "\(code)")
      }
    }
  }
}
