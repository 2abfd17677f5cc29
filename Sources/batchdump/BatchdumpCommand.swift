import ArgumentParser
import Foundation

/// The command line's root. `batchdump MANIFEST` is `batchdump run MANIFEST`.
@main
struct BatchdumpCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "batchdump",
    abstract: "Back up whole lines of embedded devices through the serial consoles of their boot loaders.",
    discussion: """
      Exit status: 0 all complete and verified, 1 nothing usable, 2 wrong command line or manifest,
      3 partial success, 130 interrupted.
      """,
    version: Self.version,
    subcommands: [
      RunCommand.self, ResumeCommand.self, WatchCommand.self, ListCommand.self, SlotsCommand.self, ValidateCommand.self,
      PlanCommand.self, SimulateCommand.self, VerifyCommand.self, SignCommand.self, KeygenCommand.self,
    ],
    defaultSubcommand: RunCommand.self)

  /// What the program calls itself in reports.
  static let version = "0.1.0"

  /// Parses and runs; a wrong command line ends with 2, as everything does before a device is touched.
  static func main() async {
    FileLimit.raise()
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      let status = exitCode(for: error)
      guard status == .validationFailure else { exit(withError: error) }
      FileHandle.standardError.write(Data("\(fullMessage(for: error))\n".utf8))
      Foundation.exit(Exit.usage.rawValue)
    }
  }
}

/// Ends before any batch.
enum Exit {
  /// Wrong command line or manifest; nothing was sent to any device.
  static let usage = ExitCode(2)

  /// Says what is wrong on standard error, and ends the command with 2.
  static func refuse(_ message: some CustomStringConvertible) -> ExitCode {
    FileHandle.standardError.write(Data("\(message)\n".utf8))
    return usage
  }
}
