import ArgumentParser
import Foundation

/// This program once more, as a process whose costs can be told apart. It reports lines of JSON on its output and goes
/// on until its input ends, which also happens when the process that started it dies.
struct Worker {
  private let process: Process
  private let input: Pipe
  private let name: String
  private var pieces: AsyncStream<Data>.Iterator
  private var received = Data()

  /// Starts a worker command with its arguments.
  static func start(_ command: any ParsableCommand.Type, _ arguments: [String]) throws -> Worker {
    let name = command.configuration.commandName ?? "\(command)"
    let (process, input, output) = (Process(), Pipe(), Pipe())
    process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = [name] + arguments
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    let pieces = pieces(of: output.fileHandleForReading)
    return Worker(process: process, input: input, name: name, pieces: pieces.makeAsyncIterator())
  }

  private init(process: Process, input: Pipe, name: String, pieces: AsyncStream<Data>.Iterator) {
    self.process = process
    self.input = input
    self.name = name
    self.pieces = pieces
  }

  /// The worker's next report. What went wrong there it has said on standard error.
  mutating func report<Report: Decodable>(_ type: Report.Type) async throws -> Report {
    while true {
      if let end = received.firstIndex(of: 0x0A) {
        let line = received[..<end]
        received = Data(received[received.index(after: end)...])
        return try JSONDecoder().decode(type, from: line)
      }
      guard let piece = await pieces.next() else {
        process.waitUntilExit()
        throw BenchmarkFailure(
          "\(name) ended with status \(process.terminationStatus) where its report of \(type) was expected; it has told "
            + "the reason above")
      }
      received += piece
    }
  }

  /// Tells the worker that no more is wanted of it.
  func finish() { try? input.fileHandleForWriting.close() }

  // MARK: - In the worker

  /// Reports to whoever started this process.
  static func tell(_ report: some Encodable) throws {
    try FileHandle.standardOutput.write(contentsOf: JSONEncoder().encode(report) + [0x0A])
  }

  /// Returns when nobody wants anything of this process any more.
  static func untilInputEnds() async {
    for await _ in pieces(of: .standardInput) {}
  }

  /// What comes until the end, read by a thread of its own: a dispatch source may crash at a pipe's end, in libdispatch.
  private static func pieces(of handle: FileHandle) -> AsyncStream<Data> {
    AsyncStream { continuation in
      Thread.detachNewThread {
        while case let piece = handle.availableData, !piece.isEmpty { continuation.yield(piece) }
        continuation.finish()
      }
    }
  }
}
