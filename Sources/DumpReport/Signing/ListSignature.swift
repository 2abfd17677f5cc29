import DurableFiles
import Foundation

/// The signature of a batch's list of checksums, `SHA256SUMS.sig`: Ed25519 over the exact bytes of `SHA256SUMS`.
///
/// A text of two lines: whose it is, and 64 bytes in base64. OpenSSL 3 checks it as well:
///
///     tail -n 1 NAME.pub | base64 -d > pub.der
///     tail -n 1 SHA256SUMS.sig | base64 -d > list.sig
///     openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey pub.der -in SHA256SUMS -sigfile list.sig
public enum ListSignature {
  /// What the first line starts with.
  fileprivate static let title = "batchdump signature of SHA256SUMS, Ed25519, key "

  /// Signs a folder's list; calls block for as long as the disk takes.
  ///
  /// - Returns: what was found worth telling.
  /// - Throws: ``DiskError`` where another batchdump is at work in the folder, where it is not at rest, where anything in
  ///   it is wrong, or where the signature cannot be written.
  public static func sign(_ folder: String, with key: SigningKey) throws(DiskError) -> BatchVerification {
    guard BatchVerification.isBatch(folder) else {
      throw DiskError(
        "cannot sign", folder, reason: "expected a folder that a batch has left, found none",
        remedy: "name the folder that has report.json")
    }
    let lock = try BatchLock(folder)
    defer { withExtendedLifetime(lock) {} }
    let verification = try BatchVerification(folder: folder, isLocked: true)
    let wrong = verification.findings.filter { $0.severity == .wrong }
    if let first = wrong.first {
      throw DiskError(
        "cannot sign", folder,
        reason:
          "expected a folder in which all is right, found what is not, the first of \(wrong.count): \(first.text)",
        remedy: "see all of it with `batchdump verify`")
    }
    guard verification.isAtRest, let list = verification.list else {
      throw DiskError(
        "cannot sign", folder, reason: "expected a batch that has ended, found one that was killed",
        remedy: "go on with `batchdump resume`, then sign it")
    }
    let path = "\(folder)/\(ChecksumList.signatureName)"
    let signature: [UInt8]
    do { signature = try key.sign(list) } catch {
      throw DiskError("cannot sign", folder, reason: "\(error)", remedy: "please report this as a bug of batchdump")
    }
    try DurableFile(path).write(text(signature, key.publicKey).utf8)
    return verification
  }

  /// The text of a signature's file.
  static func text(_ signature: [UInt8], _ key: PublicKey) -> String {
    KeyText.text(title + key.fingerprint, signature)
  }

  /// What is wrong with the signature of a list; absent where nothing is.
  static func problem(_ bytes: [UInt8], over list: [UInt8], by key: PublicKey) -> String? {
    guard let signature = KeyText.data(bytes, title: title), signature.count == 64 else {
      return
        "expected a signature of batchdump in two lines, found something else; sign it anew where all else is right"
    }
    let expected = "\(title)\(key.fingerprint)"
    let found = String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
    guard found == expected else {
      return
        "expected a signature by \(key.fingerprint), found one by \(found.dropFirst(title.count)); give the key of "
        + "whoever has signed it, or have it signed anew"
    }
    guard key.isRight(signature, over: list) else {
      return "expected a signature of SHA256SUMS as it is, found one that does not fit: the list or the signature was "
        + "changed; take both from a copy of the folder"
    }
    return nil
  }
}

/// `SHA256SUMS.sig` against `SHA256SUMS` and a key.
enum SignatureCheck {
  /// What is to be said of a folder's signature.
  static func findings(of contents: BatchContents, _ key: PublicKey?) -> [VerificationFinding] {
    let name = ChecksumList.signatureName
    let isThere = contents.scan.isFile(name)
    guard let key else {
      guard isThere else { return [] }
      return [
        VerificationFinding(
          .remark, name, "a signature is there and was not checked; check it with --key and the signer's NAME.pub")
      ]
    }
    guard isThere else {
      return [
        VerificationFinding(
          .wrong, name,
          "expected a signature by \(key.fingerprint), found \(contents.scan.words(name)); sign the folder with `batchdump "
            + "sign` where it never was, or take it from a copy")
      ]
    }
    do throws(DiskError) {
      let bytes = try SmallFile.bytes("\(contents.folder)/\(name)")
      return ListSignature.problem(bytes, over: contents.list?.bytes ?? [], by: key)
        .map { [VerificationFinding(.wrong, name, $0)] } ?? []
    } catch {
      return [VerificationFinding(.wrong, name, "expected a signature that can be read, found \(error.reason)")]
    }
  }
}
