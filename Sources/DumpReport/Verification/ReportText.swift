import DumpEngine
import DurableFiles
import Foundation

/// A `report.json` as it was found: what it says, and what is not as this program writes it.
struct ReportText {
  /// The file's name.
  static let fileName = "report.json"

  /// Whether there is a plain file of that name.
  let exists: Bool
  /// What it says; absent where it cannot be read or contradicts itself beyond use.
  let report: Report?
  /// Its units as a batch would have left them; absent where ``report`` is.
  let units: [UnitResult]
  /// What is wrong with it.
  let problems: [String]

  /// Reads the report of a folder; calls block.
  init(_ folder: String, _ scan: FolderScan) {
    exists = scan.isFile(Self.fileName)
    guard exists else {
      (report, units, problems) = (nil, [], [])
      return
    }
    do throws(DiskError) {
      (report, units, problems) = Self.read(try SmallFile.bytes("\(folder)/\(Self.fileName)"))
    } catch {
      (report, units, problems) = (nil, [], ["expected a report that can be read, found \(error.reason)"])
    }
  }

  private static func read(_ bytes: [UInt8]) -> (Report?, [UnitResult], [String]) {
    let complaints = complaints(bytes)
    guard complaints.isEmpty else { return (nil, [], complaints) }
    let report: Report
    do { report = try Report(json: bytes) } catch {
      return (nil, [], ["expected a report of version \(Report.version), found \(error)"])
    }
    let units: [UnitResult]
    do throws(Untrue) { units = try report.units.map { unit throws(Untrue) in try unit.rebuilt() } } catch {
      return (nil, [], [error.description])
    }
    var problems: [String] = []
    if (try? report.json()) != bytes {
      problems.append("expected the bytes that batchdump writes for what it says, found other ones; \(Remedy.edited)")
    }
    return (report, units, problems + report.contradictions(units))
  }

  /// What breaks the schema.
  private static func complaints(_ bytes: [UInt8]) -> [String] {
    do {
      var walker = try SchemaWalker(embedded: "report.schema")
      walker.walk(try JSONSerialization.jsonObject(with: Data(bytes), options: [.fragmentsAllowed]))
      return walker.complaints.sorted().map {
        "expected what report.schema.json allows, found that \($0); \(Remedy.edited), or use the version of batchdump "
          + "that wrote it"
      }
    } catch {
      return [
        "expected JSON, found \((error as NSError).userInfo[NSDebugDescriptionErrorKey] ?? "none"); \(Remedy.edited)"
      ]
    }
  }
}

/// Why what a report says of a unit cannot be.
struct Untrue: Error, CustomStringConvertible {
  /// Expected, found, where.
  let description: String
}

extension Report.Unit {
  /// The unit as a batch would have left it.
  func rebuilt() throws(Untrue) -> UnitResult {
    var unit = UnitResult(slot: slot, link: link, dialect: dialect, folder: folder)
    unit.identity = identity.map { IdentityFact(name: $0.name, value: $0.value) }
    unit.regions = try regions.map { region throws(Untrue) in try region.rebuilt(in: folder) }
    (unit.started, unit.ended) = (started, ended)
    unit.failure = failure.map { UnitResult.Failure(kind: $0.kind, message: $0.message) }
    unit.interrupted = interrupted
    unit.skipped = skipped.map { SkippedArrivals(count: $0.count, last: $0.last) }
    return unit
  }
}

extension Report.Region {
  /// Most bytes that a region may have, so that no sum overflows.
  private static let largest = 1 << 40

  /// The region as a session would have left it. Only what no detail tells is taken from the flags.
  fileprivate func rebuilt(in folder: String) throws(Untrue) -> RegionResult {
    guard (1...Self.largest).contains(size) else {
      throw Untrue(
        description:
          "expected regions of 1 to \(Self.largest.grouped) bytes, found \(size.grouped) for \(folder)/\(file);"
          + " \(Remedy.edited)")
    }
    var region = RegionResult(name: name, file: file, address: address.value, size: size)
    region.isPartial = !complete
    region.blocks = try blocks.map { block throws(Untrue) in
      BlockRange(
        range: try range(block.start, block.end), evidence: try evidence(of: block),
        provenance: block.provenance == .sibling
          ? .sibling(block.sibling ?? "") : Provenance(rawValue: block.provenance.rawValue) ?? .wire)
    }
    for (left, right) in zip(region.blocks, region.blocks.dropFirst())
    where left.range.upperBound > right.range.lowerBound {
      throw Untrue(
        description: "expected blocks in order, found \(right.range.words) behind \(left.range.words) for "
          + "\(folder)/\(file); \(Remedy.edited)")
    }
    region.bad = try bad.map { extent throws(Untrue) in try range(extent.start, extent.end) }
    region.faults = try (faults ?? []).map { fault throws(Untrue) in
      BlockFault(range: try range(fault.start, fault.end), cause: fault.cause)
    }
    (region.sha256, region.crc32) = (sha256, crc32.flatMap { UInt32($0, radix: 16) })
    region.deviceDigest = deviceDigest.map { DeviceDigest(algorithm: $0.algorithm, value: $0.value) }
    region.checks = checks.map { CheckResult(kind: $0.kind, passed: $0.passed, message: $0.message) }
    (region.seconds, region.rereadBytes) = (seconds, rereadBytes)
    return region
  }

  private func range(_ start: HexNumber, _ end: HexNumber) throws(Untrue) -> Range<Int> {
    guard start.value < end.value, end.value <= UInt64(size) else {
      throw Untrue(
        description: "expected ranges within \(size.grouped) bytes, found \(start.value.hex) to \(end.value.hex) for "
          + "\(file); \(Remedy.edited)")
    }
    return Int(start.value)..<Int(end.value)
  }

  private func evidence(of block: Report.Block) throws(Untrue) -> Evidence {
    switch (block.evidence, block.algorithm) {
    case (.deviceDigest, let algorithm?): return .deviceDigest(algorithm)
    case (.reread, nil): return .reread
    case (.imageFooter, nil): return .imageFooter
    case (.none, nil): return .none
    default:
      throw Untrue(
        description: "expected an algorithm for evidence by the unit's digest and for no other, found "
          + "\(block.evidence.rawValue) with \(block.algorithm?.rawValue ?? "none") for \(file); \(Remedy.edited)")
    }
  }
}

extension Range<Int> {
  /// As messages write it: `0x0 to 0x1000`.
  var words: String { "\(lowerBound.hex) to \(upperBound.hex)" }
}
