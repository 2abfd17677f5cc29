import ArgumentParser

/// The command line's root. `batchdump-bench` without a word measures; the other commands are what it starts beside
/// itself.
@main
struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "batchdump-bench",
    abstract: "Measure how fast and how frugal batchdump is, each time against a limit or against itself.",
    subcommands: [MeasureCommand.self, DumpWorker.self, UnitsWorker.self],
    defaultSubcommand: MeasureCommand.self)
}
