import Foundation

/// A program that reads a device's memory through a boot loader's console.
protocol MemoryReader: Sendable {
  /// One word, for its folder.
  var name: String { get }
  /// What the table calls it.
  var title: String { get }

  /// A command that makes it ready for a task and does not count; absent where there is nothing to make ready.
  func preparation(for task: ReadingTask) -> [String]?

  /// The program and its arguments for a task; what it needs in the task's folder is made.
  func command(for task: ReadingTask) throws -> [String]

  /// What the image has to show for itself besides having arrived: `no`, or what proves it.
  func verification(of task: ReadingTask) throws -> String
}

extension MemoryReader {
  func preparation(for task: ReadingTask) -> [String]? { nil }

  func verification(of task: ReadingTask) -> String { "no" }
}

/// What a reader has to do.
struct ReadingTask: Sendable {
  /// Path of the tty, at whose other end U-Boot waits at its prompt.
  var tty: String
  /// Rate of the line in baud.
  var speed: Int
  var address: UInt64
  /// In bytes.
  var size: Int
  /// Absolute path of the reader's own folder, which is there.
  var folder: String

  /// Where the image belongs.
  var image: String { "\(folder)/flash.bin" }
}

/// A script beside this file: a plain way to do the job, without any package.
struct ScriptReader: MemoryReader {
  let name: String
  let title: String
  /// Its file's name.
  let script: String

  /// The way of the script with which batchdump's story began.
  static let loop = ScriptReader(
    name: "loop", title: "md.b by 256 bytes, each until 0.1 s of silence", script: "memory_loop.py")
  /// The way of somebody with a terminal program.
  static let log = ScriptReader(
    name: "log", title: "one md.b, its log parsed afterwards", script: "logged_dump.py")

  func command(for task: ReadingTask) throws -> [String] {
    guard let path = Bundle.module.path(forResource: script, ofType: nil, inDirectory: "Scripts") else {
      throw BenchmarkFailure("the build has no \(script) beside the program: build it anew")
    }
    // -B: nothing shall be left beside the script.
    return ["python3", "-B", path, task.tty, String(task.speed), String(task.address), String(task.size), task.image]
  }
}
