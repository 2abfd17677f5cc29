import Foundation
import HookRunner

/// Depthcharge, a toolkit for U-Boot consoles, in the version that was the last when this was written.
///
/// Source: its documentation, `depthcharge-read-mem --help`.
struct DepthchargeReader: MemoryReader {
  private static let requirement = "depthcharge==0.6.0"
  private static let installationTime = Duration.seconds(180)
  /// Written when all is installed: an installation that was stopped is begun anew.
  private static let mark = "installed"

  let name = "depthcharge"
  let title = "depthcharge 0.6.0, which knows the device"

  /// Where it is installed: beside this program, so that it goes with the build.
  private static let folder = ExecutableFolder.path(of: "batchdump-bench-depthcharge")

  /// It advises to keep what it learns of a device in a file, for later runs start faster by that. So a short read makes
  /// this file first.
  func preparation(for task: ReadingTask) -> [String]? {
    var short = task
    short.size = 16
    return command(for: short)
  }

  func command(for task: ReadingTask) -> [String] {
    [
      "\(Self.folder)/bin/depthcharge-read-mem", "--config", "\(task.folder)/device.cfg",
      "--iface", "\(task.tty):\(task.speed)", "--prompt", "=> ",
      "--address", String(task.address), "--length", String(task.size), "--file", task.image,
    ]
  }

  /// Installs it where it is not yet; returns why it could not be, absent where it is there.
  static func install() async -> String? {
    guard !FileManager.default.fileExists(atPath: "\(folder)/\(mark)") else { return nil }
    let steps = [
      ["python3", "-m", "venv", "--clear", folder],
      ["\(folder)/bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement],
    ]
    for step in steps {
      let outcome = await HookCommand(arguments: step, limit: installationTime).run()
      guard outcome.succeeded else { return "absent, \(outcome.problem)" }
    }
    return FileManager.default.createFile(atPath: "\(folder)/\(mark)", contents: nil)
      ? nil : "absent, nothing can be written to \(folder)"
  }
}

extension HookOutcome {
  /// What is wrong with a program that did not end well, in a few words: its last line where it said something.
  var problem: String {
    switch ending {
    case .notStarted(let reason): "cannot be started: \(reason)"
    case .timedOut: "took longer than \(command.limit)"
    case .cancelled: "was stopped"
    case .exited, .signalled: lastLine.isEmpty ? "ended with \(ending)" : lastLine
    }
  }
}
