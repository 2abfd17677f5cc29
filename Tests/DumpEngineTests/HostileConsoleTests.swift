import DeviceSimulator
import SerialLink
import TestSupport
import Testing

@testable import DumpEngine

/// A console that gives no prompt, or no peace, and what is said of it.
struct HostileConsole: Sendable, CustomTestStringConvertible {
  let name: String
  let habit: FakeConsole.Habit
  let kind: String
  /// Seconds in which the prompt has to be there; those that have one are given time to show it.
  var wake = 1.0
  /// Main words of the message.
  let words: [String]
  var testDescription: String { name }

  static let all: [HostileConsole] = [
    HostileConsole(
      name: "endless bytes without a newline", habit: .endless([UInt8](repeating: 0x41, count: 4096)),
      kind: "no-prompt", words: ["no prompt of Das U-Boot within 1 s", "the last it printed was `AAAA"]),
    HostileConsole(
      name: "binary noise", habit: .endless(seededBytes(count: 4096, seed: 9).map { $0 | 0x80 }), kind: "wrong-speed",
      words: ["no prompt", "unreadable", "is 3000000 baud the right speed?"]),
    HostileConsole(
      name: "escape sequences only", habit: .endless(Array("\u{1B}[2J\u{1B}[1;1H\u{1B}[31m".utf8)), kind: "no-prompt",
      words: ["no prompt", "the last it printed was"]),
    HostileConsole(
      name: "escape sequence that never ends",
      habit: .endless(Array("\u{1B}]".utf8) + [UInt8](repeating: 0x30, count: 999)),
      kind: "no-prompt", words: ["no prompt"]),
    HostileConsole(
      name: "endless lines", habit: .endless(Array("tick\r\n".utf8)), kind: "no-prompt",
      words: ["no prompt", "the last it printed was `tick`"]),
    HostileConsole(
      name: "endless prompts in one line", habit: .endless(Array("=> ".utf8)), kind: "no-prompt", words: ["no prompt"]),
    HostileConsole(
      name: "nothing at all", habit: .says([]), kind: "no-prompt",
      words: ["the console printed nothing", "is the unit powered, are RX and TX the right way round?"]),
    HostileConsole(
      name: "echo without an answer", habit: .echoes, kind: "no-prompt",
      words: ["no prompt", "the last it printed was"]),
    HostileConsole(name: "one that closes", habit: .closes, kind: "link-lost", words: []),
    HostileConsole(
      name: "prompt, then nothing is echoed", habit: .prompts(whenTyped: [], atOnce: true), kind: "echo", wake: 30,
      words: ["was not echoed right, so it was not run"]),
    HostileConsole(
      name: "prompt, then endless empty lines instead of an echo",
      habit: .prompts(whenTyped: Array("\r\n".utf8), atOnce: true), kind: "no-prompt", wake: 4,
      words: ["no prompt of Das U-Boot within 4 s"]),
    HostileConsole(
      name: "prompt, then endless lines", habit: .prompts(whenTyped: Array("tick\r\n".utf8), atOnce: false),
      kind: "no-prompt", wake: 4, words: ["within 4 s", "the last it printed was `"]),
    HostileConsole(
      name: "prompt, then endless bytes",
      habit: .prompts(whenTyped: [UInt8](repeating: 0x2E, count: 4096), atOnce: false),
      kind: "no-prompt", wake: 4, words: ["within 4 s", "the last it printed was `", "...."]),
    HostileConsole(
      name: "prompt, then silence", habit: .prompts(whenTyped: [], atOnce: false), kind: "silent", wake: 30,
      words: ["silent for 0.3 s after `md."]),
  ]
}

@Suite("A hostile console costs bounded time and ends in a clear error", .serialized, .timeLimit(.minutes(2)))
struct HostileConsoleTests {
  @Test("fake", arguments: HostileConsole.all)
  func hostile(console: HostileConsole) async throws {
    try await withTemporaryFolder { folder in
      let fake = try await FakeConsole.start(console.habit, path: folder.file("console"))
      var manifest = SlotManifest(address: Units.flash, size: 4096)
      manifest.wake = console.wake
      (manifest.reply, manifest.policy) = (0.3, #""retries": 1"#)
      let run = try await runSession(manifest, at: .unix(path: folder.file("console")))
      await fake.stop()
      #expect(run.unit.failure?.kind == console.kind, run.failureText)
      for word in console.words {
        #expect(run.unit.failure?.message.contains(word) == true, run.failureText)
      }
      // Message, report and terminal are one line each, without control characters.
      let message = run.unit.failure?.message ?? ""
      #expect(message.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7F || $0.value > 0xA0 })
      #expect(message.count < 1000)
      #expect(run.files["console.log"] != nil)
      #expect(run.files["flash.bin"] == nil)
    }
  }

  @Test("a unit at another speed, which is none of its dialect's, is told as that")
  func wrongSpeed() async throws {
    var simulated = Units.uBoot()
    simulated.start = .flooding
    simulated.speed = 80_000
    try await withUnit(simulated) { unit in
      var manifest = SlotManifest(address: Units.flash, size: 4096)
      (manifest.speed, manifest.wake) = (57_600, 1)
      let run = try await runSession(manifest, at: .tty(path: unit.path))
      #expect(run.unit.failure?.kind == "wrong-speed")
      #expect(run.unit.failure?.message.contains("is 57600 baud the right speed?") == true, run.failureText)
    }
  }

  @Test("nobody behind the address is told as that", arguments: ["/nonexistent/tty", "/dev/null"])
  func nobody(path: String) async throws {
    let run = try await runSession(SlotManifest(address: 0, size: 16), at: .tty(path: path))
    #expect(run.unit.failure?.kind == "link")
    #expect(run.unit.failure?.message.contains(path) == true, run.failureText)
    #expect(run.unit.regions.map(\.isComplete) == [false])
  }
}
