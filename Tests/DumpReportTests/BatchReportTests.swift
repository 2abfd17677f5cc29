import DumpEngine
import DurableFiles
import Foundation
import TestSupport
import Testing

@testable import DumpReport

@Suite("The reports of a batch")
struct BatchReportTests {
  let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
  }

  private func batch(_ units: [UnitResult]) -> BatchResult { Specimen.batch(units, folder: folder.path) }

  @Test("list all files for sha256sum, sorted")
  func checksums() throws {
    let units = [
      Specimen.unit("B", [Specimen.region("romfs"), Specimen.region("linux", evidence: .none)]),
      Specimen.unit("A", [Specimen.region("linux"), Specimen.region("half", held: 0x1000)]),
    ]
    for path in ["unit-B/romfs.bin", "unit-B/linux.bin", "unit-A/linux.bin"] {
      try folder.write(Specimen.bytes, to: path)
    }
    let report = try BatchReport.write(batch(units))
    let sha256 = ImageDigest(of: Specimen.bytes).sha256
    let images = "\(sha256)  unit-A/linux.bin\n\(sha256)  unit-B/linux.bin\n\(sha256)  unit-B/romfs.bin\n"
    let reportDigest = ImageDigest(of: try folder.read("report.json")).sha256
    #expect(readable(try folder.read("SHA256SUMS")) == readable("\(reportDigest)  report.json\n\(images)".utf8))
    let check = try folder.checkSums()
    #expect(check.status == 0, "\(check.output)")
    #expect(report.checksumsPath == "\(folder.path)/SHA256SUMS")
    #expect(try folder.names == ["SHA256SUMS", "report.json", "unit-A", "unit-B"])
    #expect(report.result.exitStatus == .partial)
    #expect(try Report(json: folder.read("report.json")) == Report(report.result).throughJSON())
  }

  @Test("list nothing but complete images while a batch is at work")
  func atWork() throws {
    try folder.write(Specimen.bytes, to: "unit-A/linux.bin")
    try folder.write([1], to: "unit-A/half.bin.partial")
    let audited = batch([Specimen.unit("A", [Specimen.region(), Specimen.region("half", held: 0x1000)])]).audited()
    _ = try BatchReport.write(audited: audited, isAtRest: false)
    let images = "\(ImageDigest(of: Specimen.bytes).sha256)  unit-A/linux.bin\n"
    #expect(readable(try folder.read("SHA256SUMS")) == readable(images.utf8))
    try folder.write([1], to: "SHA256SUMS.sig")
    _ = try BatchReport.write(audited: audited, isAtRest: true)
    #expect(readable(try folder.read("SHA256SUMS")).contains("  unit-A/half.bin.partial"))
    #expect(try folder.names == ["SHA256SUMS", "report.json", "unit-A"])
    try BatchReport.begin(audited)
    #expect(readable(try folder.read("SHA256SUMS")) == readable(images.utf8))
    #expect(try folder.checkSums().status == 0)
  }

  /// A unit that failed, was stopped, or has unproven bytes is gone on with when it is back: its image is then partial
  /// again while the list still stands.
  @Test("leave out at work what may be gone on with at any instant, and list it at rest")
  func mayBeGoneOnWith() throws {
    let units = [
      Specimen.unit("proven", [Specimen.region(), Specimen.region("romfs", evidence: .none)]),
      Specimen.unit("failed", failure: "no prompt"), Specimen.unit("stopped", interrupted: true),
    ]
    for path in units.flatMap({ unit in unit.regions.map { "\(unit.folder)/\($0.file)" } }) {
      try folder.write(Specimen.bytes, to: path)
    }
    let audited = batch(units).audited()
    _ = try BatchReport.write(audited: audited, isAtRest: false)
    let sha256 = ImageDigest(of: Specimen.bytes).sha256
    #expect(readable(try folder.read("SHA256SUMS")) == readable("\(sha256)  unit-proven/linux.bin\n".utf8))
    _ = try BatchReport.write(audited: audited, isAtRest: true)
    let text = readable(try folder.read("SHA256SUMS"))
    for path in ["failed/linux", "proven/linux", "proven/romfs", "stopped/linux"] {
      #expect(text.contains("\(sha256)  unit-\(path).bin\\n"), "\(path)")
    }
  }

  @Test("have no list of checksums at work where no image is complete")
  func nothingComplete() throws {
    let audited = batch([Specimen.unit("A", [Specimen.region(held: 0x1000)])]).audited()
    try folder.write([1], to: "SHA256SUMS")
    let report = try BatchReport.write(audited: audited, isAtRest: false)
    #expect(try folder.names == ["report.json"])
    #expect(report.result.exitStatus == .nothingUsable)
  }

  /// Each row: what is done to the file, and what the failed check says.
  @Test(
    "fail a region whose file is not what the session wrote",
    arguments: [
      ("changed", "expected sha256 "), ("short", "expected 12,288 bytes on the disk, found 12,287: "),
      ("long", "expected 12,288 bytes on the disk, found 12,289: "), ("gone", "cannot open "), ("link", "cannot open "),
      ("folder", "cannot read "),
    ])
  func audit(change: String, message: String) throws {
    try folder.write(Specimen.bytes, to: "unit-good/linux.bin")
    try damage("unit-bad/linux.bin", change)
    let report = try BatchReport.write(batch([Specimen.unit("good"), Specimen.unit("bad")]))
    let region = report.result.units[1].regions[0]
    #expect(region.checks.map(\.kind) == ["file"])
    #expect(region.checks[0].message.hasPrefix(message), "\(region.checks[0].message)")
    #expect(!region.isVerified && !region.isUsable)
    #expect(report.result.units.map(\.standing) == [.verified, .failed])
    #expect(readable(try folder.read("SHA256SUMS")).hasSuffix("  unit-good/linux.bin\\n"))
    let check = try folder.checkSums()
    #expect(check.status == 0, "\(check.output)")
    #expect(report.result.audited().units[1].regions[0].checks == region.checks, "a second audit says it once")
  }

  private func damage(_ path: String, _ change: String) throws {
    switch change {
    case "changed":
      var bytes = Specimen.bytes
      bytes[0x2FFF] ^= 1
      try folder.write(bytes, to: path)
    case "short": try folder.write(Array(Specimen.bytes.dropLast()), to: path)
    case "long": try folder.write(Specimen.bytes + [0], to: path)
    case "link":
      try folder.write(Specimen.bytes, to: "elsewhere")
      try folder.write([], to: "unit-bad/other")
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder.path)/\(path)", withDestinationPath: "\(folder.path)/elsewhere")
    case "folder": try folder.write([], to: "\(path)/inside")
    default: break
    }
  }

  @Test("never read or list what lies outside the batch folder", arguments: ["..", "../x", "a/b", "/etc", "", "."])
  func outside(name: String) throws {
    try folder.write(Specimen.bytes, to: "x/linux.bin")
    var unit = Specimen.unit("A")
    unit.folder = name
    var region = Specimen.region()
    region.file = name
    for result in [[unit], [Specimen.unit("A", [region])]] {
      let audited = Specimen.batch(result, folder: "\(folder.path)/run").audited()
      #expect(audited.units[0].regions[0].checks.map(\.passed) == [false])
      #expect(ChecksumList(audited).lines.isEmpty)
    }
  }

  @Test("take a complete image without the session's digest for unproven")
  func noDigest() throws {
    try folder.write(Specimen.bytes, to: "unit-A/linux.bin")
    var region = Specimen.region()
    region.sha256 = nil
    let audited = batch([Specimen.unit("A", [region])]).audited()
    #expect(audited.exitStatus == .nothingUsable)
    #expect(
      audited.units[0].regions[0].checks.first?.message.hasPrefix("expected sha256 from the session, which left none")
        == true)
  }

  @Test(
    "escape names as sha256sum does", arguments: ["plain.bin", "back\\slash.bin", "new\nline.bin", "a b.bin", "é.bin"])
  func escapes(name: String) throws {
    try folder.write(Specimen.bytes, to: "unit/\(name)")
    let line = ChecksumList.line(sha256: ImageDigest(of: Specimen.bytes).sha256, path: "unit/\(name)")
    try folder.write(Array("\(line)\n".utf8), to: "SHA256SUMS")
    let check = try folder.checkSums()
    #expect(check.status == 0, "\(readable(line.utf8)): \(check.output)")
    #expect(line.hasPrefix("\\") == (name.contains("\\") || name.contains("\n")))
  }

  @Test("cannot be written to a folder that is gone")
  func noFolder() {
    let error = #expect(throws: DiskError.self) {
      try BatchReport.write(Specimen.batch([], folder: "\(folder.path)/x"))
    }
    #expect(error?.path == "\(folder.path)/x")
  }
}

extension Report {
  /// The report with its times rounded as JSON holds them.
  func throughJSON() throws -> Report { try Report(json: json()) }
}
