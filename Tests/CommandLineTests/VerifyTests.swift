import DeviceSimulator
import Foundation
import TestSupport
import Testing

@Suite("batchdump verify, keygen and sign", .serialized, .timeLimit(.minutes(2)))
struct VerifyTests {
  /// Dumps a simulated unit into `out`, and gives the folder that `out` is in.
  private func withBatch(policy: String = "", _ body: (TemporaryFolder) async throws -> Void) async throws {
    try await TestBench.with { folder, unit in
      try folder.write(TestBench.manifest([unit.path], policy: policy), to: "m.json")
      let outcome = try await Tool.run(["m.json", "--output", "out"], in: folder)
      #expect([0, 3].contains(outcome.status), "\(outcome)")
      try await body(folder)
    }
  }

  private func flip(_ path: String, in folder: TemporaryFolder) throws {
    var bytes = try Data(contentsOf: URL(filePath: folder.file(path)))
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: URL(filePath: folder.file(path)))
  }

  @Test("ends with 0 and OK where all is as it was left, and with 1 where one bit is not")
  func right() async throws {
    try await withBatch { folder in
      let right = try await Tool.run(["verify", "out"], in: folder)
      #expect(right.status == 0 && right.errors.isEmpty, "\(right)")
      #expect(
        right.output.hasPrefix("out: 1 unit\n\nSLOT  UNIT  REGIONS  BYTES  EVIDENCE   TIME  RESULT\n"), "\(right)")
      #expect(right.output.contains("own crc32") && right.output.hasSuffix("PASS\n\nOK\n"), "\(right)")
      let silent = try await Tool.run(["verify", "--quiet", "out", "out/"], in: folder)
      #expect(silent.status == 0 && silent.output.isEmpty && silent.errors.isEmpty, "\(silent)")

      try flip("out/A1/flash.bin", in: folder)
      let wrong = try await Tool.run(["verify", "out"], in: folder)
      #expect(wrong.status == 1, "\(wrong)")
      #expect(wrong.output.contains("WRONG\n    wrong: A1/flash.bin: expected sha256 "), "\(wrong)")
      #expect(wrong.output.contains("\n\nWRONG: "), "\(wrong)")
      let quiet = try await Tool.run(["verify", "-q", "out", "none"], in: folder)
      #expect(quiet.status == 1, "what is wrong is worse than what is no batch: \(quiet)")
      #expect(
        quiet.output.split(separator: "\n").allSatisfy { $0.hasPrefix("out: A1/flash.bin: expected ") }, "\(quiet)")
      #expect(
        quiet.errors.hasPrefix("batchdump: cannot verify none: expected a folder that a batch has left"), "\(quiet)")
    }
  }

  @Test("ends with 3 where nothing is wrong, but nothing proves the image or the batch was killed")
  func unfinished() async throws {
    try await withBatch(policy: #""verify": "none""#) { folder in
      let unproven = try await Tool.run(["verify", "out"], in: folder)
      #expect(unproven.status == 3, "\(unproven)")
      #expect(unproven.output.contains("    flash.bin: nothing proves 4,096 of 4,096 bytes\n"), "\(unproven)")
      #expect(unproven.output.hasSuffix("go on with: batchdump resume out\n"), "\(unproven)")
      for name in ["report.json", "SHA256SUMS"] {
        try FileManager.default.removeItem(atPath: folder.file("out/\(name)"))
      }
      let killed = try await Tool.run(["verify", "out"], in: folder)
      #expect(killed.status == 3 && killed.output.contains("the batch was killed, or is at work"), "\(killed)")
      let quiet = try await Tool.run(["verify", "--quiet", "out"], in: folder)
      #expect(quiet.status == 3 && quiet.output.isEmpty, "\(quiet)")
    }
  }

  @Test(
    "ends with 2 where the command line is wrong",
    arguments: [
      (["verify"], "folders"), (["verify", "none"], "cannot verify none"), (["verify", "."], "cannot verify ."),
      (["verify", "--key", "none.pub", "."], "cannot open "),
      (["verify", "--key", "m.json", "."], "cannot use m.json"),
      (["sign", "."], "--key"), (["sign", "--key", "none.key", "."], "cannot open "), (["keygen"], "name"),
      (["keygen", "none/key"], "cannot create none/key.pub"),
    ] as [([String], String)])
  func usage(arguments: [String], text: String) async throws {
    try await withTemporaryFolder { folder in
      try folder.write("{}", to: "m.json")
      let outcome = try await Tool.run(arguments, in: folder)
      #expect(outcome.status == 2 && outcome.output.isEmpty, "\(outcome)")
      #expect(outcome.errors.contains(text), "\(outcome)")
    }
  }

  @Test("lets nothing that a folder holds reach the terminal as it is")
  func escapes() async throws {
    try await withBatch { folder in
      try folder.write("x", to: "out/\u{1B}[2J\u{9B}1m")
      let report = try String(contentsOfFile: folder.file("out/report.json"), encoding: .utf8)
      try folder.write(report.replacing(#""slot" : "A1""#, with: #""slot" : "A\u001b[31m""#), to: "out/report.json")
      let outcome = try await Tool.run(["verify", "out", "\u{1B}[2J"], in: folder)
      #expect(outcome.status == 1, "\(outcome)")
      let printed = outcome.output + outcome.errors
      #expect(
        printed.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control }, "\(outcome)")
    }
  }

  @Test("a signed batch is right by the signer's key alone, and stays so only unchanged")
  func signing() async throws {
    try await withBatch { folder in
      for name in ["line", "other"] {
        let made = try await Tool.run(["keygen", name], in: folder)
        #expect(made.status == 0 && made.output.contains("\(name).pub: the public key, SHA256:"), "\(made)")
      }
      let again = try await Tool.run(["keygen", "line"], in: folder)
      #expect(again.status == 2 && again.errors.contains("a key is never written over"), "\(again)")

      let unsigned = try await Tool.run(["verify", "--key", "line.pub", "out"], in: folder)
      #expect(
        unsigned.status == 1 && unsigned.output.contains("wrong: SHA256SUMS.sig: expected a signature"), "\(unsigned)")
      let signed = try await Tool.run(["sign", "--key", "line.key", "out"], in: folder)
      #expect(signed.status == 0 && signed.output.hasPrefix("out: signed by SHA256:"), "\(signed)")
      for (arguments, status) in [(["--key", "line.pub"], 0), (["--key", "other.pub"], 1), ([], 0)]
        as [([String], Int32)]
      {
        let outcome = try await Tool.run(["verify"] + arguments + ["out"], in: folder)
        #expect(outcome.status == status, "\(arguments): \(outcome)")
      }

      try flip("out/A1/console.log", in: folder)
      let refused = try await Tool.run(["sign", "--key", "line.key", "out"], in: folder)
      #expect(refused.status == 1 && refused.errors.contains("expected a folder in which all is right"), "\(refused)")
    }
  }
}
