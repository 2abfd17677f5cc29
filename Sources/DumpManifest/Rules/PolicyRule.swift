import ConsoleDialect
import PositionedDocument

/// Makes a slot's policy of what the slot and the manifest say, and refuses what its console cannot do.
struct PolicyRule {
  private static let defaultRetries = 5
  private static let mostRetries = 1000

  let layers: Layers<PolicyEntry>
  let findings: Findings

  func policy(console: ConsolePlan, endpoint: Endpoint?) -> DumpPolicy {
    let verify = layers.value("verify", \.verify)
    if let verify, verify.value == .digest, console.dialect.digests.isEmpty {
      let others = "`auto` or `reread`"
      findings.add(
        verify.path, "dialect `\(console.dialect.name)` has no command that computes a digest; choose \(others)")
    }
    var policy = DumpPolicy(
      verify: verify?.value ?? .auto, retries: retries(), reuse: layers.value("reuse", \.reuse)?.value ?? .batch,
      speedUp: speedUp(console, endpoint))
    policy.again = layers.value("again", \.again)?.value ?? policy.again
    policy.noAdapter = layers.value("noAdapter", \.noAdapter)?.value ?? policy.noAdapter
    return policy
  }

  private func retries() -> Int {
    guard let retries = layers.value("retries", \.retries) else { return Self.defaultRetries }
    if !(0...Self.mostRetries).contains(retries.value) {
      findings.add(retries.path, "expected 0 to \(Self.mostRetries) retries, found \(retries.value)")
    }
    return retries.value
  }

  private func speedUp(_ console: ConsolePlan, _ endpoint: Endpoint?) -> Int? {
    guard let rate = layers.inner("speedUp", \.speedUp).value("to", \.to) else { return nil }
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
    switch endpoint {
    case .tcp, .unix:
      findings.add(rate.path, "only the rate of a tty can be changed, and this slot's console is behind a `link`")
    case .tty, .adapter, nil: break
    }
    return rate.value
  }
}
