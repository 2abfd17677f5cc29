import Foundation
import TestSupport
import Testing

@testable import HookRunner

@Suite("A hook that has to be stopped")
struct HookStoppingTests {
  /// What each process does: end at once, hear SIGTERM, not hear it, have a deaf child.
  private static let scripts = [
    "exec sleep 1000", "sleep 1000", "exec >&- 2>&-; sleep 1000", "sleep 1000 & sleep 1000 & wait",
    "trap '' TERM; sleep 1000", "(trap '' TERM; sleep 1000) & wait",
    "(trap '' TERM; exec >&- 2>&-; sleep 1000) & exec >&- 2>&-; wait", "kill -STOP $$",
  ]

  @Test("goes with all its processes when its time is over", arguments: scripts)
  func timeLimit(script: String) async throws {
    try await withTemporaryFolder { folder in
      let witness = try Witness(in: folder)
      defer { witness.close() }
      let outcome = await shell("\(witness.opening) \(script)", limit: .milliseconds(200)).run()
      #expect(outcome.ending == .timedOut)
      #expect(!outcome.succeeded)
      #expect(await witness.allAreGone())
    }
  }

  @Test("goes with all its processes when the task is cancelled", arguments: scripts)
  func cancellation(script: String) async throws {
    try await withTemporaryFolder { folder in
      let witness = try Witness(in: folder)
      defer { witness.close() }
      await withTaskGroup(of: HookOutcome.self) { group in
        group.addTask { await shell("\(witness.opening) \(script)").run() }
        #expect(await witness.isUp())
        group.cancelAll()
        #expect(await group.next()?.ending == .cancelled)
      }
      #expect(await witness.allAreGone())
    }
  }

  @Test("is not even begun where the task is cancelled before")
  func cancelledBefore() async throws {
    try await withTemporaryFolder { folder in
      await withTaskGroup(of: HookOutcome.self) { group in
        group.cancelAll()
        group.addTask { await shell("touch '\(folder.file("begun"))'").run() }
        #expect(await group.next()?.ending == .cancelled)
      }
      #expect(!FileManager.default.fileExists(atPath: folder.file("begun")))
    }
  }

  @Test("keeps what it has printed before")
  func output() async throws {
    try await withTemporaryFolder { folder in
      let witness = try Witness(in: folder)
      defer { witness.close() }
      await withTaskGroup(of: HookOutcome.self) { group in
        group.addTask { await shell("echo switching; \(witness.opening) sleep 1000").run() }
        #expect(await witness.isUp())
        group.cancelAll()
        #expect(await group.next()?.lastLine == "switching")
      }
    }
  }
}
