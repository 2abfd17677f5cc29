import Foundation
import TestSupport

/// The built executable, run as a user runs it.
struct Tool {
  /// How it ended and what it printed.
  struct Outcome: CustomStringConvertible {
    let status: Int32
    let output: String
    let errors: String
    var description: String { "exit \(status)\n\(output)\n\(errors)" }
  }

  /// The executable lies beside the test bundle.
  static var path: String {
    get throws {
      let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL
      let folder = (bundle ?? URL(filePath: CommandLine.arguments[0])).deletingLastPathComponent()
      let path = folder.appending(path: "batchdump").path()
      guard FileManager.default.isExecutableFile(atPath: path) else { throw NotBuilt(path: path) }
      return path
    }
  }

  struct NotBuilt: Error, CustomStringConvertible {
    let path: String
    var description: String { "expected the built executable at \(path); `swift build` makes it" }
  }

  /// Runs it to its end in `folder`. `meanwhile` gets its process id.
  static func run(
    _ arguments: [String], in folder: TemporaryFolder, program: String? = nil,
    meanwhile: @Sendable (pid_t) async throws -> Void = { _ in }
  ) async throws -> Outcome {
    let process = Process()
    process.executableURL = URL(filePath: try program ?? path)
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: folder.path)
    process.standardInput = FileHandle.nullDevice
    let (output, errors) = (folder.file(".stdout"), folder.file(".stderr"))
    for file in [output, errors] { _ = FileManager.default.createFile(atPath: file, contents: nil) }
    let handles = try [output, errors].map { try FileHandle(forWritingTo: URL(filePath: $0)) }
    // Thousands of runs in one process would else leave it without descriptors.
    defer { for handle in handles { try? handle.close() } }
    (process.standardOutput, process.standardError) = (handles[0], handles[1])
    let (ends, end) = AsyncStream<Void>.makeStream()
    process.terminationHandler = { _ in end.finish() }
    try process.run()
    do { try await meanwhile(process.processIdentifier) } catch {
      process.terminate()
      throw error
    }
    for await _ in ends {}
    return Outcome(
      status: process.terminationStatus, output: try String(contentsOfFile: output, encoding: .utf8),
      errors: try String(contentsOfFile: errors, encoding: .utf8))
  }
}
