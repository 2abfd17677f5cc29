import ConsoleDialect
import PositionedDocument

/// Makes regions of what one list of them says. What depends on the console is checked later, slot by slot.
struct RegionRule {
  /// Weeks at usual rates; whoever writes more has mistaken a unit.
  static let largest: UInt64 = 4 << 30
  private static let most = 1000

  let findings: Findings

  /// The regions of a list that stands at `path`; without those that are refused.
  func regions(_ entries: [RegionEntry], at path: DocumentPath) -> [Sourced<RegionPlan>] {
    if entries.isEmpty { findings.add(path, "no region is listed; a slot without one has nothing to dump") }
    guard entries.count <= Self.most else {
      findings.add(path, "\(entries.count) regions are listed; at most \(Self.most) are allowed")
      return []
    }
    var names = Names("region", findings)
    var files = Names("image file", findings)
    var regions: [Sourced<RegionPlan>] = []
    for (index, entry) in entries.enumerated() {
      let place = path.index(index)
      let objection = NameRule.objection(to: entry.name)
      let isGood = names.add(entry.name, at: place.key("name"), objection: objection)
      let file = entry.file ?? Self.file(for: entry.name)
      // What is wrong with a name is wrong with the file called like it: once is enough.
      if isGood || entry.file != nil {
        let filePlace = place.key(entry.file == nil ? "name" : "file")
        files.add(file, at: filePlace, objection: NameRule.objection(toFile: file))
      }
      if let region = region(entry, file: file, at: place) { regions.append(Sourced(value: region, path: place)) }
    }
    OverlapRule(findings: findings).check(regions)
    return regions
  }

  /// A name with an ending is a file name already.
  private static func file(for name: String) -> String {
    let dot = name.lastIndex(of: ".")
    return dot == nil || dot == name.startIndex || name.hasSuffix(".") ? name + ".bin" : name
  }

  private func region(_ entry: RegionEntry, file: String, at path: DocumentPath) -> RegionPlan? {
    let size = entry.size.value
    guard size > 0 else {
      findings.add(path.key("size"), "the size is 0; a region has at least 1 byte")
      return nil
    }
    guard size <= Self.largest else {
      findings.add(path.key("size"), "the size \(size.hex) is larger than 4 GiB, the most that a region may have")
      return nil
    }
    guard let source = source(entry, size: size, at: path) else { return nil }
    let checks = checks(entry.checks ?? [], size: size, at: path.key("checks"))
    if entry.reference == "" { findings.add(path.key("reference"), "expected the path of an image, found nothing") }
    var region = RegionPlan(name: entry.name, file: file, source: source, size: Int(size), checks: checks)
    region.reference = entry.reference
    region.reuse = entry.reuse
    return region
  }

  private func source(_ entry: RegionEntry, size: UInt64, at path: DocumentPath) -> RegionPlan.Source? {
    switch (entry.address, entry.staging) {
    case (let address?, nil):
      if address.value.addingReportingOverflow(size).overflow {
        let message = "address \(address.value.hex) and size \(size.hex) reach beyond the end of 64 bits"
        findings.add(path.key("address"), message)
        return nil
      }
      return .mapped(address: address.value)
    case (nil, let staging?):
      return StagingRule(findings: findings, size: size).staging(staging, at: path.key("staging")).map { .staged($0) }
    case (nil, nil), (.some, .some):
      let found = entry.address == nil ? "neither" : "both"
      findings.add(path, "a region has either `address` or `staging`; found \(found)")
      return nil
    }
  }

  private func checks(_ entries: [CheckEntry], size: UInt64, at path: DocumentPath) -> [ImageCheckRule] {
    entries.enumerated().map { index, entry in
      if let offset = entry.offset, offset.value >= size {
        let message = "offset \(offset.value.hex) lies behind the region's end, \(size.hex)"
        findings.add(path.index(index).key("offset"), message)
      }
      return ImageCheckRule(kind: entry.kind, offset: entry.offset.map { Int(clamping: $0.value) })
    }
  }
}

/// Names of one kind that must differ from each other.
struct Names {
  private let what: String
  private let findings: Findings
  private var places: [String: DocumentPath] = [:]

  init(_ what: String, _ findings: Findings) {
    self.what = what
    self.findings = findings
  }

  /// Takes a name that stands at `path`, unless there is an objection to it or it is taken; tells whether it took it.
  @discardableResult
  mutating func add(_ name: String, at path: DocumentPath, objection: String?) -> Bool {
    if let objection {
      findings.add(path, objection)
      return false
    }
    if let first = places[name] {
      findings.add(path, "the \(what) `\(visible(name))` is there twice; the first is \(first)")
      return false
    }
    places[name] = path
    return true
  }
}
