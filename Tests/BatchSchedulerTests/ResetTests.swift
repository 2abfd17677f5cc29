import DeviceSimulator
import DumpEngine
import Foundation
import TestSupport
import Testing

@testable import BatchScheduler

@Suite("A unit is reset as the manifest says", .timeLimit(.minutes(2)))
struct ResetTests {
  private func manifest(_ tty: String, _ reset: String) -> String {
    BatchSchedulerTests.manifest([("A1", tty)]).replacing(
      #""identity":"#, with: #""reset": \#(reset), "identity":"#)
  }

  /// A batch over a unit that is off; the reset program leaves a file, and whoever has seen it switches the unit on.
  private func run(_ reset: (TemporaryFolder) -> String) async throws -> (result: UnitResult, resets: Int) {
    var unit = Units.uBoot("unit")
    unit.start = .off
    return try await withUnits([unit]) { units in
      try await withTemporaryFolder { folder in
        let unit = try #require(units["unit"])
        let log = EventLog { event in
          if case .trouble("resetting the unit") = event.kind { Task { await unit.reset() } }
        }
        let plan = try plan(manifest(unit.path, reset(folder)))
        let results = await Batch(plan: plan, folder: folder.path, emit: log.take).run()
        let calls = (try? String(contentsOfFile: folder.file("calls"), encoding: .utf8)) ?? ""
        return (try #require(results.first), calls.split(separator: "\n").count)
      }
    }
  }

  @Test("by a program, before anything else or when no prompt comes; once is enough", arguments: ["start", "noPrompt"])
  func byProgram(moment: String) async throws {
    let outcome = try await run { folder in
      #"{ "command": ["sh", "-c", "echo $BATCHDUMP_EVENT $BATCHDUMP_SLOT >> \#(folder.file("calls"))"], "when": "\#(moment)" }"#
    }
    #expect(outcome.result.isVerified, "\(outcome.result.failure?.message ?? "")")
    #expect(outcome.resets == 1)
  }

  @Test("a unit on a line that comes to no prompt is reset twice and then left alone")
  func noEndlessResets() async throws {
    var options = UBootOptions()
    options.stopKey = "nobody knows it"
    options.bootDelay = 0
    options.afterBoot = .login
    var unit = Units.uBoot("unit")
    unit.loader = .uBoot(options)
    unit.start = .booting
    let text = lineManifest([("A1", "1.1")]).replacing(#""wake": 30"#, with: #""wake": 1"#).replacing(
      #""identity":"#, with: #""reset": { "command": ["true"] }, "identity":"#)
    try await withUnits([unit]) { units in
      try await withTemporaryFolder { folder in
        let unit = try #require(units["unit"])
        let line = try WatchedLine(text, folder: folder.path)
        _ = try await line.run { line in
          line.plug("1.1", node: unit.path)
          try await line.wait(for: "A1") { kind -> Bool? in
            guard case .trouble(let text) = kind else { return nil }
            return text.hasPrefix("reset 2 times without a prompt: left alone") ? true : nil
          }
          await unit.reset()
          try await line.wait(for: "A1", 3) { kind -> Bool? in
            if case .trouble(let text) = kind, text.contains("no prompt") { true } else { nil }
          }
          let resets = line.times(of: "A1") { if case .trouble("resetting the unit") = $0 { true } else { false } }
          #expect(resets.count == 2)
        }
      }
    }
  }

  @Test("a program that fails ends the session, and says what it printed")
  func failingProgram() async throws {
    let outcome = try await run { _ in
      #"{ "command": ["sh", "-c", "echo relay board not found; exit 1"], "when": "start" }"#
    }
    #expect(outcome.result.failure?.kind == "reset-failed")
    #expect(outcome.result.failure?.message.contains("relay board not found") == true)
  }

  @Test("lines that the adapter does not have are an error that says so")
  func linesOfAPseudoTerminal() async throws {
    let outcome = try await run { _ in #"{ "lines": [{ "rts": true, "seconds": 0.1 }], "when": "start" }"# }
    #expect(outcome.result.failure?.kind == "reset-failed")
    #expect(outcome.result.failure?.message.contains("cannot switch DTR or RTS") == true)
  }
}
