import ConsoleDialect
import DumpReport
import Foundation
import TestSupport

@testable import DumpEngine

/// Results as an engine leaves them, made by hand.
enum Specimen {
  /// 2026-11-23 07:15:00 UTC and some milliseconds.
  static let start = Date(timeIntervalSince1970: 1_795_418_100.123)

  /// A region of 0x3000 bytes, read and proven unless said otherwise.
  static func region(
    _ name: String = "linux", evidence: Evidence = .deviceDigest(.crc32), held: Int = 0x3000, checks: [CheckResult] = []
  ) -> RegionResult {
    var region = RegionResult(name: name, file: "\(name).bin", address: 0x7F0E_0000, size: 0x3000)
    if held > 0 { region.blocks = [BlockRange(range: 0..<held, evidence: evidence, provenance: .wire)] }
    if region.isComplete { region.sha256 = ImageDigest(of: bytes).sha256 }
    region.checks = checks
    return region
  }

  /// What every complete image of these specimens holds.
  static let bytes = (0..<0x3000).map { UInt8(truncatingIfNeeded: $0 * 7 &+ $0 >> 8) }

  static let passed = CheckResult(kind: "gzip", passed: true, message: "gzip at 0x0: right")
  static let broken = CheckResult(kind: "gzip", passed: false, message: "gzip at 0x0: CRC wrong")

  /// A unit whose session went through, unless it has a failure.
  static func unit(
    _ slot: String = "A1", _ regions: [RegionResult] = [region()], failure: String? = nil, interrupted: Bool = false
  ) -> UnitResult {
    UnitResult(
      slot: slot, link: "/dev/ttyUSB0", dialect: "u-boot",
      identity: [IdentityFact(name: "mac", value: "00:11:22:33:44:55")], folder: "unit-\(slot)", console: nil,
      regions: regions, started: start, ended: start.addingTimeInterval(61.5), wire: WireCounters(),
      failure: failure.map { UnitResult.Failure(kind: "no-prompt", message: $0) }, interrupted: interrupted)
  }

  /// A batch of units in a folder that need not exist.
  static func batch(_ units: [UnitResult], folder: String = "Reports/none", interrupted: Bool = false) -> BatchResult {
    var batch = BatchResult(
      name: "camera-line", folder: folder,
      manifest: BatchResult.Manifest(file: "camera.json", bytes: Array("{}".utf8)), toolVersion: "0.1.0", started: start
    )
    batch.ended = start.addingTimeInterval(100)
    batch.interrupted = interrupted
    batch.units = units
    return batch
  }
}

extension ScratchFolder {
  /// Runs `sha256sum -c SHA256SUMS` in the folder.
  func checkSums() throws -> (status: Int32, output: String) {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["sha256sum", "--strict", "-c", "SHA256SUMS"]
    process.currentDirectoryURL = URL(filePath: path)
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }
}

/// Bytes as text with CR, LF and everything else invisible shown, for failures that can be read.
func readable(_ bytes: some Sequence<UInt8>) -> String {
  bytes.map { byte in
    switch byte {
    case 0x0A: "\\n"
    case 0x0D: "\\r"
    case 0x20..<0x7F: String(UnicodeScalar(byte))
    default: "\\x" + String(byte, radix: 16)
    }
  }.joined()
}
