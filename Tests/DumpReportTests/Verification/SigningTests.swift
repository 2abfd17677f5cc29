import DurableFiles
import Foundation
import TestSupport
import Testing

@testable import DumpReport

@Suite("Signing a batch")
struct SigningTests {
  private let keys: ScratchFolder
  private let signer = SigningKey()

  init() throws {
    keys = try ScratchFolder()
    try signer.write(named: "\(keys.path)/line")
  }

  @Test("keys are two lines of text that read back, and the private one is its owner's alone")
  func files() throws {
    let publicKey = try PublicKey(ofFile: "\(keys.path)/line.pub")
    #expect(publicKey == signer.publicKey)
    #expect(try SigningKey(ofFile: "\(keys.path)/line.key").publicKey == publicKey)
    let text = String(decoding: try keys.read("line.pub"), as: UTF8.self)
    #expect(
      text.hasPrefix("batchdump public key, Ed25519, SHA256:") && text.split(separator: "\n").count == 2, "\(text)")
    var status = stat()
    #expect(stat("\(keys.path)/line.key", &status) == 0 && status.st_mode & 0o777 == 0o600)
  }

  @Test("a key is never written over, and half a pair is not left", arguments: ["key", "pub"])
  func noOverwriting(ending: String) throws {
    let folder = try ScratchFolder()
    try folder.write([1], to: "line.\(ending)")
    let error = #expect(throws: DiskError.self) { try SigningKey().write(named: "\(folder.path)/line") }
    #expect(error?.description.hasSuffix("choose another name: a key is never written over") == true)
    #expect(try folder.names == ["line.\(ending)"])
    #expect(try folder.read("line.\(ending)") == [1])
  }

  @Test("a changed key file is refused", arguments: ["line.key", "line.pub"])
  func changedKeys(name: String) throws {
    let bytes = try keys.read(name)
    let texts: [[UInt8]] = [[], bytes.dropLast(), bytes + [0x0A], Array(bytes.dropFirst()), bytes.map { $0 | 0x20 }]
    for text in texts {
      try keys.write(text, to: "changed")
      let error = #expect(throws: DiskError.self) {
        if name == "line.key" {
          _ = try SigningKey(ofFile: "\(keys.path)/changed")
        } else {
          _ = try PublicKey(ofFile: "\(keys.path)/changed")
        }
      }
      #expect(error?.description.contains("that `batchdump keygen NAME` has written") == true)
    }
  }

  @Test("a signed batch is right by the signer's key, wrong by another, and merely noted without any")
  func signed() throws {
    let batch = try BatchSpecimen(.verified)
    _ = try ListSignature.sign(batch.folder.path, with: signer)
    #expect(try batch.verified(key: signer.publicKey).findings == [])
    let stranger = SigningKey().publicKey
    #expect(
      try batch.findings(key: stranger) == [
        "wrong SHA256SUMS.sig: expected a signature by \(stranger.fingerprint), found one by "
          + "\(signer.publicKey.fingerprint); give the key of whoever has signed it, or have it signed anew"
      ])
    #expect(
      try batch.findings() == [
        "remark SHA256SUMS.sig: a signature is there and was not checked; check it with --key and the signer's NAME.pub"
      ])
    #expect(try batch.verified().verdict == .right)
  }

  @Test("a list that was made to fit a change is found by its signature")
  func forged() throws {
    let batch = try BatchSpecimen(.verified)
    _ = try ListSignature.sign(batch.folder.path, with: signer)
    try batch.edit("unit-A/console.log", "U-Boot", "V-Boot")
    try batch.reseal()
    #expect(try batch.verified().verdict == .right, "nothing but the signature knows")
    let findings = try batch.findings(key: signer.publicKey)
    #expect(findings.count == 1 && findings[0].contains("found one that does not fit"), "\(findings)")
  }

  @Test("every flipped bit of a signature is found, and so is its lack")
  func flips() throws {
    let batch = try BatchSpecimen(.verified)
    _ = try ListSignature.sign(batch.folder.path, with: signer)
    let (list, signature) = (try batch.folder.read("SHA256SUMS"), try batch.folder.read("SHA256SUMS.sig"))
    for bit in 0..<signature.count * 8 {
      var bytes = signature
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(ListSignature.problem(bytes, over: list, by: signer.publicKey) != nil, "bit \(bit)")
    }
    try batch.remove("SHA256SUMS.sig")
    let findings = try batch.findings(key: signer.publicKey)
    #expect(findings.count == 1 && findings[0].contains("expected a signature by SHA256:"), "\(findings)")
  }

  @Test("a batch in which anything is wrong is not signed, nor one that was killed or is at work")
  func refused() throws {
    let batch = try BatchSpecimen(.mixed)
    func refusal() -> String {
      let error = #expect(throws: DiskError.self) { try ListSignature.sign(batch.folder.path, with: signer) }
      return error?.description ?? ""
    }
    var lock: BatchLock? = try BatchLock(batch.folder.path)
    #expect(refusal().contains("another batchdump is at work in it"))
    #expect(lock != nil)
    lock = nil
    try batch.edit("unit-A/console.log", "U-Boot", "V-Boot")
    #expect(
      refusal().contains(
        "expected a folder in which all is right, found what is not, the first of 1: unit-A/console.log"))
    try batch.edit("unit-A/console.log", "V-Boot", "U-Boot")
    try BatchReport.begin(batch.result)
    #expect(refusal().contains("expected a batch that has ended, found one that was killed"))
    #expect(try !batch.folder.names.contains("SHA256SUMS.sig"))
    try batch.reseal()
    #expect(try ListSignature.sign(batch.folder.path, with: signer).verdict == .unfinished, "incomplete but at rest")
  }

  @Test("OpenSSL agrees", .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")))
  func openssl() throws {
    let batch = try BatchSpecimen(.verified)
    _ = try ListSignature.sign(batch.folder.path, with: signer)
    let script = """
      set -e
      tail -n 1 "$0/line.pub" | base64 -d > "$0/pub.der"
      tail -n 1 SHA256SUMS.sig | base64 -d > "$0/list.sig"
      openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey "$0/pub.der" -in SHA256SUMS -sigfile "$0/list.sig"
      tail -n 1 "$0/line.key" | base64 -d | openssl pkey -inform DER -pubout -outform DER | cmp - "$0/pub.der"
      """
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-c", script, keys.path]
    process.currentDirectoryURL = URL(filePath: batch.folder.path)
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }
}
