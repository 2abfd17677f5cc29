import ConsoleDialect
import PositionedDocument

/// What is asked of a unit, as far as it is said in one place: of each part nothing, or all of it.
struct Targets {
  var identity: Sourced<[IdentityRule]>?
  var setup: Sourced<[String]>?
  var regions: [Sourced<RegionPlan>]?

  /// Makes and checks the parts of the manifest, or of the slot, that stands at `path`.
  init(
    identity: [IdentityEntry]?, setup: [String]?, regions: [RegionEntry]?, at path: DocumentPath, findings: Findings
  ) {
    if let identity {
      let place = path.key("identity")
      self.identity = Sourced(value: Self.rules(identity, at: place, findings), path: place)
    }
    if let setup {
      let place = path.key("setup")
      for (index, command) in setup.enumerated() {
        findings.add(place.index(index), ifAny: CommandRule.objection(to: command))
      }
      self.setup = Sourced(value: setup, path: place)
    }
    if let regions {
      self.regions = RegionRule(findings: findings).regions(regions, at: path.key("regions"))
    }
  }

  private static func rules(
    _ entries: [IdentityEntry], at path: DocumentPath, _ findings: Findings
  ) -> [IdentityRule] {
    var names = Names("identity", findings)
    return entries.enumerated().map { index, entry in
      let place = path.index(index)
      names.add(entry.name, at: place.key("name"), objection: NameRule.objection(to: entry.name))
      if let command = entry.command { findings.add(place.key("command"), ifAny: CommandRule.objection(to: command)) }
      return IdentityRule(
        name: entry.name, command: entry.command, pattern: entry.pattern,
        required: entry.required ?? (entry.command != nil))
    }
  }

  /// These parts, and those of `common` that are missing here.
  func filled(from common: Targets) -> Targets {
    var targets = self
    targets.identity = identity ?? common.identity
    targets.setup = setup ?? common.setup
    targets.regions = regions ?? common.regions
    return targets
  }

  /// Checks that all commands go into the console's input line.
  func checkLines(_ dialect: Dialect, _ findings: Findings) {
    for (index, rule) in (identity?.value ?? []).enumerated() {
      guard let identity, let command = rule.command else { continue }
      let place = identity.path.index(index).key("command")
      findings.add(place, ifAny: CommandRule.objection(to: command, in: dialect))
    }
    for (index, command) in (setup?.value ?? []).enumerated() {
      guard let setup else { continue }
      findings.add(setup.path.index(index), ifAny: CommandRule.objection(to: command, in: dialect))
    }
    for region in regions ?? [] {
      guard case .staged(let staging) = region.value.source else { continue }
      let size = region.value.size
      let longest = staging.command(piece: staging.pieces(of: size) - 1, of: size)
      findings.add(region.path.key("staging").key("command"), ifAny: CommandRule.objection(to: longest, in: dialect))
    }
  }
}
