import DumpEngine
import Testing

@testable import DumpReport

@Suite("The romfs check")
struct RomfsCheckTests {
  static let tree = RomfsSpecimen.tree()

  private func check(_ image: [UInt8], at offset: Int? = nil) -> CheckResult {
    RomfsCheck(offset: offset).run(on: image.span)
  }

  @Test("lists an image made by genromfs", arguments: [0, 1024, 4711])
  func genromfs(offset: Int) {
    let image = [UInt8](repeating: 0x2D, count: offset) + GenromfsImage.bytes + [1, 2, 3]
    let expected =
      "romfs at \(offset.hex): \"camera rootfs\", 832 bytes, 20 headers right: 3 files, 4 directories, 3 others: "
      + "etc/hostname (7), bin/sh (89), etc/rc.d/boot (18)"
    #expect(check(image, at: offset) == CheckResult(kind: "romfs", passed: true, message: expected))
    #expect(check(image) == CheckResult(kind: "romfs", passed: true, message: expected))
  }

  @Test("knows each entry of it by path, kind and size")
  func entries() throws {
    let bytes = GenromfsImage.bytes
    let listing = try RomfsListing(bytes.span)
    let entries = listing.entries.map { "\(listing.path(of: $0)) \($0.kind) \($0.size)" }
    #expect(
      Set(entries) == [
        "etc directory 0", "etc/rc.d directory 0", "etc/rc.d/boot file 18", "etc/hostname file 7", "dev directory 0",
        "dev/null characterDevice 0", "bin directory 0", "bin/ash symbolicLink 2", "bin/sh file 89",
        "bin/busybox hardLink 0",
      ])
    #expect(entries.count == 10)
  }

  @Test("fails when any bit is another that a checksum covers", arguments: [tree.sealed(), GenromfsImage.bytes])
  func anyCoveredBit(image: [UInt8]) throws {
    let size = try RomfsListing(image.span).size
    let isTree = image.count == Self.tree.bytes.count
    var covered = Set(0..<min(512, size))
    if isTree { covered.formUnion(Self.tree.headers.joined()) }
    for byte in covered.sorted() {
      for bit in 0..<8 {
        var damaged = image
        damaged[byte] ^= 1 << bit
        #expect(!check(damaged, at: 0).passed, "bit \(bit) of byte \(byte.hex)")
      }
      var damaged = image
      damaged[byte] ^= 0xFF
      #expect(!check(damaged).passed, "byte \(byte.hex), found by its magic")
    }
  }

  @Test("fails when the image ends before the file system")
  func truncated() {
    let image = Self.tree.sealed()
    for count in 0..<image.count {
      #expect(!check(Array(image.prefix(count)), at: 0).passed, "\(count) bytes")
    }
    #expect(
      check(Array(image.dropLast(16)), at: 0).message
        == "romfs at 0x0: the superblock says \(image.count) bytes, the image holds \(image.count - 16) from there")
  }

  /// Offset of a word, its new value before the checksums are set, and what the check says.
  private static let wrongTrees: [(Int, UInt32, String)] = [
    (0x60, 0x62, "a directory leads to the file header at 0x60 for the second time"),
    (0x60, 0x22, "a directory leads to the file header at 0x20 for the second time"),
    (0x60, 0xFFF2, "file header at 0xFFF0: expected a multiple of 16 before 0x330, the end of the file system"),
    (0x60, 0x322, "file header at 0x320: expected a multiple of 16 before 0x330, the end of the file system"),
    (0x68, 0x2000, "\"linux.conf\" has 8,192 bytes from 0x80, but the file system ends at 0x330"),
    (0x68, 0xFFFF_FFFF, "\"linux.conf\" has 4,294,967,295 bytes from 0x80, but the file system ends at 0x330"),
    (0x2A4, 0x60, "a directory leads to the file header at 0x60 for the second time"),
    (
      0x2A4, 0xFFFF_FFF0,
      "file header at 0xFFFFFFF0: expected a multiple of 16 before 0x330, the end of the file system"
    ),
    (0x44, 0x100, "the link at 0x40 leads to 0x100, where no file is"),
    (0x44, 0xFFFF_FFF0, "the link at 0x40 leads to 0xFFFFFFF0, where no file is"),
    (0x70, 0, "file header at 0x60: the name is not one"),
    (0x70, 0x612F_6200, "file header at 0x60: the name is not one"),
  ]

  @Test(
    "refuses a tree that is wrong although all checksums are right",
    arguments: wrongTrees)
  func wrongTree(offset: Int, word: UInt32, message: String) {
    var image = Self.tree
    image.set(word, at: offset)
    #expect(check(image.sealed(), at: 0).message == "romfs at 0x0: \(message)")
  }

  @Test("refuses names without an end", arguments: [100, 128, 200])
  func longNames(length: Int) {
    var image = RomfsSpecimen()
    image.add(String(repeating: "n", count: length), type: 2)
    let result = check(image.sealed(), at: 0)
    #expect(result.passed == (length <= 128), "\(result.message)")
  }

  @Test("shows names from the image so that they act on nothing, and not all of them")
  func names() {
    var image = RomfsSpecimen(volume: "\u{1B}[2Jvolume")
    for index in 0..<9 {
      let start = image.end
      let next = index < 8 ? start + 32 : 0
      image.add(index == 0 ? "\u{1B}]0;x\u{7}" : "file\(index)", type: 2, next: next)
    }
    let result = check(image.sealed())
    #expect(
      result.message
        == "romfs at 0x0: \"?[2Jvolume\", \(image.end) bytes, 9 headers right: 9 files, 0 directories, 0 others: "
        + "?]0;x? (0), file1 (0), file2 (0), file3 (0), file4 (0), file5 (0) and 3 more")
  }

  @Test("bounds the work on an image of nothing but nested directories")
  func nested() {
    var image = RomfsSpecimen()
    for _ in 0..<20_000 { image.add("d", type: 1, info: image.end + 32) }
    image.add("f", type: 2)
    let result = check(image.sealed(), at: 0)
    #expect(result.passed, "\(result.message)")
    #expect(result.message.utf8.count < 400)
  }

  @Test("tells a file system apart from a program that holds its magic")
  func magicInProgram() {
    let program = Array("mount: -rom1fs- squashfs cramfs and more of what a program knows".utf8)
    let image = Self.tree.sealed()
    #expect(check(program + image).message.hasPrefix("romfs at \(program.count.hex): \"test\""))
    #expect(check(program).message.hasPrefix("romfs at 0x7: the superblock says "))
    var damaged = image
    damaged[0x2A8] ^= 1
    #expect(!check(damaged + image).passed, "an intact copy must not hide a damaged file system")
    #expect(!check(image + image.dropLast(16)).passed, "nor one that is cut off")
    #expect(
      check(Array("nothing".utf8)).message
        == "romfs: expected \"-rom1fs-\" somewhere, found none in 7 bytes; see whether the region is the right one")
  }

  @Test("gives up on too many magics")
  func tooManyMagics() {
    let image = Array([[UInt8]](repeating: RomfsListing.magic, count: RomfsCheck.mostCandidates + 1).joined())
    #expect(check(image).message == "romfs: gave up after 10,000 magics; give the check an offset")
  }

  @Test("needs its magic at the offset that it is given")
  func offset() {
    let image = Self.tree.sealed()
    #expect(check(image, at: 16).message == "romfs at 0x10: expected \"-rom1fs-\" there, found something else")
    #expect(check(image, at: image.count).message.contains("the image ends before that"))
    #expect(check(Array("-rom1fs-\0\0".utf8), at: 0).message == "romfs at 0x0: the image ends within the superblock")
  }
}
