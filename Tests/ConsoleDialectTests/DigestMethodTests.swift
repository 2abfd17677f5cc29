import Testing

@testable import ConsoleDialect

@Suite struct DigestMethodTests {
  @Test(arguments: [
    (DigestAlgorithm.crc32, "CRC32 for 40200000 ... 402000ff ==> cd63a412", "cd63a412"),
    (.crc32, "crc32 for 40200000 ... 402000ff ==> CD63A412", "cd63a412"),
    (.md5, "md5 for 80000000 ... 800000ff ==> f5c8e3c31c044bae0e65569560b54332", "f5c8e3c31c044bae0e65569560b54332"),
    (
      .sha1, "SHA1 for 80000000 ... 800000ff ==> da39a3ee5e6b4b0d3255bfef95601890afd80709",
      "da39a3ee5e6b4b0d3255bfef95601890afd80709"
    ),
    (
      .sha256, "sha256 for 80000000 ... 800000ff ==> 110009dcee21620b166f3abfecb5eff7a873be729d1c2d53822e7acc5f34eb9b",
      "110009dcee21620b166f3abfecb5eff7a873be729d1c2d53822e7acc5f34eb9b"
    ),
  ])
  func uBootSaysItInOldAndNewWords(algorithm: DigestAlgorithm, line: String, digest: String) throws {
    for method in try TestDialect.load("u-boot").digests {
      #expect(method.digest(in: line) == (method.algorithm == algorithm ? digest : nil), "\(method.command)")
    }
  }

  @Test(arguments: [
    "crc32 for 40200000 ... 402000ff ==> cd63a41", "crc32 for 40200000 ... 402000ff ==> cd63a4122",
    "crc32 for 40200000 ... 402000ff ==> cd63g412", "crc32 40200000 100", "Unknown command 'crc32' - try 'help'", "",
  ])
  func whatIsDamagedIsNoDigest(line: String) throws {
    let method = try #require(try TestDialect.load("u-boot").digests.last)
    #expect(method.digest(in: line) == nil)
  }

  @Test(arguments: [
    ("crc32 for 04000000 ... 0400ffff ==> 1a2b3c4d", true), ("CRC32 for 0x4000000 ... 0x4010000 ==> 0x1a2b3c4d", true),
    ("crc32 for 04000000 ... 0400fffe ==> 1a2b3c4d", false), ("crc32 for 04010000 ... 0401ffff ==> 1a2b3c4d", false),
    ("crc32 for 0400\u{7}000 ... 0400ffff ==> 1a2b3c4d", false), ("==> 04000000", false), ("", false),
  ])
  func aLineSaysWhatItIsAbout(line: String, isAbout: Bool) throws {
    let method = try #require(try TestDialect.load("u-boot").digests.last)
    #expect(method.names(address: 0x0400_0000, length: 0x1_0000, in: line) == isAbout)
  }

  @Test func strongerOnesComeFirst() throws {
    let digits = try TestDialect.load("u-boot").digests.map(\.algorithm.digits)
    #expect(digits == digits.sorted(by: >))
  }

  @Test func aPosixChecksumIsReadAsTheDecimalThatItIs() throws {
    let method = try #require(try TestDialect.load("redboot").digests.first)
    #expect(method.digest(in: "POSIX cksum = 1890527807 332 (0x70af2a3f 0x0000014c)") == "70af2a3f")
    #expect(method.digest(in: "POSIX cksum = 17 332 (0x00000011 0x0000014c)") == "00000011")
    #expect(method.digest(in: "POSIX cksum = 4294967296 332 (0x0 0x0)") == nil)
    #expect(method.command(address: 0x1000, length: 256) == "cksum -b 0x1000 -l 0x100")
  }
}
