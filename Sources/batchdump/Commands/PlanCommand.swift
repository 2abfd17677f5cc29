import ArgumentParser
import DumpManifest

/// `batchdump plan MANIFEST`.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Tell what would be sent to whom, how many bytes, and how long that takes; touches no device.")

  @OptionGroup var argument: ManifestArgument

  func run() throws {
    print(PlanSummary(try argument.load().plan))
  }
}
