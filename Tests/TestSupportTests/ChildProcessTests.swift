import Foundation
import Testing

@testable import TestSupport

@Suite("A child process")
struct ChildProcessTests {
  @Test(
    "tells how it ended by itself",
    arguments: [
      ("true", ChildEnd.exited(code: 0)), ("false", .exited(code: 1)), ("no-such-program-here", .exited(code: 127)),
    ])
  func endsByItself(program: String, status: ChildEnd) async throws {
    try await withTemporaryFolder { folder in
      let child = try await ChildProcess.start(
        ChildCommand(arguments: [program], log: folder.file("log"), descriptors: []))
      #expect(await child.waitForEnd() == status)
      #expect(child.endedByItself == status)
    }
  }

  @Test("ends when it is killed, and that is not by itself", .timeLimit(.minutes(1)))
  func killed() async throws {
    try await withTemporaryFolder { folder in
      let child = try await ChildProcess.start(
        ChildCommand(arguments: ["sleep", "1000"], log: folder.file("log"), descriptors: []))
      child.kill()
      #expect(await child.waitForEnd() == .killed(signal: SIGKILL))
      #expect(child.endedByItself == nil)
      child.kill()
      #expect(await child.waitForEnd() == .killed(signal: SIGKILL))
    }
  }

  @Test("has the descriptors it was given as 3 and on, and no others of ours")
  func descriptors() async throws {
    try await withTemporaryFolder { folder in
      let files = try ["first", "second"].map { try Opened(folder.file($0)) }
      let log = folder.file("log")
      let child = try await ChildProcess.start(
        ChildCommand(
          arguments: ["sh", "-c", "echo a >&4; echo b >&3; { echo c >&5; } 2>/dev/null || echo closed"], log: log,
          descriptors: [files[1].descriptor, files[0].descriptor]))
      #expect(await child.waitForEnd() == .exited(code: 0))
      #expect(try String(contentsOfFile: folder.file("first"), encoding: .utf8) == "a\n")
      #expect(try String(contentsOfFile: folder.file("second"), encoding: .utf8) == "b\n")
      #expect(try String(contentsOfFile: log, encoding: .utf8) == "closed\n")
    }
  }
}

/// A file open for writing, until this value goes.
private final class Opened {
  let descriptor: Int32

  init(_ path: String) throws {
    descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    try #require(descriptor >= 0)
  }

  deinit { close(descriptor) }
}
