import Foundation
import Testing

/// The built executable, running, with a person at it: what it prints comes line by line, and it can be typed to.
final class RunningTool {
  private let process = Process()
  private let input = Pipe()
  private var output: Lines
  private var errors: Lines

  /// Starts it. A time limit of the test ends the waiting for what never comes.
  init(_ arguments: [String], input other: FileHandle? = nil) throws {
    let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL
    let folder = (bundle ?? URL(filePath: CommandLine.arguments[0])).deletingLastPathComponent()
    process.executableURL = folder.appending(path: "batchdump")
    process.arguments = arguments
    process.standardInput = other ?? input
    (output, errors) = (Lines(process, \.standardOutput), Lines(process, \.standardError))
    try process.run()
  }

  deinit {
    if process.isRunning { process.terminate() }
  }

  /// The next line of standard output; nothing at its end.
  func nextLine() async -> String? { await output.next() }

  /// Reads standard error until a line has `text` in it, and returns that line.
  func error(with text: String) async throws -> String {
    while let line = await errors.next() {
      if line.contains(text) { return line }
    }
    throw Missing(text: text)
  }

  /// Presses Enter.
  func enter() { input.fileHandleForWriting.write(Data("\n".utf8)) }

  /// Presses ctrl-C.
  func interrupt() { process.interrupt() }

  /// What is still to come from standard output, and the exit status.
  func end() async -> (output: String, status: Int32) {
    var text = ""
    while let line = await output.next() { text += "\(line)\n" }
    process.waitUntilExit()
    return (text, process.terminationStatus)
  }

  struct Missing: Error {
    let text: String
  }
}

/// The lines that a process writes.
private struct Lines {
  private var iterator: AsyncStream<String>.Iterator

  init(_ process: Process, _ port: ReferenceWritableKeyPath<Process, Any?>) {
    let pipe = Pipe()
    process[keyPath: port] = pipe
    let (lines, line) = AsyncStream<String>.makeStream()
    iterator = lines.makeAsyncIterator()
    // A thread, for reading blocks.
    Thread.detachNewThread {
      var rest = Data()
      while case let piece = pipe.fileHandleForReading.availableData, !piece.isEmpty {
        rest += piece
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
          line.yield(String(decoding: rest[..<end], as: UTF8.self))
          rest = Data(rest[(end + 1)...])
        }
      }
      if !rest.isEmpty { line.yield(String(decoding: rest, as: UTF8.self)) }
      line.finish()
    }
  }

  mutating func next() async -> String? { await iterator.next() }
}
