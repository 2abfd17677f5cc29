import DumpEngine
import Foundation

extension Report {
  /// The report of an audited batch.
  public init(_ result: BatchResult) {
    format = Self.format
    version = Self.version
    toolVersion = result.toolVersion
    batch = result.name
    manifest = Manifest(file: result.manifestFile, sha256: result.manifestDigest)
    started = result.started
    ended = result.ended
    interrupted = result.interrupted
    exitStatus = Int(result.exitStatus.rawValue)
    summary = Summary(result.units)
    units = result.units.map(Unit.init)
  }

  /// Whole milliseconds; a clock that was set back must not give an unreadable report.
  fileprivate static func seconds(_ value: Double) -> Double {
    value.isFinite ? max(0, (value * 1000).rounded() / 1000) : 0
  }
}

extension Report.Summary {
  /// The units in numbers.
  public init(_ results: [UnitResult]) {
    let regions = results.flatMap(\.regions)
    units = results.count
    verified = results.count { $0.standing == .verified }
    complete = results.count { $0.standing == .complete }
    partial = results.count { $0.standing == .partial }
    failed = results.count { $0.standing == .failed }
    bytesWanted = regions.reduce(0) { $0 + $1.size }
    bytesHeld = regions.reduce(0) { $0 + $1.held }
    bytesVerified = regions.filter(\.isVerified).reduce(0) { $0 + $1.size }
    bytesReused = regions.reduce(0) { $0 + $1.reused }
  }
}

extension Report.Unit {
  /// What a report says of a unit.
  public init(_ unit: UnitResult) {
    slot = unit.slot
    standing = unit.standing
    link = unit.link
    dialect = unit.dialect
    identity = unit.identity.map(Report.Fact.init)
    folder = unit.folder
    console = unit.console.map(Report.Console.init)
    started = unit.started
    ended = unit.ended
    seconds = Report.seconds(unit.ended.timeIntervalSince(unit.started))
    wire = Report.Wire(unit.wire)
    failure = unit.failure.map { Report.Failure(kind: $0.kind, message: $0.message) }
    interrupted = unit.interrupted
    skipped = unit.skipped.map { Report.Skipped(count: $0.count, last: $0.last) }
    regions = unit.regions.map(Report.Region.init)
  }
}

extension Report.Fact {
  /// What a report says of a fact.
  public init(_ fact: IdentityFact) { self.init(name: fact.name, value: fact.value) }
}

extension Report.Console {
  fileprivate init(_ console: LearnedConsole) {
    prompt = console.prompt
    method = console.method
    byteOrder = console.byteOrder
    digests = console.digests
    lineLimit = console.lineLimit
    speed = console.speed
  }
}

extension Report.Wire {
  fileprivate init(_ wire: WireCounters) {
    received = wire.received
    sent = wire.sent
    malformedLines = wire.malformedLines
    gutterMismatches = wire.gutterMismatches
    addressGaps = wire.addressGaps
    foreignLines = wire.foreignLines
    digestMismatches = wire.digestMismatches
    rereadMismatches = wire.rereadMismatches
    recoveries = wire.recoveries
    resets = wire.resets
  }
}

extension Report.Region {
  /// What a report says of a region.
  init(_ region: RegionResult) {
    name = region.name
    file = region.file
    address = HexNumber(region.address)
    size = region.size
    held = region.held
    complete = region.isComplete
    verified = region.isVerified
    sha256 = region.sha256
    crc32 = region.crc32.map { String(String(UInt64($0) | 1 << 32, radix: 16).dropFirst()) }
    deviceDigest = region.deviceDigest.map { Report.Digest(algorithm: $0.algorithm, value: $0.value) }
    blocks = Report.Block.joining(region.blocks)
    sources = Report.Source.summing(blocks)
    missing = region.missing.map(Report.Extent.init)
    bad = region.bad.map(Report.Extent.init)
    faults = region.faults.isEmpty ? nil : region.faults.map(Report.Fault.init)
    checks = region.checks.map { Report.Check(kind: $0.kind, passed: $0.passed, message: $0.message) }
    seconds = Report.seconds(region.seconds)
    rereadBytes = region.rereadBytes
  }
}

extension Report.Extent {
  fileprivate init(_ range: Range<Int>) {
    start = HexNumber(UInt64(range.lowerBound))
    end = HexNumber(UInt64(range.upperBound))
  }
}

extension Report.Fault {
  fileprivate init(_ fault: BlockFault) {
    start = HexNumber(UInt64(fault.range.lowerBound))
    end = HexNumber(UInt64(fault.range.upperBound))
    cause = fault.cause
  }
}

extension Report.Source {
  /// What came from where.
  fileprivate static func summing(_ blocks: [Report.Block]) -> [Report.Source] {
    blocks.reduce(into: []) { sources, block in
      let bytes = Int(block.end.value - block.start.value)
      if let index = sources.firstIndex(where: { $0.isOf(block) }) {
        sources[index].bytes += bytes
      } else {
        sources.append(
          Report.Source(
            provenance: block.provenance, sibling: block.sibling, evidence: block.evidence, algorithm: block.algorithm,
            bytes: bytes))
      }
    }
  }

  private func isOf(_ block: Report.Block) -> Bool {
    provenance == block.provenance && sibling == block.sibling && evidence == block.evidence
      && algorithm == block.algorithm
  }
}

extension Report.Block {
  /// Sorted, with neighbours joined: a region of 16 MiB in 4 KiB blocks is one line, not four thousand.
  fileprivate static func joining(_ ranges: [BlockRange]) -> [Report.Block] {
    ranges.sorted { $0.range.lowerBound < $1.range.lowerBound }.map(Report.Block.init).reduce(into: []) {
      joined, block in
      if let last = joined.last, last.end == block.start, last.isAlike(block) {
        joined[joined.count - 1].end = block.end
      } else {
        joined.append(block)
      }
    }
  }

  private func isAlike(_ other: Report.Block) -> Bool {
    evidence == other.evidence && algorithm == other.algorithm && provenance == other.provenance
      && sibling == other.sibling
  }

  private init(_ block: BlockRange) {
    start = HexNumber(UInt64(block.range.lowerBound))
    end = HexNumber(UInt64(block.range.upperBound))
    switch block.evidence {
    case .deviceDigest(let algorithm): (evidence, self.algorithm) = (.deviceDigest, algorithm)
    case .reread: evidence = .reread
    case .imageFooter: evidence = .imageFooter
    case .none: evidence = .none
    }
    switch block.provenance {
    case .wire: provenance = .wire
    case .earlier: provenance = .earlier
    case .constant: provenance = .constant
    case .reference: provenance = .reference
    case .sibling(let folder): (provenance, sibling) = (.sibling, folder)
    }
  }
}
