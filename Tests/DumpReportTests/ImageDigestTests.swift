import DumpReport
import DurableFiles
import Foundation
import TestSupport
import Testing

@Suite("The digests of an image")
struct ImageDigestTests {
  let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
  }

  /// SHA-256 of FIPS 180-2 appendix B, CRC-32 of the usual check value.
  @Test(
    "are those of the standards",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 0),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", 0x3524_41C2),
      ("123456789", "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225", 0xCBF4_3926),
    ])
  func standard(text: String, sha256: String, crc32: UInt32) throws {
    try folder.write(Array(text.utf8), to: "a")
    for digest in [ImageDigest(of: Array(text.utf8)), try ImageDigest(ofFile: "\(folder.path)/a")] {
      #expect(digest.sha256 == sha256)
      #expect(digest.crc32 == crc32)
      #expect(digest.size == text.utf8.count)
    }
  }

  @Test("do not depend on how a file is cut in pieces", arguments: [(1 << 20) - 1, 1 << 20, (1 << 20) + 1, 2_500_000])
  func pieces(size: Int) throws {
    let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
    try folder.write(bytes, to: "a")
    #expect(try ImageDigest(ofFile: "\(folder.path)/a") == ImageDigest(of: bytes))
  }

  @Test("are refused for anything but a plain file")
  func refused() throws {
    #expect(throws: DiskError.self) { try ImageDigest(ofFile: "\(folder.path)/none") }
    #expect(throws: DiskError.self) { try ImageDigest(ofFile: folder.path) }
    try folder.write([1], to: "a")
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/link", withDestinationPath: "\(folder.path)/a")
    #expect(throws: DiskError.self) { try ImageDigest(ofFile: "\(folder.path)/link") }
  }
}
