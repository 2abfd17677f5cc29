import ArgumentParser

/// `batchdump validate MANIFEST`.
struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Tell everything that is wrong with a manifest; touches no device.")

  @OptionGroup var argument: ManifestArgument

  func run() throws {
    let plan = try argument.load().plan
    let regions = plan.slots.reduce(0) { $0 + $1.regions.count }
    print("\(argument.manifest): good: \(plan.slots.count) slots, \(regions) regions")
  }
}
