import ConsoleDialect
import PositionedDocument

/// Makes a plan of a manifest: defaults and overrides applied, everything checked.
///
/// Each part is made where it is written, once; what depends on both a part and a slot's console is checked slot by
/// slot. Problems are collected, not thrown, so that all can be told at once.
struct PlanBuilder {
  private static let mostSlots = 1000

  let file: ManifestFile
  let findings: Findings
  private let folder: ManifestFolder
  private let shelf: DialectShelf
  private let common: Targets

  init(_ file: ManifestFile, folder: ManifestFolder, findings: Findings) {
    self.file = file
    self.findings = findings
    self.folder = folder
    shelf = DialectShelf(file.dialects ?? [:], folder: folder, findings: findings)
    common = Targets(
      identity: file.identity, setup: file.setup, regions: file.regions, at: .root, findings: findings)
  }

  /// The plan; meaningful only where there are no findings.
  func plan() -> BatchPlan {
    findings.add(.root.key("name"), ifAny: NameRule.objection(to: file.name))
    return BatchPlan(
      name: file.name, slots: slots(), maxParallel: maxParallel(),
      onFailure: file.policy?.onFailure ?? .continue, outputFolder: outputFolder())
  }

  private func maxParallel() -> Int? {
    guard let count = file.policy?.maxParallel else { return nil }
    if count < 1 { findings.add(.root.key("policy").key("maxParallel"), "expected at least 1, found \(count)") }
    return count
  }

  private var commonReset: Sourced<ResetEntry>? {
    file.reset.map { Sourced(value: $0, path: .root.key("reset")) }
  }

  private func outputFolder() -> String? {
    guard let path = file.output?.folder else { return nil }
    let place = DocumentPath.root.key("output").key("folder")
    if path.isEmpty { findings.add(place, "the folder's path is empty; leave it out for the default") }
    if path.utf8.contains(0) { findings.add(place, "the folder's path contains a zero byte") }
    return folder.resolve(path)
  }

  // MARK: Slots

  private func slots() -> [SlotPlan] {
    let path = DocumentPath.root.key("slots")
    if file.slots.isEmpty { findings.add(path, "no slot is listed; a batch has at least one") }
    guard file.slots.count <= Self.mostSlots else {
      findings.add(path, "\(file.slots.count) slots are listed; at most \(Self.mostSlots) are allowed")
      return []
    }
    var names = Names("slot", findings)
    var endpoints: [Endpoint: DocumentPath] = [:]
    var slots: [SlotPlan] = []
    for (index, entry) in file.slots.enumerated() {
      let place = path.index(index)
      names.add(entry.name, at: place.key("name"), objection: NameRule.objection(to: entry.name))
      let endpoint = EndpointRule(folder: folder, findings: findings).endpoint(of: entry, at: place)
      if let endpoint {
        if let first = endpoints[endpoint.value] {
          findings.add(endpoint.path, "this console belongs to \(first) already; each slot needs its own")
        } else {
          endpoints[endpoint.value] = place
        }
      }
      if let slot = slot(entry, endpoint?.value, at: place) { slots.append(slot) }
    }
    return slots
  }

  private func slot(_ entry: SlotEntry, _ endpoint: Endpoint?, at path: DocumentPath) -> SlotPlan? {
    let own = Targets(
      identity: entry.identity, setup: entry.setup, regions: entry.regions, at: path, findings: findings)
    let targets = own.filled(from: common)
    if targets.regions == nil {
      let name = visible(entry.name)
      findings.add(path, "slot `\(name)` has no `regions`, and the manifest has none for all slots: nothing to dump")
    }
    let consoles = Layers(
      own: entry.console, ownPath: path.key("console"), common: file.console, commonPath: .root.key("console"))
    guard let console = ConsoleRule(layers: consoles, findings: findings).console(shelf) else { return nil }
    targets.checkLines(console.dialect, findings)
    let policies = Layers(
      own: entry.policy, ownPath: path.key("policy"), common: file.policy?.slots, commonPath: .root.key("policy"))
    var regions = (targets.regions ?? []).map(\.value)
    for index in regions.indices { regions[index].reference = regions[index].reference.map(folder.resolve) }
    let resets = entry.reset.map { Sourced(value: $0, path: path.key("reset")) } ?? commonReset
    let reset = ResetRule(folder: folder, findings: findings).reset(resets, endpoint: endpoint)
    let policy = PolicyRule(layers: policies, folder: folder, findings: findings)
      .policy(console: console, endpoint: endpoint, hasReset: reset != nil)
    let hooks = Layers(own: entry.hooks, ownPath: path.key("hooks"), common: file.hooks, commonPath: .root.key("hooks"))
    guard let endpoint else { return nil }
    return SlotPlan(
      name: entry.name, endpoint: endpoint, console: console, identity: targets.identity?.value ?? [],
      setup: targets.setup?.value ?? [], regions: regions, policy: policy, reset: reset,
      hooks: HookRule(layers: hooks, folder: folder, findings: findings).hooks())
  }
}
