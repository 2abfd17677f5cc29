import CZlib
import Crypto
import DurableFiles
import Foundation

/// Digests of a whole image, from one pass over it.
public struct ImageDigest: Sendable, Hashable {
  /// Size in bytes.
  public let size: Int
  /// SHA-256 in lower-case hex.
  public let sha256: String
  /// CRC-32 as in zlib.
  public let crc32: UInt32

  /// Bytes held in memory at once while a file is read.
  private static let piece = 1 << 20

  /// The digests of some bytes.
  public init(of bytes: [UInt8]) {
    var running = Running()
    bytes.withUnsafeBytes { running.update($0) }
    self = running.result
  }

  /// The digests of a file as the disk holds it now, read in pieces. Calls block.
  ///
  /// - Throws: ``DiskError`` where it is not a plain file or cannot be read to its end.
  public init(ofFile path: String) throws(DiskError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw DiskError("cannot open", path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw DiskError("cannot read", path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw DiskError("cannot read", path, reason: "expected a plain file", remedy: "see what has replaced it")
    }
    var running = Running()
    // One byte more than the file has, so that its end is seen at once; what grows meanwhile takes more rounds.
    var buffer = [UInt8](repeating: 0, count: min(Self.piece, Int(status.st_size) + 1))
    while true {
      let got = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { throw DiskError("cannot read", path) }
      if got == 0 { break }
      buffer.withUnsafeBytes { running.update(UnsafeRawBufferPointer(rebasing: $0[..<got])) }
    }
    self = running.result
  }

  private init(size: Int, sha256: String, crc32: UInt32) {
    self.size = size
    self.sha256 = sha256
    self.crc32 = crc32
  }

  /// Digests that grow with the bytes seen.
  private struct Running {
    private var size = 0
    private var sha256 = SHA256()
    private var crc: UInt = 0

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
      size += bytes.count
      sha256.update(bufferPointer: bytes)
      crc = crc32_z(crc, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
    }

    var result: ImageDigest {
      let digits = Array("0123456789abcdef".utf8)
      let hex = sha256.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
      return ImageDigest(
        size: size, sha256: String(decoding: hex, as: UTF8.self), crc32: UInt32(truncatingIfNeeded: crc))
    }
  }
}

extension BatchResult.Manifest {
  /// A manifest by name and the bytes of its file.
  public init(file: String, bytes: [UInt8]) {
    self.init(file: file, digest: ImageDigest(of: bytes).sha256)
  }
}
