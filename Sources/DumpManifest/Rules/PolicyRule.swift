import ConsoleDialect
import PositionedDocument

/// Makes a slot's policy of what the slot and the manifest say, and refuses what its console cannot do.
struct PolicyRule {
  private static let defaultRetries = 5
  private static let mostRetries = 1000
  /// Less would not hold the way to the prompt; more is more than any unit has to say.
  private static let transcriptSizes: ClosedRange<UInt64> = 1 << 20...1 << 40

  /// What stands for a unit's last dump.
  private static let previous = "previous"

  let layers: Layers<PolicyEntry>
  let folder: ManifestFolder
  let findings: Findings

  func policy(console: ConsolePlan, endpoint: Endpoint?, hasReset: Bool) -> DumpPolicy {
    let speeds = SpeedRule(console: console, endpoint: endpoint, hasReset: hasReset, findings: findings)
    let verify = layers.value("verify", \.verify)
    if let verify, verify.value == .digest, console.dialect.digests.isEmpty {
      let others = "`auto` or `reread`"
      findings.add(
        verify.path, "dialect `\(console.dialect.name)` has no command that computes a digest; choose \(others)")
    }
    var policy = DumpPolicy(
      verify: verify?.value ?? .auto, retries: retries(), reuse: layers.value("reuse", \.reuse)?.value ?? .batch,
      speedUp: speeds.speedUp(layers.value("speedUp", \.speedUp)))
    policy.reference = reference(policy)
    policy.again = layers.value("again", \.again)?.value ?? policy.again
    policy.noAdapter = layers.value("noAdapter", \.noAdapter)?.value ?? policy.noAdapter
    policy.transcript = transcript() ?? policy.transcript
    return policy
  }

  private func reference(_ policy: DumpPolicy) -> ReferenceSource? {
    guard let source = layers.value("reference", \.reference) else { return nil }
    if source.value.isEmpty {
      findings.add(source.path, "expected the folder of an earlier batch, or `\(Self.previous)`, found nothing")
    }
    if policy.reuse == .never || policy.reuse == .constant {
      findings.add(
        source.path, "`reuse: \(policy.reuse.rawValue)` takes nothing from a reference; leave out one of them")
    }
    return source.value == Self.previous ? .previous : .batch(folder: folder.resolve(source.value))
  }

  private func transcript() -> Int? {
    guard let limit = layers.value("transcript", \.transcript) else { return nil }
    let bytes = limit.value.value
    guard bytes == 0 || Self.transcriptSizes.contains(bytes) else {
      findings.add(limit.path, "expected 0 for no transcript, or a limit from 1 MiB to 1024 GiB, found \(bytes.hex)")
      return nil
    }
    return Int(bytes)
  }

  private func retries() -> Int {
    guard let retries = layers.value("retries", \.retries) else { return Self.defaultRetries }
    if !(0...Self.mostRetries).contains(retries.value) {
      findings.add(retries.path, "expected 0 to \(Self.mostRetries) retries, found \(retries.value)")
    }
    return retries.value
  }
}
