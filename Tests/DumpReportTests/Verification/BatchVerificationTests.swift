import Foundation
import TestSupport
import Testing

@testable import DumpReport

@Suite("Verifying a batch")
struct BatchVerificationTests {
  @Test("finds nothing where all is as it was left, complete and proven")
  func right() throws {
    let verification = try BatchSpecimen(.verified).verified()
    #expect(verification.findings == [])
    #expect(verification.verdict == .right)
    #expect(verification.isAtRest)
    #expect(verification.units.map(\.folder) == ["unit-A", "unit-B"])
  }

  @Test("finds nothing where a unit calls itself like a file that is half written, and the list has it")
  func oddName() throws {
    let batch = try BatchSpecimen(.oddlyNamed)
    #expect(try batch.findings() == [])
    let list = String(decoding: try batch.folder.read("SHA256SUMS"), as: UTF8.self)
    #expect(list.contains("  unit-C.tmp/linux.bin\n"))
  }

  @Test("tells what is incomplete or unproven, by unit, and calls nothing wrong")
  func unfinished() throws {
    let verification = try BatchSpecimen(.mixed).verified()
    #expect(verification.verdict == .unfinished)
    #expect(
      verification.findings.map { "\($0.severity) \($0.unit ?? "-") \($0.text)" } == [
        "notable unit-C could not be read",
        "notable unit-C boot.bin: nothing proves 132,096 of 132,096 bytes",
        "notable unit-C half.bin: 62,208 of 132,096 bytes are missing",
        "notable unit-C half.bin: nothing proves 4,096 of 132,096 bytes",
        "notable unit-D stopped",
        "notable unit-D half.bin: 62,208 of 132,096 bytes are missing",
        "notable unit-D half.bin: nothing proves 4,096 of 132,096 bytes",
        "notable unit-D rest.bin: 132,096 of 132,096 bytes are missing",
      ])
  }

  /// Each row: what is done, and what is said of it.
  static let listCases: [(Change, String)] = [
    (
      { try $0.edit("SHA256SUMS", "b", "B") },
      "wrong SHA256SUMS: expected the list as batchdump writes it; line 1: expected digits in lower case"
    ),
    ({ try $0.edit("SHA256SUMS", "  batch", " *batch") }, "line 1: expected digits in lower case, two blanks"),
    (
      { batch in
        let list = try batch.folder.read("SHA256SUMS")
        try batch.folder.write(list + list, to: "SHA256SUMS")
      }, "expected each path once, found it again"
    ),
    (
      { batch in
        let lines = try batch.folder.read("SHA256SUMS").split(separator: 0x0A).reversed()
        try batch.folder.write(lines.flatMap { $0 + [0x0A] }, to: "SHA256SUMS")
      }, "line 2: expected lines sorted by path, found one out of order"
    ),
    (
      { try $0.folder.write($0.folder.read("SHA256SUMS").dropLast(), to: "SHA256SUMS") },
      "expected a line end behind the last line, found none"
    ),
    ({ try $0.folder.write([], to: "SHA256SUMS") }, "expected a line end behind the last line, found an empty file"),
    (
      { try $0.edit("SHA256SUMS", "  batch", "batch") }, "line 1: expected 64 hex digits, two blanks and a path, found "
    ),
    (
      { try $0.remove("SHA256SUMS") },
      "wrong SHA256SUMS: expected the list of all files, for report.json tells of complete images, found nothing"
    ),
    (
      { try $0.edit("SHA256SUMS", "unit-A/console.log\n", "../unit-A/console.log\n") },
      "wrong SHA256SUMS: expected paths of files in this folder and in folders of units, found ../unit-A/console.log"
    ),
    ({ try $0.edit("SHA256SUMS", "batch.json", "/etc/passwd") }, "found /etc/passwd, which was not opened"),
    (
      { try $0.remove("unit-A/linux.bin") },
      "wrong unit-A/linux.bin: expected the file that SHA256SUMS lists, found nothing; take it from a copy"
    ),
    (
      { try $0.move("unit-A/linux.bin", to: "unit-B/other") },
      "wrong unit-A/linux.bin: expected the file that SHA256SUMS lists, found it renamed to unit-B/other; rename it"
    ),
    (
      { batch in
        try batch.move("unit-A/linux.bin", to: "x")
        try batch.move("unit-A/romfs.bin", to: "unit-A/linux.bin")
        try batch.move("x", to: "unit-A/romfs.bin")
      }, "found what is listed as unit-A/romfs.bin: the two are swapped; rename them"
    ),
    (
      { try $0.folder.write($0.folder.read("unit-A/romfs.bin"), to: "unit-A/linux.bin") },
      "wrong unit-A/linux.bin: expected what SHA256SUMS lists, found a copy of unit-A/romfs.bin"
    ),
    ({ try $0.edit("unit-A/console.log", "U-Boot", "u-Boot") }, "of SHA256SUMS, found "),
    (
      { try $0.folder.write([1], to: "unit-A/extra") },
      "wrong unit-A/extra: expected files that SHA256SUMS lists, found one that it does not; remove it"
    ),
    (
      { batch in
        try batch.remove("unit-A/linux.bin")
        try batch.folder.write([1], to: "unit-A/linux.bin/inside")
      }, "expected plain files alone in a unit's folder, found a folder: remove it"
    ),
  ]

  @Test("tells what is wrong with the list of checksums and with files by it", arguments: listCases.indices)
  func list(index: Int) throws { try BatchSpecimen.check(Self.listCases[index].0, Self.listCases[index].1) }

  static let reportCases: [(Change, String)] = [
    (
      { try $0.edit("report.json", "\"verified\" : false", "\"verified\" : true") },
      "wrong report.json: expected unit-C/boot.bin not to be called verified, for nothing proves 132,096 bytes of it"
    ),
    (
      { try $0.edit("report.json", "\"standing\" : \"partial\"", "\"standing\" : \"verified\"") },
      "expected the standing of unit-C to be partial by what the report tells in detail, found verified"
    ),
    ({ try $0.edit("report.json", "\"exitStatus\" : 3", "\"exitStatus\" : 0") }, "expected exitStatus to be 3 by"),
    (
      { try $0.edit("report.json", "\"failed\" : 1", "\"failed\" : 0") },
      "expected summary.failed to be 1 by what the report tells in detail, found 0"
    ),
    (
      { try $0.edit("report.json", "\"seconds\" : 61.5", "\"seconds\" : 9") },
      "expected the seconds of unit-A to be 61.5"
    ),
    ({ try $0.edit("report.json", "\"held\" : 69888", "\"held\" : 7") }, "expected the bytes held of unit-C/half.bin"),
    (
      { try $0.edit("report.json", "\"complete\" : true", "\"complete\" : false") },
      "expected completeness false, as report.json says, found true"
    ),
    (
      { try $0.edit("report.json", "\"evidence\" : \"none\"", "\"evidence\" : \"reread\"") },
      "wrong unit-C/boot.evidence.json: expected blocks 0x0 to 0x20400 reread wire, as report.json says, found 0x0 to "
    ),
    (
      { try $0.edit("report.json", "\"crc32\" : \"", "\"crc32\" : \"x") },
      "expected what report.schema.json allows, found that $.units[0].regions[0].crc32 does not match ^[0-9a-f]{8}$"
    ),
    ({ try $0.edit("report.json", "\"slot\"", "\"slut\"") }, "found that $.units[0] has an unknown key slut"),
    (
      { try $0.edit("report.json", "{", "{ ") },
      "wrong report.json: expected the bytes that batchdump writes for what it"
    ),
    ({ try $0.edit("report.json", "{", "") }, "wrong report.json: expected JSON, found "),
    (
      { try $0.edit("report.json", "44:0A", "44:0F") },
      "wrong unit-A/unit.json: expected the fact mac 00:11:22:33:44:0F"
    ),
    (
      { try $0.edit("report.json", "\"folder\" : \"unit-A\"", "\"folder\" : \"../unit-A\"") },
      "expected plain names of folders and files for slot A, found ../unit-A and linux.bin, romfs.bin"
    ),
    (
      { try $0.edit("report.json", "\"folder\" : \"unit-A\"", "\"folder\" : \"unit-B\"") },
      "expected a folder of its own for each unit, found unit-B for two"
    ),
    (
      { try $0.edit("report.json", "\"size\" : 132096", "\"size\" : 9223372036854775807") }, "expected regions of 1 to "
    ),
    ({ try $0.edit("report.json", "\"0x20400\"", "\"0xFFFFFFFFFFFFFFFF\"") }, "expected ranges within 132,096 bytes"),
    (
      { try $0.edit("report.json", "camera-line", "other") },
      "wrong batch.json: expected the batch other, as report.json"
    ),
    ({ try $0.edit("manifest.json", "{}", "{ }") }, "wrong manifest.json: expected the manifest with sha256 "),
    (
      { try $0.edit("batch.json", "/bench", "/bench\u{1B}[2J") },
      "wrong batch.json: expected the record of a batch, found "
    ),
    ({ try $0.edit("batch.json", "{", "{ ") }, "wrong batch.json: expected the bytes that batchdump writes"),
    (
      { try $0.remove("manifest.json") },
      "wrong manifest.json: expected the copy of the manifest that batch.json tells of"
    ),
  ]

  @Test(
    "tells what is wrong with the batch's own files, also where the list is made to fit", arguments: reportCases.indices
  )
  func report(index: Int) throws {
    try BatchSpecimen.check(
      { batch in
        try Self.reportCases[index].0(batch)
        try batch.reseal()
      }, Self.reportCases[index].1)
  }
}
