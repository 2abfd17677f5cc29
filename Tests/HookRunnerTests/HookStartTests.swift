import Foundation
import TestSupport
import Testing

@testable import HookRunner

@Suite("A hook that cannot be started")
struct HookStartTests {
  private func reason(_ arguments: [String], environment: [String: String] = [:]) async -> String? {
    let outcome = await HookCommand(arguments: arguments, environment: environment, limit: .seconds(3600)).run()
    #expect(!outcome.succeeded)
    guard case .notStarted(let reason) = outcome.ending else { return nil }
    return reason
  }

  @Test(
    "says why",
    arguments: [
      ([], "the command is empty"), ([""], "the command is empty"),
      (["/nonexistent/program"], "No such file or directory"),
      (["no-such-program-9f3c"], "there is no such program in PATH that may be run"),
    ])
  func missing(arguments: [String], expected: String) async {
    #expect(await reason(arguments) == expected)
  }

  @Test(
    "says what is wrong with its file",
    arguments: [
      (0o644, "#!/bin/sh\n", "the file is not executable; try chmod +x"),
      (0o755, "#!/nonexistent/interpreter\n", "the interpreter that its first line names is missing"),
      (0o755, "no program at all", "Exec format error"),
    ])
  func unfit(mode: Int, content: String, expected: String) async throws {
    try await withTemporaryFolder { folder in
      try Data(content.utf8).write(to: URL(filePath: folder.file("hook")))
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: folder.file("hook"))
      #expect(await reason([folder.file("hook")]) == expected)
    }
  }

  @Test("may be a folder")
  func folder() async throws {
    try await withTemporaryFolder { folder in
      #expect(await reason([folder.path]) == "it is a folder")
    }
  }

  @Test("may have a variable that no environment can hold")
  func variable() async throws {
    let reason = try #require(await reason(["true"], environment: ["A=B": "1"]))
    #expect(reason.contains("A=B"))
  }
}
