import Crypto
import DurableFiles
import Foundation

/// Who has signed a list of checksums: an Ed25519 public key, as `batchdump keygen` writes it.
///
/// The file has a line for people and one with the key in base64, as X.509 SubjectPublicKeyInfo (RFC 8410).
public struct PublicKey: Sendable, Equatable {
  /// What the first line starts with.
  private static let title = "batchdump public key, Ed25519, "
  /// DER of everything before the 32 bytes of the key; source: RFC 8410, section 10.1.
  private static let prefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]

  /// The 32 bytes of the key.
  let raw: [UInt8]

  /// A key by its bytes.
  init(raw: [UInt8]) { self.raw = raw }

  /// Reads a key's file; calls block.
  ///
  /// - Throws: ``DiskError`` where it cannot be read or holds no such key.
  public init(ofFile path: String) throws(DiskError) {
    let bytes = try KeyText.read(path)
    let der = KeyText.data(bytes, title: Self.title)
    guard let der, der.count == Self.prefix.count + 32, der.starts(with: Self.prefix) else {
      throw DiskError(
        "cannot use", path, reason: "expected a public key of batchdump, found something else",
        remedy: "name the NAME.pub that `batchdump keygen NAME` has written")
    }
    raw = Array(der.dropFirst(Self.prefix.count))
  }

  /// By what people compare keys: `SHA256:` and the digest of the key's 32 bytes in lower-case hex.
  public var fingerprint: String { "SHA256:\(ImageDigest(of: raw).sha256)" }

  /// The text of the file.
  var text: String { KeyText.text(Self.title + fingerprint, Self.prefix + raw) }

  /// Whether a signature over some bytes was made with the private key to this one.
  func isRight(_ signature: [UInt8], over bytes: [UInt8]) -> Bool {
    (try? Curve25519.Signing.PublicKey(rawRepresentation: raw))?.isValidSignature(signature, for: bytes) ?? false
  }
}

/// What signs lists of checksums: an Ed25519 private key.
///
/// The file, which nobody but its owner may read, has a line for people and one with the key in base64, as PKCS #8
/// PrivateKeyInfo (RFC 8410).
public struct SigningKey: Sendable {
  private static let title = "batchdump private key, Ed25519: keep it secret"
  /// DER of everything before the 32 bytes of the key; source: RFC 8410, section 10.3.
  private static let prefix: [UInt8] = [
    0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
  ]

  private let key: Curve25519.Signing.PrivateKey

  /// A new key, from the system's random numbers.
  public init() { key = Curve25519.Signing.PrivateKey() }

  /// Reads a key's file; calls block.
  ///
  /// - Throws: ``DiskError`` where it cannot be read or holds no such key.
  public init(ofFile path: String) throws(DiskError) {
    let bytes = try KeyText.read(path)
    let der = KeyText.data(bytes, title: Self.title)
    guard let der, der.count == Self.prefix.count + 32, der.starts(with: Self.prefix),
      let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: der.dropFirst(Self.prefix.count))
    else {
      throw DiskError(
        "cannot use", path, reason: "expected a private key of batchdump, found something else",
        remedy: "name the NAME.key that `batchdump keygen NAME` has written")
    }
    self.key = key
  }

  /// The key that signatures are checked by.
  public var publicKey: PublicKey { PublicKey(raw: Array(key.publicKey.rawRepresentation)) }

  /// Writes `NAME.key`, which only its owner may read, and `NAME.pub`; calls block.
  ///
  /// - Throws: ``DiskError`` where either is there already or cannot be written; then neither is left.
  public func write(named name: String) throws(DiskError) {
    try KeyText.write(publicKey.text, to: "\(name).pub", mode: 0o644)
    do throws(DiskError) {
      try KeyText.write(
        KeyText.text(Self.title, Self.prefix + Array(key.rawRepresentation)), to: "\(name).key", mode: 0o600)
    } catch {
      unlink("\(name).pub")
      throw error
    }
  }

  /// The 64 bytes of a signature.
  func sign(_ bytes: [UInt8]) throws -> [UInt8] { try Array(key.signature(for: bytes)) }
}

/// A text of two lines: what it is, for people, and base64.
enum KeyText {
  /// The text.
  static func text(_ title: String, _ data: [UInt8]) -> String { "\(title)\n\(Data(data).base64EncodedString())\n" }

  /// What the second line holds, where the first starts with a title and both are as this program writes them.
  static func data(_ bytes: [UInt8], title: String) -> [UInt8]? {
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    guard lines.count == 3, lines[2].isEmpty, lines[0].starts(with: title.utf8),
      let data = Data(base64Encoded: Data(lines[1])), Array(data.base64EncodedString().utf8) == Array(lines[1])
    else { return nil }
    return Array(data)
  }

  /// The bytes of a small file that a person has named, at the end of a link or not.
  static func read(_ path: String) throws(DiskError) -> [UInt8] {
    let target = URL(filePath: path).resolvingSymlinksInPath().path(percentEncoded: false)
    let file = try DiskFile(reading: target)
    return try file.read(min(file.size, 4096), at: 0)
  }

  /// Writes a file that is not there yet, and brings it to the disk.
  static func write(_ text: String, to path: String, mode: mode_t) throws(DiskError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
    guard descriptor >= 0 else {
      guard errno == EEXIST else { throw DiskError("cannot create", path) }
      throw DiskError(
        "cannot create", path, reason: "expected no file of that name, found one",
        remedy: "choose another name: a key is never written over")
    }
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    let written = Glibc.write(descriptor, bytes, bytes.count)
    guard written == bytes.count, fsync(descriptor) == 0 else {
      let error = DiskError("cannot write", path, code: written < 0 ? errno : ENOSPC)
      unlink(path)
      throw error
    }
    try DurableFile.sync(folder: DurableFile.folder(of: path))
  }
}
