import BatchScheduler
import DeviceSimulator
import DumpEngine
import Foundation
import TestSupport
import Testing

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
