import Foundation
import TestSupport
import Testing

@testable import DumpReport

@Suite("Verifying the units of a batch")
struct UnitVerificationTests {
  /// Each row: what is done, and what is said of it.
  static let unitCases: [(Change, String)] = [
    (
      { try $0.folder.write($0.folder.read("unit-B/unit.json"), to: "unit-A/unit.json") },
      "wrong unit-A/unit.json: expected the state of the unit in unit-A, found that of unit-B"
    ),
    (
      { try $0.folder.write($0.folder.read("unit-A/romfs.evidence.json"), to: "unit-A/linux.evidence.json") },
      "wrong unit-A/linux.evidence.json: expected the evidence of linux (linux.bin, 132,096 bytes at 0x7F0E0000), found that"
    ),
    (
      { try $0.folder.write($0.folder.read("unit-B/linux.evidence.json"), to: "unit-A/linux.evidence.json") },
      "wrong unit-A/linux.evidence.json: expected sha256 "
    ),
    (
      { try $0.remove("unit-A/unit.json") },
      "wrong unit-A/unit.json: expected the state of a unit that report.json tells"
    ),
    (
      { try $0.remove("unit-A/linux.evidence.json") },
      "wrong unit-A/linux.evidence.json: expected the evidence of 132,096 bytes, found nothing"
    ),
    (
      { try $0.edit("unit-A/linux.evidence.json", "{", "{ ") },
      "expected the bytes that batchdump writes for what it says"
    ),
    (
      { try $0.edit("unit-A/linux.evidence.json", "{", "") },
      "wrong unit-A/linux.evidence.json: expected a region's evidence"
    ),
    (
      { try $0.edit("unit-A/unit.json", "\"name\":\"linux\"", "\"name\":\"../../linux\"") },
      "expected names without a folder"
    ),
    (
      { try $0.edit("unit-A/linux.evidence.json", "32768", "32760") },
      "wrong unit-A/linux.evidence.json: expected blocks 0x0 to 0x8000 md5 wire, 0x8000 to 0x20400 reread earlier, as rep"
    ),
    ({ try $0.remove("unit-A/linux.map") }, "wrong unit-A/linux.map: expected the map of linux, found nothing"),
    (
      { try $0.edit("unit-A/linux.map", "  +\n", "  !\n") },
      "wrong unit-A/linux.map: expected a map, found that line 5: "
    ),
    (
      { try $0.edit("unit-A/linux.map", "  +\n", "  ?\n") },
      "notable unit-A/linux.map: expected the map that follows from the evidence, found 132,096 bytes marked by hand"
    ),
    (
      { try $0.edit("unit-C/half.map", "  -\n", "  +\n") },
      "wrong unit-C/half.map: expected nothing called finished but what is by the evidence, found 3,840 bytes more, the "
        + "first at 0x10100"
    ),
    ({ try flip("unit-A/linux.bin", 0x10005, $0) }, "wrong unit-A/linux.bin: expected sha256 "),
    ({ try flip("unit-A/linux.bin", 0x10005, $0) }, "wrong unit-A/linux.bin: expected the unit's own md5 "),
    ({ try flip("unit-A/romfs.bin", 0x10005, $0) }, "wrong unit-A/romfs.bin: expected the unit's own crc32 "),
    ({ try flip("unit-B/linux.bin", 0x10005, $0) }, "wrong unit-B/linux.bin: expected the unit's own sha1 "),
    (
      { try flip("unit-A/linux.bin", 0x10005, $0) },
      "found others on 1 of its pages, the first at 0x10000; take it from a copy of the folder, or dump the unit again"
    ),
    (
      { try flip("unit-D/half.bin.partial", 0x100, $0) },
      "wrong unit-D/half.bin.partial: expected the bytes that the evid"
    ),
    (
      { try $0.folder.write($0.folder.read("unit-A/linux.bin") + [0], to: "unit-A/linux.bin") },
      "wrong unit-A/linux.bin: expected an image of 132,096 bytes, found 132,097"
    ),
    (
      { try $0.folder.write($0.folder.read("unit-D/half.bin.partial").dropLast(), to: "unit-D/half.bin.partial") },
      "wrong unit-D/half.bin.partial: expected 73,728 to 132,096 bytes, found 73,727"
    ),
    (
      { try $0.move("unit-D/half.bin.partial", to: "unit-D/half.bin") },
      "wrong unit-D/half.bin: expected half.bin.partial, for the evidence calls it incomplete"
    ),
    (
      { try $0.move("unit-A/linux.bin", to: "unit-A/linux.bin.partial") },
      "wrong unit-A/linux.bin.partial: expected linux.bin, for the evidence calls it complete"
    ),
    (
      { try $0.folder.write([1], to: "unit-A/linux.bin.partial") },
      "wrong unit-A/linux.bin.partial: expected nothing of that name beside the complete image, found one; remove it"
    ),
    (
      { try $0.remove("unit-D/half.bin.partial") },
      "wrong unit-D/half.bin.partial: expected an image of which 69,888 bytes are held, found nothing"
    ),
    (
      { try $0.remove("unit-A") },
      "wrong unit-A: expected the folder of a unit that report.json tells of, found nothing"
    ),
    (
      { try $0.move("unit-A", to: "unit-E") }, "wrong unit-E/unit.json: expected the state of the unit in unit-E, found"
    ),
  ]

  @Sendable private static func flip(_ path: String, _ place: Int, _ batch: BatchSpecimen) throws {
    var bytes = try batch.folder.read(path)
    bytes[place] ^= 1
    try batch.folder.write(bytes, to: path)
  }

  @Test("computes each kind of digest that units have told")
  func cksum() throws {
    let batch = try BatchSpecimen(.verified)
    try Self.flip("unit-B/linux.bin", 7, batch)
    #expect(try batch.findings().contains { $0.contains("unit-B/linux.bin: expected the unit's own cksum ") })
  }

  @Test("tells what is wrong with a unit, also where the list is made to fit", arguments: unitCases.indices)
  func unit(index: Int) throws {
    try BatchSpecimen.check(
      { batch in
        try Self.unitCases[index].0(batch)
        try batch.reseal()
      }, Self.unitCases[index].1)
  }
}
