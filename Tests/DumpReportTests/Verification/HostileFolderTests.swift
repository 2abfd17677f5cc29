import DurableFiles
import Foundation
import TestSupport
import Testing

@testable import DumpReport

@Suite("Verifying a hostile folder")
struct HostileFolderTests {
  private static let names = [
    "report.json", "batch.json", "SHA256SUMS", "manifest.json", "unit-A/unit.json", "unit-A/linux.evidence.json",
    "unit-A/linux.map", "unit-A/linux.bin", "unit-A/console.log",
  ]

  @Test("follows no link and opens no pipe or folder in place of a file", arguments: names)
  func kinds(name: String) throws {
    for kind in ["link", "pipe", "folder"] {
      let batch = try BatchSpecimen(.mixed)
      let path = "\(batch.folder.path)/\(name)"
      try batch.move(name, to: ".kept")
      switch kind {
      case "link":
        try FileManager.default.createSymbolicLink(
          atPath: path, withDestinationPath: "\(batch.folder.path)/.kept")
      case "pipe": #expect(mkfifo(path, 0o600) == 0)
      default: try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
      }
      let findings = try batch.verified().findings.filter { $0.severity == .wrong && $0.file == name }
      #expect(findings.contains { $0.message.contains("found a \(kind)") }, "\(kind): \(findings.map(\.message))")
    }
  }

  @Test("follows no link in place of a unit's folder")
  func linkedUnit() throws {
    let batch = try BatchSpecimen(.mixed)
    try batch.move("unit-A", to: ".kept")
    try FileManager.default.createSymbolicLink(
      atPath: "\(batch.folder.path)/unit-A", withDestinationPath: "\(batch.folder.path)/.kept")
    let findings = try batch.findings()
    #expect(findings.contains { $0.hasPrefix("wrong unit-A: expected a plain file or a unit's folder, found a link") })
    #expect(findings.contains { $0.hasPrefix("wrong unit-A/linux.bin: expected the file that SHA256SUMS lists") })
  }

  @Test("survives any bytes in place of a file", arguments: names)
  func garbage(name: String) throws {
    let batch = try BatchSpecimen(.mixed)
    let contents: [[UInt8]] = [
      [], [0], Array(repeating: 0x5B, count: 100_000), Array(repeating: 0x0A, count: 10_000),
      seededBytes(count: 5000, seed: 3),
      Array("{\"a\":".utf8), Array("null\n".utf8), Array("9e999\n".utf8), [0xEF, 0xBB, 0xBF],
    ]
    for bytes in contents {
      try batch.folder.write(bytes, to: name)
      #expect(try batch.verified().verdict == .wrong)
      try batch.reseal()
      // A list that is made anew is right again, and of a transcript nothing but the list knows.
      let isForgiven = name == "unit-A/console.log" || name == "SHA256SUMS"
      #expect(try batch.verified().verdict == (isForgiven ? .unfinished : .wrong))
    }
  }

  @Test(
    "reads no file that is larger than any batch leaves",
    arguments: [
      "report.json", "SHA256SUMS", "unit-A/unit.json", "unit-A/linux.map", "unit-A/linux.evidence.json",
      "unit-A/console.log",
    ])
  func huge(name: String) throws {
    let batch = try BatchSpecimen(.verified)
    // A hole: it takes no room on the disk.
    #expect(truncate("\(batch.folder.path)/\(name)", name == "unit-A/console.log" ? 1 << 42 : 65 << 20) == 0)
    #expect(try batch.verified().verdict == .wrong)
  }

  @Test("lets nothing from a file reach a terminal as it is")
  func escapes() throws {
    let batch = try BatchSpecimen(.mixed)
    try batch.edit("report.json", "camera-line", "\\u001b[2J\\u202e")
    try batch.folder.write([1], to: "unit-A/\u{1B}]0;owned\u{7}")
    try batch.folder.write(Array("\u{1B}[31m\n".utf8) + (try batch.folder.read("SHA256SUMS")), to: "SHA256SUMS")
    let findings = try batch.verified().findings
    #expect(findings.contains { $0.text.contains("unit-A/?]0;owned?") }, "\(findings.map(\.text))")
    #expect(findings.allSatisfy { SafeText($0.text, limit: 1000).description == $0.text })
  }

  @Test("is refused where no batch has been", arguments: ["", "none", "other"])
  func noBatch(name: String) throws {
    let folder = try ScratchFolder()
    try folder.write([1], to: "other/file")
    let error = #expect(throws: DiskError.self) { try BatchVerification(folder: "\(folder.path)/\(name)") }
    #expect(error?.description.contains("expected a folder that a batch has left, found no report.json") == true)
  }
}
