import BatchScheduler
import DeviceSimulator
import DumpEngine
import Foundation
import TestSupport
import Testing

/// What a unit can say of its memory.
struct UnitWords: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let commands: Set<UBootCommand>
  /// Whether it can show that a fill is one.
  var showsFills = true
  /// Whether it computes any digest.
  var hasDigest: Bool { !commands.isDisjoint(with: [.crc32, .md5sum, .sha1sum]) }

  static let all = [
    UnitWords(testDescription: "crc32 and cmp", commands: [.crc32, .cmp]),
    UnitWords(testDescription: "crc32 alone", commands: [.crc32], showsFills: false),
    UnitWords(testDescription: "sha1", commands: [.sha1sum]), UnitWords(testDescription: "md5", commands: [.md5sum]),
    UnitWords(testDescription: "no digest", commands: [], showsFills: false),
  ]
}

@Suite("An image is the same in every mode", .serialized, .timeLimit(.minutes(3)))
struct ReuseModesTests {
  private static let modes = ["never", "constant", "reference", "batch", "batch"]

  /// A fill, the same block twice, a block that the reference has but for a few bytes, and what it has as it is.
  private static func content() -> (flash: [UInt8], reference: [UInt8]) {
    let block = SharingBench.block
    let (twice, rest) = (
      SharingBench.bytes(1, count: block), SharingBench.bytes(2, count: SharingBench.size - 3 * block)
    )
    let flash = [UInt8](repeating: 0xFF, count: block) + twice + twice + rest
    var reference = flash
    reference.replaceSubrange(block..<2 * block, with: SharingBench.bytes(3, count: block))
    for place in [3 * block + 100, 5 * block + 1] { reference[place] ^= 0x10 }
    return (flash, reference)
  }

  private static func allowed(_ mode: String, _ words: UnitWords) -> Set<String> {
    guard words.hasDigest else { return ["wire"] }
    let constant: Set<String> = words.showsFills ? ["constant"] : []
    return switch mode {
    case "never": ["wire"]
    case "constant": constant.union(["wire"])
    case "reference": constant.union(["wire", "reference"])
    default: constant.union(["wire", "reference", "sibling"])
    }
  }

  private static func word(_ provenance: Provenance) -> String {
    switch provenance {
    case .wire, .earlier: "wire"
    case .constant: "constant"
    case .reference: "reference"
    case .sibling: "sibling"
    }
  }

  @Test("whatever the unit says of its memory, and nothing comes from where the mode forbids", arguments: UnitWords.all)
  func everyMode(words: UnitWords) async throws {
    let (flash, reference) = Self.content()
    let units = Self.modes.indices.map { index in
      var unit = SharingBench.unit(index + 1, flash)
      if case .uBoot(var options) = unit.loader {
        options.commands.subtract([.crc32, .cmp])
        options.commands.formUnion(words.commands)
        unit.loader = .uBoot(options)
      }
      return unit
    }
    try await withTemporaryFolder { folder in
      let golden = folder.file("golden.bin")
      try Data(reference).write(to: URL(filePath: golden))
      let outcome = try await SharingBench.dump(units, region: #", "reference": "\#(golden)""#, reuse: Self.modes)
      for (mode, result) in zip(Self.modes, outcome.results) {
        let found = Set(result.regions[0].blocks.map { Self.word($0.provenance) })
        let allowed = Self.allowed(mode, words)
        #expect(found.isSubset(of: allowed), "\(mode): \(found)")
        // What may be known is: only the siblings depend on who was first.
        #expect(found.isSuperset(of: allowed.subtracting(["wire", "sibling"])), "\(mode): \(found)")
      }
    }
  }
}
