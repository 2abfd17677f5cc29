import ArgumentParser
import DeviceSimulator
import Foundation
import PositionedDocument

/// `batchdump simulate FLEET --folder DIR [-- COMMAND…]`.
struct SimulateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Run simulated devices, each behind a tty of its own, to try manifests without hardware.",
    discussion: """
      With a command behind --, the devices live as long as it runs, and its exit status is passed on; without one,
      until ctrl-C.
      """)

  @Argument(help: "The fleet: JSON or a property list.", completion: .file())
  var fleet: String

  @Option(help: "Folder for the links to the devices' ttys; made if it is not there.")
  var folder: String

  @Option(help: "Folder to write what the devices hold to, as UNIT/FILE.")
  var images: String?

  @Argument(parsing: .postTerminator, help: "What to run meanwhile.")
  var command: [String] = []

  func run() async throws {
    let fleet: SimulatedFleet
    do { fleet = try SimulatedFleet.load(path: self.fleet) } catch { throw Exit.refuse("\(error)") }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let host = try await SimulatorHost(folder: folder)
    let units = try await host.start(fleet)
    if let images { try write(units, to: images) }
    let status = try await live(units)
    await host.stop()
    throw ExitCode(status)
  }

  private func live(_ units: [RunningUnit]) async throws -> Int32 {
    if let program = command.first {
      return try await Companion.run(program, Array(command.dropFirst()))
    }
    for unit in units { print(unit.path) }
    await Interrupts.next()
    return 0
  }

  private func write(_ units: [RunningUnit], to folder: String) throws {
    for unit in units {
      let own = URL(filePath: folder).appending(path: unit.name)
      try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
      for image in try unit.images() { try Data(image.bytes).write(to: own.appending(path: image.file)) }
    }
  }
}

/// A program that runs beside this one.
enum Companion {
  /// Runs it to its end and returns its exit status, as a shell counts: 128 and the signal's number where a signal
  /// ended it, 127 where it could not be started.
  static func run(_ program: String, _ arguments: [String]) async throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    return try await withCheckedThrowingContinuation { continuation in
      process.terminationHandler = { ended in
        let signalled = ended.terminationReason == .uncaughtSignal
        continuation.resume(returning: signalled ? 128 + ended.terminationStatus : ended.terminationStatus)
      }
      do { try process.run() } catch { continuation.resume(throwing: error) }
    }
  }
}
