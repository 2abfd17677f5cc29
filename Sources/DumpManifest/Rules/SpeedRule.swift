import ConsoleDialect
import PositionedDocument

/// Says whether a slot's line rate is raised, and refuses what its console or its link cannot do.
struct SpeedRule {
  let console: ConsolePlan
  /// Where the console is; absent where the manifest is wrong about that.
  let endpoint: Endpoint?
  /// Whether the slot's unit can be reset without a person.
  let hasReset: Bool
  let findings: Findings

  /// What a slot does about its rate.
  func speedUp(_ entry: Sourced<SpeedUpEntry>?) -> SpeedUp {
    switch entry?.value {
    case .never: return .never
    case .to(let rate):
      guard let path = entry?.path.key("to") else { return .never }
      return checked(Sourced(value: rate, path: path)).map { .named(to: $0) } ?? .never
    case nil: return byItself
    }
  }

  /// Without a word in the manifest the rate is raised only where no failed step can leave the console waiting for a
  /// person: where the dialect has none, or the slot can reset its unit.
  private var byItself: SpeedUp {
    guard hasLine, let change = console.dialect.speedChange, !change.strands || hasReset,
      let highest = change.rates.max(), highest > console.speed
    else { return .never }
    return .allowed(to: highest)
  }

  private var hasLine: Bool { endpoint?.hasModemLines ?? true }

  private func checked(_ rate: Sourced<Int>) -> Int? {
    guard ConsoleRule.speeds.contains(rate.value) else {
      let most = ConsoleRule.speeds.upperBound
      findings.add(rate.path, "expected a line rate from 1 to \(most) baud, found \(rate.value)")
      return nil
    }
    let dialect = console.dialect
    guard let change = dialect.speedChange else {
      findings.add(rate.path, "dialect `\(dialect.name)` cannot change its line rate; leave out `speedUp`")
      return nil
    }
    let offered = change.rates.map(String.init).joined(separator: ", ")
    if !change.rates.contains(where: { $0 > console.speed && $0 <= rate.value }) {
      findings.add(
        rate.path,
        "dialect `\(dialect.name)` offers no rate above \(console.speed) and up to \(rate.value) baud; "
          + "it offers \(offered)")
    }
    if !hasLine {
      findings.add(rate.path, "only the rate of a tty can be changed, and this slot's console is behind a `link`")
    }
    return rate.value
  }
}
