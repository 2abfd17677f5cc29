import ConsoleDialect
import DeviceDigests
import DurableFiles
import Foundation
import TestSupport
import Testing

@testable import DumpEngine
@testable import DumpReport

/// A batch folder as a batch leaves it, written by the same code, without any device.
struct BatchSpecimen {
  let folder: ScratchFolder
  /// What was dumped.
  private(set) var result: BatchResult

  /// Whose units are all verified, or of all kinds, or the last of which calls itself like a file that is half written.
  enum Kind { case verified, mixed, oddlyNamed }

  init(_ kind: Kind) throws {
    folder = try ScratchFolder()
    result = Specimen.batch([], folder: folder.path)
    let manifest = Array("{}".utf8)
    try BatchRecord(
      name: result.name, manifest: .init(file: result.manifestFile, bytes: manifest), bytes: manifest, folder: "/bench",
      started: result.started
    ).write(to: folder.path, manifest: manifest)
    try add("A", [Self.proven("linux", .md5), Self.proven("romfs", .crc32)])
    // `cksum` takes its time in a debug build.
    try add("B", [Self.proven("linux", kind == .mixed ? .sha1 : .cksum, seed: 9)])
    if kind == .mixed {
      try add("C", [Self.unproven, Self.incomplete], failure: "could not be read")
      try add("D", [Self.incomplete, Self.untouched], failure: "stopped")
    }
    if kind == .oddlyNamed { try add("C.tmp", [Self.proven("linux", .crc32, seed: 10)]) }
    _ = try BatchReport.write(result)
  }

  /// Bytes of two evidence pages and some more, other ones for each seed.
  static let size = 0x20400
  static func bytes(_ seed: UInt64) -> [UInt8] { seededBytes(count: size, seed: seed) }

  /// A region with what the disk is to hold of it.
  struct Region {
    var result: RegionResult
    var bytes: [UInt8]
    var demandsProof = true
  }

  private static func region(_ name: String) -> RegionResult {
    RegionResult(name: name, file: "\(name).bin", address: 0x7F0E_0000, size: size)
  }

  static func proven(_ name: String, _ algorithm: DigestAlgorithm, seed: UInt64 = 0) -> Region {
    var region = region(name)
    let bytes = bytes(seed + UInt64(name.utf8.first ?? 0))
    region.blocks = [
      BlockRange(range: 0..<0x8000, evidence: .deviceDigest(algorithm), provenance: .wire),
      BlockRange(range: 0x8000..<size, evidence: .reread, provenance: .earlier),
    ]
    region.deviceDigest = DeviceDigest(algorithm: algorithm, value: HostDigest.hex(algorithm, of: bytes))
    return Region(result: complete(region, bytes), bytes: bytes)
  }

  private static func complete(_ region: RegionResult, _ bytes: [UInt8]) -> RegionResult {
    var region = region
    (region.sha256, region.crc32) = (ImageDigest(of: bytes).sha256, ImageDigest(of: bytes).crc32)
    region.checks = [Specimen.passed]
    return region
  }

  private static var unproven: Region {
    var region = region("boot")
    let bytes = bytes(30)
    region.blocks = [BlockRange(range: 0..<size, evidence: .none, provenance: .wire)]
    return Region(result: complete(region, bytes), bytes: bytes, demandsProof: false)
  }

  private static var incomplete: Region {
    var region = region("half")
    region.isPartial = true
    region.blocks = [
      BlockRange(range: 0..<0x10100, evidence: .deviceDigest(.crc32), provenance: .wire),
      BlockRange(range: 0x11000..<0x12000, evidence: .none, provenance: .wire),
    ]
    region.bad = [0x10100..<0x11000]
    region.faults = [BlockFault(range: 0x10100..<0x11000, cause: .noise)]
    return Region(result: region, bytes: Array(bytes(40).prefix(0x12000)))
  }

  private static var untouched: Region { Region(result: region("rest").unread, bytes: []) }

  private mutating func add(_ slot: String, _ regions: [Region], failure: String? = nil) throws {
    var unit = Specimen.unit(slot, regions.map(\.result), failure: failure)
    unit.identity = [IdentityFact(name: "mac", value: "00:11:22:33:44:0\(slot)")]
    let path = "\(folder.path)/\(unit.folder)"
    try BatchFolder(existing: folder.path).makeUnitFolder(named: unit.folder)
    for region in regions where !region.bytes.isEmpty {
      let file = try DiskFile(creating: "\(path)/\(region.result.file)\(region.result.isPartial ? ".partial" : "")")
      try file.write(region.bytes, at: 0)
      var state = RegionState(result: region.result, demandsProof: region.demandsProof)
      try state.pages.update(RangeSet(0..<Self.size), finished: state.finished, of: file)
      try state.save(in: path)
    }
    let scope = try JSONDecoder().decode(
      DumpScope.self, from: Data(#"{ "dialect": "u-boot", "setup": [], "regions": ["of \#(slot)"] }"#.utf8))
    try UnitState(unit: unit, scope: scope).save(in: path)
    try folder.write(Array("07:15:00.1 < U-Boot of \(slot)\\n\n".utf8), to: "\(unit.folder)/console.log")
    try folder.write(seededBytes(count: 99, seed: UInt64(slot.utf8.first ?? 0)), to: "\(unit.folder)/console.log.1.gz")
    result.units.append(unit)
  }

  // MARK: Looking

  /// All files, by path, without those that the list of checksums does not have.
  func files() throws -> [String: [UInt8]] {
    let paths = try BatchFolder(existing: folder.path).files() + [ChecksumList.fileName]
    return Dictionary(uniqueKeysWithValues: try paths.map { ($0, try folder.read($0)) })
  }

  /// What a verification says.
  func verified(key: PublicKey? = nil) throws -> BatchVerification {
    try BatchVerification(folder: folder.path, key: key)
  }

  /// `severity path: message` of each finding.
  func findings(key: PublicKey? = nil) throws -> [String] {
    try verified(key: key).findings.map { "\($0.severity) \($0.text)" }
  }

  // MARK: Changing

  /// Replaces a text within a file by another of which it must be told afterwards whether the list knows of it.
  func edit(_ path: String, _ old: String, _ new: String) throws {
    let text = String(decoding: try folder.read(path), as: UTF8.self)
    guard let range = text.range(of: old) else { throw NotThere(text: old, path: path) }
    try folder.write(Array(text.replacingCharacters(in: range, with: new).utf8), to: path)
  }

  /// Writes the list anew, as somebody would who wants a change to go unnoticed.
  func reseal() throws {
    try folder.write(ChecksumList(resting: result).bytes, to: ChecksumList.fileName)
  }

  func move(_ path: String, to other: String) throws {
    try FileManager.default.moveItem(atPath: "\(folder.path)/\(path)", toPath: "\(folder.path)/\(other)")
  }

  func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: "\(folder.path)/\(path)") }

  struct NotThere: Error {
    let text: String
    let path: String
  }
}

/// What is done to a batch.
typealias Change = @Sendable (BatchSpecimen) throws -> Void

extension BatchSpecimen {
  /// Does something to a batch of all kinds, and expects that to be said of it.
  static func check(_ change: Change, _ expected: String) throws {
    let batch = try BatchSpecimen(.mixed)
    try change(batch)
    let findings = try batch.findings()
    #expect(findings.contains { $0.contains(expected) }, "\(expected)\n\(findings.joined(separator: "\n"))")
  }
}
