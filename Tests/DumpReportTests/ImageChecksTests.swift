import DumpEngine
import DumpReport
import TestSupport
import Testing

@testable import DumpManifest

@Suite("The checks of a region")
struct ImageChecksTests {
  @Test("run in the manifest's order on the file")
  func order() throws {
    let folder = try ScratchFolder()
    let packed = GzipSpecimen(content: GzipSpecimen.text(100)).bytes
    try folder.write(packed + GenromfsImage.bytes, to: "flash.bin")
    let rules = [
      ImageCheckRule(kind: .romfs, offset: nil), ImageCheckRule(kind: .gzip, offset: 0),
      ImageCheckRule(kind: .romfs, offset: 0),
    ]
    let results = ImageChecks.run(rules: rules, on: "\(folder.path)/flash.bin")
    #expect(results.map(\.kind) == ["romfs", "gzip", "romfs"])
    #expect(results.map(\.passed) == [true, true, false])
    #expect(ImageChecks.run(rules: [], on: "\(folder.path)/none").isEmpty)
  }

  @Test("fail on a file that cannot be read")
  func unreadable() {
    let results = ImageChecks.run(rules: [ImageCheckRule(kind: .gzip, offset: nil)], on: "/nowhere/flash.bin")
    #expect(results.map(\.passed) == [false])
    #expect(results.first?.message.hasPrefix("cannot read /nowhere/flash.bin: ") == true)
  }

  @Test("fail on a file without content", arguments: ImageCheckRule.Kind.allCases)
  func empty(kind: ImageCheckRule.Kind) throws {
    let folder = try ScratchFolder()
    try folder.write([], to: "flash.bin")
    for offset in [nil, 0] {
      let results = ImageChecks.run(rules: [ImageCheckRule(kind: kind, offset: offset)], on: "\(folder.path)/flash.bin")
      #expect(results.map(\.passed) == [false])
    }
  }
}
