import DeviceSimulator
import Foundation
import HookRunner
import NIOPosix
import SerialLink
import TestSupport

/// A serial line of a given speed with a real U-Boot at its other end, for one reader after the other.
///
/// Each reader finds a board of its own that was just switched on and waits at its prompt: not all of them can stop an
/// autoboot, and a boot's second would hide what they take themselves.
struct MeasuredLine {
  /// Rate in baud.
  let speed: Int
  /// What the boards' flash begins with.
  let flash: [UInt8]

  private static let longestRun = Duration.seconds(240)
  /// Seconds in which a board comes to its prompt, on a machine that does something else besides.
  private static let longestBoot = Duration.seconds(60)

  /// Has a reader read the first `size` bytes of the flash, in a new folder.
  ///
  /// - Throws: `BenchmarkFailure` where the reader ends without success.
  func run(_ reader: some MemoryReader, size: Int, in folder: String) async throws -> Reading {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    return try await withQemuBoard(.arm, flash: flash) { board in
      let bridge = try await PacedBridge.start(.connecting(to: board.console), path: "\(folder)/line", speed: speed)
      try await stopAutoboot(at: bridge.path)
      let task = ReadingTask(
        tty: bridge.path, speed: speed, address: QemuBoard.flashAddress, size: size, folder: folder)
      if let preparation = reader.preparation(for: task) { _ = try await time(preparation) }
      let command = try reader.command(for: task)
      await bridge.resetTraffic()
      let seconds = try await time(command)
      let characters = await bridge.traffic().toHost.bytes
      await bridge.stop()
      return try reading(of: task, by: reader, seconds: seconds, characters: characters)
    }
  }

  /// Seconds from the start of a program to its end.
  private func time(_ command: [String]) async throws -> Double {
    let start = ContinuousClock.now
    let outcome = await HookCommand(arguments: command, limit: Self.longestRun).run()
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    guard outcome.succeeded else { throw BenchmarkFailure("failed, \(outcome.problem)") }
    return seconds
  }

  private func reading(
    of task: ReadingTask, by reader: some MemoryReader, seconds: Double, characters: Int
  ) throws -> Reading {
    let verification = try reader.verification(of: task)
    let image = FileManager.default.contents(atPath: task.image).map(Array.init) ?? []
    let lineTime = Double(characters * LineTraffic(speed: speed).bitsPerCharacter) / Double(speed)
    return Reading(
      seconds: seconds, lineUse: lineTime / seconds, verification: verification,
      difference: difference(found: image, expected: Array(flash.prefix(task.size))), task: task)
  }

  /// Waits for the countdown, ends it, and waits for the prompt. The line is let go of then.
  private func stopAutoboot(at path: String) async throws {
    let link = try await Link.open(
      .tty(path: path), settings: LineSettings(speed: speed), on: MultiThreadedEventLoopGroup.singleton)
    var text: [UInt8] = []
    var isStopped = false
    let deadline = ContinuousClock.now + Self.longestBoot
    while !text.ends(with: "\n=> ") {
      guard let bytes = try await link.receive(within: deadline - .now) else {
        await link.close()
        throw BenchmarkFailure("the board did not come to its prompt within \(Self.longestBoot)")
      }
      text += bytes
      if !isStopped, text.contains("Hit any key".utf8) {
        isStopped = true
        try await link.send([UInt8(ascii: " ")])
      }
    }
    await link.close()
  }
}

extension [UInt8] {
  /// Bytes, not characters: to a string, CR and LF are one.
  fileprivate func ends(with text: String) -> Bool { suffix(text.utf8.count).elementsEqual(text.utf8) }
}

/// What a reader did.
struct Reading: Sendable {
  /// From the start of its process to its end.
  var seconds: Double
  /// Share of that time in which characters of the device were on the line, whatever they were.
  var lineUse: Double
  /// What proves the image; `no` where nothing does.
  var verification: String
  /// How the image differs from what the flash holds; absent where it does not.
  var difference: String?
  /// What it had to do.
  var task: ReadingTask

  var bytesPerSecond: Double { Double(task.size) / seconds }
}
