import CZlib
import ConsoleDialect
import Crypto

/// A digest computed here, to compare with the unit's.
public struct HostDigest {
  private enum State {
    case crc32(UInt)
    case cksum(UInt32, length: Int)
    case md5(Insecure.MD5)
    case sha1(Insecure.SHA1)
    case sha256(SHA256)
  }

  private var state: State

  /// An empty digest of a kind.
  public init(_ algorithm: DigestAlgorithm) {
    switch algorithm {
    case .crc32: state = .crc32(0)
    case .cksum: state = .cksum(0, length: 0)
    case .md5: state = .md5(.init())
    case .sha1: state = .sha1(.init())
    case .sha256: state = .sha256(.init())
    }
  }

  /// Adds bytes.
  public mutating func update(_ bytes: [UInt8]) {
    switch state {
    case .crc32(let crc):
      state = .crc32(CZlib.crc32_z(crc, bytes, bytes.count))
    case .cksum(let crc, let length):
      state = .cksum(bytes.reduce(crc, Self.cksumStep), length: length + bytes.count)
    case .md5(var hash):
      hash.update(data: bytes)
      state = .md5(hash)
    case .sha1(var hash):
      hash.update(data: bytes)
      state = .sha1(hash)
    case .sha256(var hash):
      hash.update(data: bytes)
      state = .sha256(hash)
    }
  }

  /// Lower-case hex, of the digest's full width.
  public var hex: String {
    switch state {
    case .crc32(let crc): Self.hex(UInt32(truncatingIfNeeded: crc))
    case .cksum(let crc, let length): Self.hex(Self.cksumEnd(crc, length))
    case .md5(let hash): Self.hex(hash.finalize())
    case .sha1(let hash): Self.hex(hash.finalize())
    case .sha256(let hash): Self.hex(hash.finalize())
    }
  }

  /// The digest of some bytes, in lower-case hex.
  public static func hex(_ algorithm: DigestAlgorithm, of bytes: [UInt8]) -> String {
    var digest = HostDigest(algorithm)
    digest.update(bytes)
    return digest.hex
  }

  private static func hex(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  private static func hex(_ value: UInt32) -> String {
    hex((0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) })
  }

  /// One byte of the CRC of POSIX 1003.2 `cksum`: polynomial 04C11DB7, most significant bit first.
  private static func cksumStep(_ crc: UInt32, _ byte: UInt8) -> UInt32 {
    (crc << 8) ^ cksumTable[Int(UInt8(truncatingIfNeeded: crc >> 24) ^ byte)]
  }

  /// The length follows the data, least significant byte first, and all is complemented.
  private static func cksumEnd(_ crc: UInt32, _ length: Int) -> UInt32 {
    var crc = crc
    var rest = length
    while rest > 0 {
      crc = cksumStep(crc, UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
    return ~crc
  }

  private static let cksumTable: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index) << 24) { crc, _ in crc & 0x8000_0000 == 0 ? crc << 1 : (crc << 1) ^ 0x04C1_1DB7 }
  }
}
