import ConsoleDialect
import DeviceDigests
import Testing

@testable import DumpEngine

@Suite("Digests computed here equal the standard ones")
struct HostDigestTests {
  // RFC 1321 (MD5), FIPS 180-4 (SHA), zlib's crc32 and POSIX cksum of the nine digits 1 to 9.
  static let check: [(DigestAlgorithm, String)] = [
    (.crc32, "cbf43926"), (.cksum, "377a6011"), (.md5, "25f9e794323b453885f5181f1b624d0b"),
    (.sha1, "f7c3bc1d808e04732adf679965ccc34ca7ae3441"),
    (.sha256, "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225"),
  ]

  @Test("of the nine digits", arguments: check)
  func nineDigits(_ algorithm: DigestAlgorithm, _ expected: String) {
    #expect(HostDigest.hex(algorithm, of: Array("123456789".utf8)) == expected)
  }

  @Test("of the nine digits in three pieces", arguments: check)
  func pieces(_ algorithm: DigestAlgorithm, _ expected: String) {
    var digest = HostDigest(algorithm)
    for piece in ["1234", "", "56789"] { digest.update(Array(piece.utf8)) }
    #expect(digest.hex == expected)
  }
}
