import DeviceDigests
import Testing

@Suite("The CRC of a rest")
struct CRC32Tests {
  @Test("follows from those of all and of what comes before it", arguments: [1, 16, 100, 4096, 65_535])
  func tail(length: Int) throws {
    let bytes = (0..<length + 777).map { UInt8(truncatingIfNeeded: $0 * $0 / 7 + $0) }
    let (head, tail) = (Array(bytes.prefix(777)), Array(bytes.suffix(length)))
    let found = CRC32.tail(
      of: HostDigest.hex(.crc32, of: bytes), behind: HostDigest.hex(.crc32, of: head), length: length)
    #expect(found == HostDigest.hex(.crc32, of: tail))
    let (first, rest) = (HostDigest.hex(.crc32, of: head), HostDigest.hex(.crc32, of: tail))
    #expect(CRC32.joined(first, rest, length: length) == HostDigest.hex(.crc32, of: bytes))
  }

  @Test("of bytes that are all the same needs none of them", arguments: [0, 1, 3, 4096, 65_536, 1_000_003])
  func fill(count: Int) {
    for byte: UInt8 in [0x00, 0x01, 0x5A, 0xFF] {
      #expect(
        CRC32.ofFill(byte, count: count) == HostDigest.hex(.crc32, of: [UInt8](repeating: byte, count: count)))
    }
  }

  @Test("is none where one of the two is none", arguments: [("", "00000000"), ("00000000", "xyz"), ("123456789", "0")])
  func noCRC(whole: String, head: String) {
    #expect(CRC32.tail(of: whole, behind: head, length: 1) == nil)
    #expect(CRC32.joined(whole, head, length: 1) == nil)
  }
}
