import Foundation
import TestSupport
import Testing

@testable import DumpReport

@Suite("Verifying a batch that has not ended")
struct KilledBatchTests {
  private static func wrong(_ batch: BatchSpecimen) throws -> [VerificationFinding] {
    try batch.verified().findings.filter { $0.severity == .wrong }
  }

  @Test("says that it was killed, and what to do, where nothing but images and states are left")
  func killedAtFirst() throws {
    let batch = try BatchSpecimen(.mixed)
    for name in ["report.json", "SHA256SUMS"] { try batch.remove(name) }
    let findings = try batch.findings()
    #expect(try Self.wrong(batch) == [])
    #expect(
      findings.contains { $0.hasPrefix("notable report.json: expected the report that a batch leaves, found noth") })
    #expect(
      findings.contains { $0.hasPrefix("notable SHA256SUMS: expected the list that a batch leaves when it ends") })
    #expect(try batch.verified().verdict == .unfinished)
    #expect(try batch.verified().units.map(\.folder) == ["unit-A", "unit-B", "unit-C", "unit-D"])
  }

  @Test("says so where the list is one of complete images, and still finds a changed one")
  func killedLater() throws {
    let batch = try BatchSpecimen(.mixed)
    try BatchReport.begin(batch.result)
    #expect(try Self.wrong(batch) == [])
    #expect(try batch.findings().contains { $0.contains("found one of complete images alone: the batch was killed") })
    #expect(try !batch.verified().isAtRest)
    try batch.folder.write([1], to: "unit-A/linux.bin")
    #expect(try batch.verified().verdict == .wrong)
  }

  @Test("takes an image that got its name, or lost it, in the last instant for what it is")
  func lastInstant() throws {
    let batch = try BatchSpecimen(.mixed)
    try BatchReport.begin(batch.result)
    try batch.move("unit-D/half.bin.partial", to: "unit-D/half.bin")
    #expect(try Self.wrong(batch) == [])
    let findings = try batch.findings()
    #expect(
      findings.contains { $0.hasSuffix("the batch was killed here: go on with `batchdump resume`") }, "\(findings)")
  }

  @Test("takes a complete image that was gone on with in the last instant for what it is; sha256sum agrees")
  func goneOnWith() throws {
    let batch = try BatchSpecimen(.mixed)
    try BatchReport.begin(batch.result)
    try batch.move("unit-C/boot.bin", to: "unit-C/boot.bin.partial")
    #expect(try Self.wrong(batch) == [])
    #expect(try batch.folder.checkSums().status == 0)
  }

  @Test("does not take one for at rest that has no list, for no image of it is proven")
  func nothingProven() throws {
    let batch = try BatchSpecimen(.mixed)
    var result = batch.result
    result.units.removeAll { $0.slot != "C" }
    for folder in ["unit-A", "unit-B", "unit-D"] { try batch.remove(folder) }
    _ = try BatchReport.write(audited: result, isAtRest: false)
    #expect(try Self.wrong(batch) == [])
    #expect(try batch.verified().verdict == .unfinished)
  }

  @Test("misses no image of the report in such a list")
  func shortened() throws {
    let batch = try BatchSpecimen(.mixed)
    try BatchReport.begin(batch.result)
    let lines = try batch.folder.read("SHA256SUMS").split(separator: 0x0A)
    try batch.folder.write(lines.dropLast().flatMap { $0 + [0x0A] }, to: "SHA256SUMS")
    #expect(try batch.findings().contains { $0.contains("expected SHA256SUMS to list every complete image") })
  }

  @Test("checks nothing while another process works there")
  func atWork() throws {
    let batch = try BatchSpecimen(.verified)
    let lock = try BatchLock(batch.folder.path)
    try withExtendedLifetime(lock) {
      let findings = try batch.findings()
      #expect(findings.count == 1 && findings[0].contains("found another batchdump at work in it"), "\(findings)")
      #expect(try batch.verified().verdict == .unfinished && batch.verified().isAtWork)
    }
  }
}
