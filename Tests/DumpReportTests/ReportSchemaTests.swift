import ConsoleDialect
import DumpEngine
import DumpManifest
import Foundation
import Testing

@testable import DumpReport

@Suite("The report's schema")
struct ReportSchemaTests {
  /// `Manifests/report.schema.json`, as it lies beside the sources.
  private static func schema() throws -> [String: Any] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let data = try Data(contentsOf: root.appending(path: "Manifests/report.schema.json"))
    return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  /// A report in which every field that may be there is there.
  private static let full: Report = {
    let sha256 = String(repeating: "a", count: 64)
    var region = Specimen.region(checks: [Specimen.passed])
    region.blocks = [
      BlockRange(range: 0..<0x1000, evidence: .deviceDigest(.sha1), provenance: .wire),
      BlockRange(range: 0x1000..<0x2000, evidence: .reread, provenance: .wire),
      BlockRange(range: 0x2000..<0x2800, evidence: .imageFooter, provenance: .sibling("other")),
      BlockRange(range: 0x2800..<0x2900, evidence: .none, provenance: .wire),
    ]
    region.bad = [0x2900..<0x3000]
    region.sha256 = sha256
    region.crc32 = 0xDEAD_BEEF
    region.deviceDigest = DeviceDigest(algorithm: .sha256, value: sha256)
    region.seconds = 1.2345
    region.faults = [BlockFault(range: 0x10..<0x20, cause: .noise)]
    var unit = Specimen.unit("A1", [region], failure: "link lost")
    unit.console = LearnedConsole(
      prompt: "=> ", method: "md.l", byteOrder: .little, digests: [.crc32], lineLimit: 250, speed: 115_200)
    unit.skipped = SkippedArrivals(count: 39, last: Specimen.start)
    return Report(Specimen.batch([unit]))
  }()

  /// Reports in which every field that may be absent is.
  private static let bare: Report = {
    var unit = Specimen.unit("A1", [Specimen.region(held: 0)])
    unit.console = LearnedConsole(
      prompt: "=> ", method: "md.b", byteOrder: nil, digests: [], lineLimit: 250, speed: 115_200)
    return Report(Specimen.batch([unit, Specimen.unit("A2", [])], interrupted: true))
  }()

  private static func walked(_ reports: [Report]) throws -> SchemaWalker {
    var walker = SchemaWalker(try schema())
    for report in reports { walker.walk(try JSONSerialization.jsonObject(with: Data(report.json()))) }
    return walker
  }

  @Test("accepts what the encoder writes")
  func accepts() throws {
    #expect(try Self.walked([Self.full]).complaints == [])
    #expect(try Self.walked([Self.bare]).complaints == [])
  }

  @Test("allows exactly the keys that the encoder writes, and requires exactly those that are always there")
  func keys() throws {
    let walker = try Self.walked([Self.full, Self.bare])
    for (name, definition) in walker.objects {
      let met = try #require(walker.met[name], "no specimen has a \(name)")
      #expect(met.any == definition.allowed, "keys of \(name)")
      #expect(met.every == definition.required, "required keys of \(name)")
    }
  }

  @Test("lists exactly the words that the types know")
  func words() throws {
    let walker = SchemaWalker(try Self.schema())
    #expect(walker.words("unit", "standing") == UnitStanding.allCases.map(\.rawValue))
    #expect(walker.words("evidence") == Report.EvidenceWord.allCases.map(\.rawValue))
    #expect(walker.words("provenance") == Report.ProvenanceWord.allCases.map(\.rawValue))
    #expect(walker.words("fault", "cause") == FaultCause.allCases.map(\.rawValue))
    #expect(walker.words("algorithm") == DigestAlgorithm.allCases.map(\.rawValue))
    #expect(walker.words("console", "byteOrder") == ByteOrder.allCases.map(\.rawValue))
    #expect(walker.words("check", "kind") == ImageCheckRule.Kind.allCases.map(\.rawValue) + [CheckResult.fileKind])
  }

  @Test(
    "refuses what the encoder would never write",
    arguments: [
      ("\"version\" : 1", "\"version\" : 2"), ("\"format\" : \"batchdump-report\"", "\"format\" : \"x\""),
      ("\"exitStatus\" : 1", "\"exitStatus\" : 2"), (".123Z", "Z"), ("\"interrupted\" : false", "\"interrupted\" : 0"),
      ("\"evidence\" : \"reread\"", "\"evidence\" : \"hope\""), ("\"0x1000\"", "\"4096\""),
      ("\"sent\" : 0", "\"sent\" : -1"),
      ("\"sent\" : 0", "\"sent\" : 0.5"), ("\"sent\" : 0", "\"lost\" : 0"), ("\"deadbeef\"", "\"DEADBEEF\""),
    ])
  func refuses(written: String, changed: String) throws {
    let text = String(decoding: try Self.full.json(), as: UTF8.self)
    #expect(text.contains(written), "\(text)")
    var walker = SchemaWalker(try Self.schema())
    walker.walk(try JSONSerialization.jsonObject(with: Data(text.replacing(written, with: changed).utf8)))
    #expect(!walker.complaints.isEmpty)
  }
}
